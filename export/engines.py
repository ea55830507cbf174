"""The engines as an export uses them: to see what a graph computes where it will be served."""

from pathlib import Path

import onnxruntime
from google.protobuf.json_format import MessageToJson
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.bfloat16 import write_emulation
from export.request import Engine, Precision
from retouch.backends import engine as backends
from retouch.backends.declaration import Declaration
from retouch.backends.openvino_engine import OpenVinoEngine


def load_engine(
    engine: Engine, path: Path, config: ModelConfig, precision: Precision
) -> backends.Engine:
    """Loads a graph as its config says.

    A graph for TensorRT is seen on the CPU, before the minutes that its plan takes.

    Args:
        engine: What runs it.
        path: The graph, in its model's version folder.
        config: The model's.
        precision: What the engine computes in.

    Raises:
        Exception: whatever the engine raises for a graph that it cannot run.
    """
    if engine is Engine.OPENVINO:
        return OpenVinoEngine(_declaration(path, config))
    if precision is Precision.BF16:
        emulation = write_emulation(path)
        try:
            return _OnnxRuntime(emulation)
        finally:
            emulation.unlink()
    return _OnnxRuntime(path)


def _declaration(path: Path, config: ModelConfig) -> Declaration:
    """What Triton would tell the backend."""
    args = {
        "model_name": config.name,
        "model_config": MessageToJson(config, preserving_proto_field_name=True),
        "model_repository": str(path.parent.parent),
        "model_version": path.parent.name,
        "model_instance_kind": "CPU",
        "model_instance_device_id": "0",
    }
    return Declaration.from_triton(args, path.name)


class _OnnxRuntime:
    """ONNX Runtime on the CPU, sparing with memory and with the cores of others."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.enable_cpu_mem_arena = False  # gives memory back between the batches
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        providers = ["CPUExecutionProvider"]
        self._session = onnxruntime.InferenceSession(path, options, providers=providers)

    def run(self, inputs: backends.Tensors, output_names: list[str]) -> dict[str, backends.Array]:
        """Compute the named outputs."""
        outputs = self._session.run(output_names, dict(inputs))
        return dict(zip(output_names, outputs, strict=True))
