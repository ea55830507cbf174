"""Where an export writes its models before they are published."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tritonclient.grpc.model_config_pb2 import ModelConfig

from export import contracts
from export.checkpoint import Checkpoint
from export.contracts import Role
from export.geometry import Geometry
from export.refine import refine
from export.request import ExportRequest


@dataclass(frozen=True)
class StagingArea:
    """A folder with one model for each role.

    Attributes:
        request: What is exported.
        checkpoint: Whose models they are.
        geometry: The checkpoint's numbers.
        repository: The folder.
    """

    request: ExportRequest
    checkpoint: Checkpoint
    geometry: Geometry
    repository: Path

    def refined(
        self, role: Role, parameters: Mapping[str, str], geometry: Geometry | None = None
    ) -> ModelConfig:
        """A role's contract with the checkpoint's numbers, or with those of another geometry."""
        keeps = self.request.keeps_features
        contract = contracts.read_contract(role, self.checkpoint.family, keeps_features=keeps)
        numbers = geometry or self.geometry
        return refine(contract, role, self.request.model_id, numbers, parameters)

    def write(self, role: Role, config: ModelConfig) -> None:
        """Writes a role's config, and its program if it is one of Python."""
        folder = self.version_folder(role)
        header = f"Written by `retouch export` from {Path(self.request.checkpoint).name}."
        contracts.write_config(config, folder.parent, header)
        program = contracts.model_py(role)
        if program is not None:
            shutil.copyfile(program, folder / program.name)

    def version_folder(self, role: Role) -> Path:
        """Where a role's files are; made if it is not there."""
        folder = self.repository / role.model_name(self.request.model_id) / contracts.VERSION
        folder.mkdir(parents=True, exist_ok=True)
        return folder
