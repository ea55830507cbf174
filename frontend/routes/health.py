"""Is the process up, and can it serve?"""

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

    status: Literal["ready", "not ready"]
    checks: dict[str, str]


@router.get("/live")
async def live() -> Liveness:
    """The process is up."""
    return Liveness()


@router.get("/ready", responses={_UNAVAILABLE: {"model": Readiness, "description": "Not ready."}})
async def ready(response: Response, services: Open) -> Readiness:
    """Triton answers, serves a model, and the database can be reached."""
    checks = {"database": await _database(services), "models": await _models(services)}
    is_ready = set(checks.values()) == {"ok"}
    if not is_ready:
        response.status_code = _UNAVAILABLE
    return Readiness(status="ready" if is_ready else "not ready", checks=checks)


async def _database(services: Services) -> str:
    try:
        await services.database.ping()
    except ApiError:
        return "unreachable"
    return "ok"


async def _models(services: Services) -> str:
    try:
        models = await services.models.catalogue()
    except ApiError:
        return "unreachable"
    return "ok" if models else "none served"
