"""Is the process up, and can it serve?"""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from frontend.errors.base import ApiError
from frontend.services import Open, Services

router = APIRouter(prefix="/health", tags=["health"])
_UNAVAILABLE: Final = 503


@router.get("/live")
async def live() -> dict[str, str]:
    """The process is up."""
    return {"status": "ok"}


@router.get("/ready")
async def ready(services: Open) -> JSONResponse:
    """Triton answers, serves a model, and the database can be reached."""
    checks = {"database": await _database(services), "models": await _models(services)}
    is_ready = set(checks.values()) == {"ok"}
    body = {"status": "ready" if is_ready else "not ready", "checks": checks}
    return JSONResponse(body, 200 if is_ready else _UNAVAILABLE)


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
