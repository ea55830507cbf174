"""What is refused before anything is read: combinations that no engine or machine can do."""

from export.errors import UnsupportedError
from export.request import DEVICES, EIGHT_BITS, PRECISIONS, Device, Engine, ExportRequest
from export.tensorrt import quantiser
from export.tensorrt.plan_writer import target
from retouch.plans import Gpu


def check_request(request: ExportRequest) -> None:
    """Refuses what the engine that is asked for cannot do.

    Raises:
        UnsupportedError: with the first such wish.
    """
    if request.device not in (None, *DEVICES[request.engine]):
        raise UnsupportedError(f"{request.engine} does not run on a {request.device}")
    possible = PRECISIONS[request.engine]
    if request.precision not in possible:
        raise UnsupportedError(
            f"{request.engine} computes in {' or '.join(possible)}, not in {request.precision}"
        )
    device = request.device or DEVICES[request.engine][0]
    if request.keeps_features and device is Device.GPU:
        raise UnsupportedError(
            "a cache interval is for CPUs: a GPU's features would travel through the host's memory"
        )
    if request.refit:
        _check_refit(request)


def _check_refit(request: ExportRequest) -> None:
    if request.engine is not Engine.TENSORRT:
        raise UnsupportedError(f"{request.engine} has no plans whose weights can be exchanged")
    if request.precision in EIGHT_BITS:
        raise UnsupportedError(
            f"weights in {request.precision} cannot be exchanged: their scales are the plan's own"
        )


def target_of(request: ExportRequest) -> Gpu | None:
    """The GPU that plans are built for; None where the engine needs none.

    Raises:
        ExportError: it, or what is installed here, cannot do what is asked.
    """
    if request.engine is not Engine.TENSORRT:
        return None
    gpu = target()
    if request.precision in EIGHT_BITS:
        quantiser.check_gpu(gpu, request.precision)
        quantiser.modelopt()
    return gpu
