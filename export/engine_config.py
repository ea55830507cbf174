"""Refines a graph's config for the engine that is to run it."""

from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.gpu_config import for_onnxruntime_gpu
from export.openvino_writer import IR_FILE
from export.refine import FREE
from export.request import Device, Engine, Precision
from export.tensorrt.engine_config import for_tensorrt

THREADS = "intra_op_thread_count"  # the contract's parameter, of ONNX Runtime


def for_engine(
    config: ModelConfig, engine: Engine, precision: Precision, device: Device | None = None
) -> ModelConfig:
    """A copy of a graph's config in the terms of the engine.

    The parameters are those of NVIDIA's openvino backend, as read in its source: it takes
    `HINT_BF16` with the value YES alone, and `INFERENCE_NUM_THREADS` 0 as "choose yourself".
    With a `max_batch_size` it would fix the rows at that number and pad every call to it, so the
    rows are an ordinary free dimension here. The tensors are the same.

    Args:
        config: The refined config, for ONNX Runtime; not changed.
        engine: What is to run the graph.
        precision: What it is to compute in.
        device: Where the engine is to run it; None = on its usual one.
    """
    placed = ModelConfig()
    placed.CopyFrom(config)
    if engine is Engine.OPENVINO:
        placed.backend = "openvino"
        placed.default_model_filename = IR_FILE
        placed.parameters.pop(THREADS, None)
        placed.parameters["INFERENCE_NUM_THREADS"].string_value = "0"
        placed.parameters["NUM_STREAMS"].string_value = "1"
        if precision is Precision.BF16:
            placed.parameters["HINT_BF16"].string_value = "YES"
        _free_the_rows(placed)
    if engine is Engine.ONNXRUNTIME and device is Device.GPU:
        placed.parameters.pop(THREADS, None)
        for_onnxruntime_gpu(placed)
    if engine is Engine.TENSORRT:
        placed.parameters.pop(THREADS, None)
        for_tensorrt(placed)
    return placed


def _free_the_rows(config: ModelConfig) -> None:
    if config.max_batch_size:
        config.max_batch_size = 0
        config.ClearField("dynamic_batching")
        for tensor in (*config.input, *config.output):
            tensor.dims[:] = [FREE, *tensor.dims]
