"""Is the process up, and can it serve?"""

import asyncio
from typing import Final, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from frontend.errors.base import ApiError
from frontend.services import Open, Services

router = APIRouter(prefix="/health", tags=["health"])
_UNAVAILABLE: Final = 503


class Liveness(BaseModel):
    """What a live process says."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether the service can serve, and the state of each thing that it needs."""

    status: Literal["ready", "not ready", "draining"]
    checks: dict[str, str]


@router.get("/live")
async def live() -> Liveness:
    """The process is up."""
    return Liveness()


@router.get("/ready", responses={_UNAVAILABLE: {"model": Readiness, "description": "Not ready."}})
async def ready(response: Response, services: Open) -> Readiness:
    """Triton answers, serves a model, the database can be reached, and no end is near."""
    database, models = await asyncio.gather(_database(services), _models(services))
    readiness = Readiness(status="ready", checks={"database": database, "models": models})
    if set(readiness.checks.values()) != {"ok"}:
        readiness.status = "not ready"
    if services.admission.is_draining:
        readiness.status = "draining"
    if readiness.status != "ready":
        response.status_code = _UNAVAILABLE
    return readiness


async def _database(services: Services) -> str:
    try:
        await services.database.ping()
    except ApiError:
        return "unreachable"
    return "ok"


async def _models(services: Services) -> str:
    try:
        await services.models.ping()
        models = await services.models.catalogue()
    except ApiError:
        return "unreachable"
    return "ok" if any(model.servers for model in models.values()) else "none served"
