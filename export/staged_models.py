"""A checkpoint's models as an export has written them so far."""

from dataclasses import dataclass
from pathlib import Path

from google.protobuf.json_format import MessageToJson
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export import contracts
from export.contracts import Role
from export.engine_config import BF16_HINT
from export.engines import load_engine
from export.openvino_writer import IR_FILE
from export.request import Engine, Precision
from retouch.backends import engine as backends
from retouch.parameters import Parameters
from retouch.releases.configs import CONFIG_FILE, read_config


@dataclass(frozen=True)
class StagedModels:
    """Models for OpenVINO, not published yet.

    Attributes:
        repository: Holds one folder for each role.
        model_id: The public model's name.
    """

    repository: Path
    model_id: str

    def version_folder(self, role: Role) -> Path:
        """Where the role's graph is."""
        return self.repository / role.model_name(self.model_id) / contracts.VERSION

    def config(self, role: Role) -> ModelConfig:
        """The role's config.pbtxt."""
        return read_config(self.version_folder(role).parent / CONFIG_FILE)

    def parameters(self, role: Role) -> Parameters:
        """The parameters in it."""
        return Parameters(MessageToJson(self.config(role), preserving_proto_field_name=True))

    def in_fp32(self, role: Role) -> backends.Engine:
        """The role's graph, computed in fp32 whatever it is to be served in."""
        config = self.config(role)
        config.parameters.pop(BF16_HINT, None)
        path = self.version_folder(role) / IR_FILE
        return load_engine(Engine.OPENVINO, path, config, Precision.FP32)
