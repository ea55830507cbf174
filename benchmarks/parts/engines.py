"""The engine alone: a model's graphs in the backends' own classes, without Triton or a client."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from google.protobuf.json_format import MessageToJson
from tritonclient.grpc.model_config_pb2 import ModelConfig, ModelInstanceGroup

from benchmarks.measurement import Measurement
from benchmarks.parts.engine_inputs import EngineInputs
from retouch.backends.declaration import Declaration
from retouch.backends.engine import Engine, EngineError, Tensors
from retouch.backends.onnx_engine import OnnxRuntimeEngine
from retouch.backends.openvino_engine import OpenVinoEngine
from retouch.releases.configs import CONFIG_FILE, read_config

ROWS: Final = {"vae_encoder": (1, 4), "unet": (1, 2, 4, 8, 16), "vae_decoder": (1, 4)}
SECONDS: Final = 1.0  # that the calls of a row of the table take at least
CALLS: Final = 5  # at least
ENGINES: Final[Mapping[str, tuple[Callable[[Declaration], Engine], str]]] = {
    "onnxruntime": (OnnxRuntimeEngine, "model.onnx"),
    "openvino": (OpenVinoEngine, "model.xml"),
}


@dataclass(frozen=True)
class EngineLoad:
    """Calls of one graph with so many rows."""

    role: str
    rows: int

    def __str__(self) -> str:
        return f"{self.role}, {self.rows} rows" if self.rows > 1 else f"{self.role}, 1 row"


def run_engines(repository: Path, model: str) -> Iterator[tuple[EngineLoad, Measurement]]:
    """Call each graph of a model with each number of rows that the loop gives it.

    A row of the UNet is half of a guided image's step; "images" of its measurements are rows.
    """
    inputs = EngineInputs.of(repository, model, load_engine(repository, f"{model}.text_encoder"))
    for role, sizes in ROWS.items():
        engine, outputs = load_engine(repository, f"{model}.{role}")
        most = 1 if _takes_one_row(repository, f"{model}.{role}") else inputs.max_rows
        for rows in sizes:
            if rows <= most:
                load = EngineLoad(role, rows)
                yield load, _measured(engine, outputs, inputs.tensors(role, rows), rows)


def load_engine(repository: Path, name: str) -> tuple[Engine, list[str]]:
    """A graph as its backend loads it, and the names of its outputs.

    Raises:
        EngineError: the engine cannot be loaded, or runs in Triton alone.
    """
    config = read_config(repository / name / CONFIG_FILE)
    if config.backend not in ENGINES:
        raise EngineError(f"{config.backend} runs in Triton alone")
    engine, filename = ENGINES[config.backend]
    declaration = Declaration.from_triton(_arguments(repository, config), filename)
    return engine(declaration), list(declaration.outputs)


def _takes_one_row(repository: Path, name: str) -> bool:
    config = read_config(repository / name / CONFIG_FILE)
    return bool(config.max_batch_size == 0 and config.input[0].dims[0] == 1)


def _arguments(repository: Path, config: ModelConfig) -> Mapping[str, str]:
    """What Triton gives to a backend."""
    folder = repository / config.name
    versions = [int(entry.name) for entry in folder.iterdir() if entry.name.isdigit()]
    on_gpu = any(g.kind == ModelInstanceGroup.KIND_GPU for g in config.instance_group)
    return {
        "model_config": MessageToJson(config, preserving_proto_field_name=True),
        "model_name": config.name,
        "model_repository": str(folder.resolve()),
        "model_version": str(max(versions)),
        "model_instance_kind": "GPU" if on_gpu else "CPU",
        "model_instance_device_id": "0",
    }


def _measured(engine: Engine, outputs: list[str], inputs: Tensors, rows: int) -> Measurement:
    engine.run(inputs, outputs)  # the first call of a batch size is slow
    latencies: list[float] = []
    while len(latencies) < CALLS or sum(latencies) < SECONDS:
        start = time.perf_counter()
        engine.run(inputs, outputs)
        latencies.append(time.perf_counter() - start)
    return Measurement(sum(latencies), tuple(latencies), rows * len(latencies))
