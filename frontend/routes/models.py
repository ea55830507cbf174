"""`GET /v1/models` in OpenAI's form."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from frontend.access import Caller, model_of, models_of
from frontend.inference.models import EditModel
from frontend.openapi.errors import ACCESS, MODEL, documented
from frontend.services import Open

router = APIRouter(prefix="/v1/models", tags=["models"])


class Model(BaseModel):
    """One served model."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["retouch"] = "retouch"

    @classmethod
    def of(cls, model: EditModel) -> "Model":
        """Describe `model`."""
        return cls(id=model.id, created=model.created)


class ModelList(BaseModel):
    """The served models that the key may use."""

    object: Literal["list"] = "list"
    data: list[Model]


@router.get("", responses=documented(*ACCESS))
async def list_models(services: Open, caller: Caller) -> ModelList:
    """List the models that `POST /v1/images/edits` takes from this key."""
    models = await models_of(caller, services)
    return ModelList(data=[Model.of(model) for model in models.values() if model.servers])


@router.get("/{model_id}", responses=documented(*MODEL))
async def retrieve_model(model_id: str, services: Open, caller: Caller) -> Model:
    """Describe one model."""
    return Model.of(await model_of(caller, services, model_id))
