"""Refines a graph's config for the engine that is to run it."""

from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.contracts import Role
from export.gpu_config import for_onnxruntime_gpu, place_on_gpu
from export.openvino_writer import IR_FILE
from export.refine import FREE
from export.request import DEVICES, Device, Engine, Precision
from export.tensorrt.engine_config import for_tensorrt

THREADS = "intra_op_thread_count"  # the contract's parameter, of ONNX Runtime
BF16_HINT = "HINT_BF16"  # OpenVINO's: to compute in bf16, where the CPU has it
# Networks that OpenVINO computes for one row at a time. Their pictures fill the caches: a row takes
# a decoder of Stable Diffusion 1.5's size a tenth longer in calls of four.
ONE_ROW_ROLES = (Role.VAE_ENCODER, Role.VAE_DECODER)


def for_engine(
    config: ModelConfig, engine: Engine, precision: Precision, device: Device | None = None
) -> ModelConfig:
    """A copy of a graph's config in the terms of the engine.

    The parameters are those of NVIDIA's openvino backend, as read in its source: it takes
    `HINT_BF16` with the value YES alone, and `INFERENCE_NUM_THREADS` 0 as "choose yourself".
    With a `max_batch_size` it would fix the rows at that number and pad every call to it, so the
    rows are an ordinary dimension here: free, or one.

    Args:
        config: The refined config, for ONNX Runtime; not changed.
        engine: What is to run the graph.
        precision: What it is to compute in.
        device: Where the engine is to run it; None = on its usual one.
    """
    placed = ModelConfig()
    placed.CopyFrom(config)
    on_gpu = (device or DEVICES[engine][0]) is Device.GPU
    if engine is not Engine.ONNXRUNTIME or on_gpu:
        placed.parameters.pop(THREADS, None)
    if on_gpu:
        place_on_gpu(placed)
    if engine is Engine.OPENVINO:
        _for_openvino(placed, precision)
    elif engine is Engine.TENSORRT:
        for_tensorrt(placed)
    elif on_gpu:
        for_onnxruntime_gpu(placed)
    return placed


def _for_openvino(config: ModelConfig, precision: Precision) -> None:
    config.backend = "openvino"
    config.default_model_filename = IR_FILE
    config.parameters["INFERENCE_NUM_THREADS"].string_value = "0"
    config.parameters["NUM_STREAMS"].string_value = "1"
    if precision in (Precision.BF16, Precision.INT8):  # what is not quantised is in bf16
        config.parameters[BF16_HINT].string_value = "YES"
    _declare_the_rows(config)


def _declare_the_rows(config: ModelConfig) -> None:
    if config.max_batch_size:
        rows = 1 if config.name.rpartition(".")[2] in ONE_ROW_ROLES else FREE
        config.max_batch_size = 0
        config.ClearField("dynamic_batching")
        for tensor in (*config.input, *config.output):
            tensor.dims[:] = [rows, *tensor.dims]
