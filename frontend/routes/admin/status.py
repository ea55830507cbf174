"""What an operator looks at first."""

from dataclasses import asdict
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from frontend.admission.state import QueueState
from frontend.errors.service import UnavailableError
from frontend.inference.models import EditModel
from frontend.services import Open

router = APIRouter(prefix="/status")


class ModelStatus(BaseModel):
    """One model and its load; for the words see `QueueState` and `EditModel`."""

    model: str
    engine: str
    device: str
    servers: int
    resolution: int
    max_rows: int
    waiting_edits: int
    waiting_images: int
    running_edits: int
    running_images: int
    running_rows: int
    images_per_minute: int
    mean_wait_seconds: float | None


class Status(BaseModel):
    """The state of this frontend and of the models behind it."""

    triton: Literal["ok", "unreachable"]
    draining: bool
    models: list[ModelStatus]


@router.get("")
async def read(services: Open) -> Status:
    """Say how things are."""
    draining = services.admission.is_draining
    try:
        models = await services.models.catalogue()
    except UnavailableError:
        return Status(triton="unreachable", draining=draining, models=[])
    loads = {state.model: state for state in services.admission.state}
    listed = [
        _status(model, loads.get(model.id, QueueState.idle(model.id))) for model in models.values()
    ]
    return Status(triton="ok", draining=draining, models=listed)


def _status(model: EditModel, load: QueueState) -> ModelStatus:
    return ModelStatus(
        engine=model.engine,
        device=model.device,
        servers=model.servers,
        resolution=model.resolution,
        max_rows=model.max_rows,
        **asdict(load),
    )
