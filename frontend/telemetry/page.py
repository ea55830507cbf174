"""`GET /metrics`, an application of its own: no proxy that leads to the API leads to it."""

from importlib.metadata import version
from pathlib import Path
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from frontend.admission.admission import Admission
from frontend.errors.service import UnavailableError
from frontend.inference.models import EditModels
from frontend.telemetry.loads import Loads
from frontend.telemetry.metrics import BUILD
from frontend.telemetry.result_disk import ResultDisk

PATH: Final = "/metrics"


def metrics_page(
    models: EditModels, admission: Admission, results: Path | None = None
) -> Starlette:
    """Return the application that answers Prometheus.

    Args:
        models: what is served.
        admission: its queues.
        results: the folder of the results, if they are on a disk of ours.
    """
    BUILD.labels(version("retouch")).set(1)

    async def metrics(_request: Request) -> Response:
        now = CollectorRegistry()
        now.register(await _loads(models, admission))
        if results is not None:
            now.register(ResultDisk(results))
        body = generate_latest(REGISTRY) + generate_latest(now)
        return Response(body, headers={"content-type": CONTENT_TYPE_LATEST})

    return Starlette(routes=[Route(PATH, metrics)])


async def _loads(models: EditModels, admission: Admission) -> Loads:
    try:
        served = await models.catalogue()
    except UnavailableError:
        return Loads(None, admission.loads(()))
    return Loads(served, admission.loads(served))
