"""What a model's `config.pbtxt` declares, as Triton hands it to a Python backend (JSON)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from retouch.backends.engine import EngineError


@dataclass(frozen=True)
class Declaration:
    """The parts of a model's config and placement that an engine backend uses."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    max_batch_size: int
    parameters: Mapping[str, str]
    model_file: Path
    on_gpu: bool
    device: int

    @classmethod
    def from_triton(cls, args: Mapping[str, str], default_model_filename: str) -> Self:
        """Read the `args` of `TritonPythonModel.initialize`."""
        config = json.loads(args["model_config"])
        filename = config.get("default_model_filename") or default_model_filename
        return cls(
            name=args["model_name"],
            inputs=tuple(tensor["name"] for tensor in config["input"]),
            outputs=tuple(tensor["name"] for tensor in config["output"]),
            max_batch_size=int(config.get("max_batch_size", 0)),
            parameters=_strings(config.get("parameters", {})),
            model_file=Path(args["model_repository"]) / args["model_version"] / filename,
            on_gpu=args["model_instance_kind"] == "GPU",
            device=int(args["model_instance_device_id"]),
        )

    def integer(self, parameter: str) -> int:
        """A parameter's value; 0, which engines take as "choose yourself", where it is not set."""
        value = self.parameters.get(parameter, "0")
        try:
            return int(value)
        except ValueError as error:
            raise EngineError(
                f"{self.name}: parameter {parameter} is no number: {value!r}"
            ) from error

    def check_names(self, graph_inputs: set[str], graph_outputs: set[str]) -> None:
        """Raise `EngineError` unless the graph has just these inputs and at least these outputs."""
        if graph_inputs != set(self.inputs):
            raise EngineError(_differs(self.name, "inputs", set(self.inputs), graph_inputs))
        if not graph_outputs.issuperset(self.outputs):
            raise EngineError(_differs(self.name, "outputs", set(self.outputs), graph_outputs))


def _strings(parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {key: str(value["string_value"]) for key, value in parameters.items()}


def _differs(model: str, what: str, declared: set[str], found: set[str]) -> str:
    return f"{model}: the config declares {what} {sorted(declared)}, the graph has {sorted(found)}"
