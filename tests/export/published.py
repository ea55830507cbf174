"""What was published, run by ONNX Runtime."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from google.protobuf import text_format
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.contracts import Role

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Published:
    """An exported checkpoint.

    Attributes:
        checkpoint: The diffusers folder that it was made from.
        repository: Where the models are.
        model_id: Name of the public model.
    """

    checkpoint: Path
    repository: Path
    model_id: str

    def folder(self, role: Role) -> Path:
        return self.repository / role.model_name(self.model_id)

    def config(self, role: Role) -> ModelConfig:
        text = (self.folder(role) / "config.pbtxt").read_text(encoding="utf-8")
        return text_format.Parse(text, ModelConfig())

    def parameter(self, key: str, role: Role = Role.PUBLIC) -> str:
        value: str = self.config(role).parameters[key].string_value
        return value

    def run(self, role: Role, **inputs: Array) -> list[Array]:
        """The outputs of the role's graph, in the order of its config."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(self.folder(role) / "1" / "model.onnx", options)
        names = [tensor.name for tensor in self.config(role).output]
        outputs: list[Array] = session.run(names, inputs)
        return outputs


def close(found: Array, wanted: Array, share: float) -> bool:
    """Whether no value is further off than `share` of the largest one."""
    return bool(np.abs(found - wanted).max() <= share * np.abs(wanted).max())
