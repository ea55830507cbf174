"""Builds a TensorRT plan from an ONNX graph, with the `tensorrt` package of versions 10 and 11.

Networks are strongly typed: what a layer computes in is what the graph says. Version 11 knows no
others, and ignores the flag that says so.
"""

import os
from pathlib import Path
from typing import Any

from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.errors import ContractError, ExportError
from export.tensorrt.engine_config import PLAN_FILE
from export.tensorrt.profiles import profiles
from retouch.backends.compiled_cache import FOLDER_VARIABLE
from retouch.plans import Gpu, NoGpuError, bind, gpus


def target() -> Gpu:
    """The GPU that plans are built for: the first that this process can use.

    Raises:
        ExportError: there is none, or no TensorRT.
    """
    try:
        import tensorrt  # noqa: F401 loads the library that is asked for its version
    except ModuleNotFoundError as error:
        raise ExportError(
            "no module tensorrt: plans are built in the image of docker/export.Dockerfile, on the"
            " GPU that is to run them"
        ) from error
    try:
        return gpus()[0]
    except NoGpuError as error:
        raise ExportError(f"plans are built on the GPU that is to run them, but {error}") from error


def write_plan(path: Path, config: ModelConfig, gpu: Gpu, *, refit: bool) -> Path:
    """Writes model.plan and plan.json in the place of an ONNX graph and its weights.

    The times that TensorRT measures are kept in the folder that `RETOUCH_ENGINE_CACHE` names, in
    a file for each kind of GPU and version; a second export of like layers takes them from there.

    Args:
        path: The ONNX graph.
        config: The graph's refined config, which gives the profiles.
        gpu: What the plan is built for, from `target`.
        refit: Make a plan whose weights can be exchanged.

    Returns:
        The plan's path.

    Raises:
        ContractError: TensorRT cannot take the graph.
    """
    import tensorrt

    logger = tensorrt.Logger(tensorrt.Logger.WARNING)
    builder = tensorrt.Builder(logger)
    network = _parse(builder, logger, path, config)
    settings = builder.create_builder_config()
    _add_profiles(builder, settings, config)
    if refit:
        settings.set_flag(tensorrt.BuilderFlag.REFIT)
    timings = _timing_file(gpu)
    _use_timings(settings, timings)
    serialized = builder.build_serialized_network(network, settings)
    if serialized is None:
        raise ContractError([f"{config.name}: TensorRT builds no plan; its messages say why"])
    _keep_timings(settings, timings)
    plan = path.with_name(PLAN_FILE)
    plan.write_bytes(serialized)
    bind(plan, gpu)
    for onnx_file in path.parent.glob(f"{path.name}*"):
        onnx_file.unlink()
    return plan


def _parse(builder: Any, logger: Any, path: Path, config: ModelConfig) -> Any:
    import tensorrt

    strongly_typed = 1 << int(tensorrt.NetworkDefinitionCreationFlag.STRONGLY_TYPED)
    network = builder.create_network(strongly_typed)
    parser = tensorrt.OnnxParser(network, logger)
    if not parser.parse_from_file(str(path)):
        errors = [parser.get_error(index).desc() for index in range(parser.num_errors)]
        raise ContractError([f"{config.name}: TensorRT cannot take it: {e}" for e in errors])
    return network


def _add_profiles(builder: Any, settings: Any, config: ModelConfig) -> None:
    for inputs in profiles(config):
        profile = builder.create_optimization_profile()
        for name, bounds in inputs.items():
            profile.set_shape(name, bounds.least, bounds.usual, bounds.most)
        settings.add_optimization_profile(profile)


def _timing_file(gpu: Gpu) -> Path | None:
    folder = os.environ.get(FOLDER_VARIABLE)
    name = f"{gpu.name}-{gpu.compute_capability}-{gpu.tensorrt}.timings".replace(" ", "-")
    return Path(folder) / "tensorrt" / name if folder else None


def _use_timings(settings: Any, file: Path | None) -> None:
    known = file.read_bytes() if file and file.is_file() else b""
    cache = settings.create_timing_cache(known)
    settings.set_timing_cache(cache, ignore_mismatch=False)


def _keep_timings(settings: Any, file: Path | None) -> None:
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".unfinished")
        unfinished.write_bytes(settings.get_timing_cache().serialize())
        unfinished.replace(file)
