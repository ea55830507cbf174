"""The whole way from a checkpoint to published models."""

import gc
import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from torch import nn
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export import contracts
from export.checkpoint import Checkpoint, open_checkpoint
from export.components import Precision, check_classes, load, precision_of
from export.contracts import GRAPHS, Role
from export.errors import ContractError
from export.geometry import Geometry, read_geometry
from export.graph_check import graph_problems
from export.numbers_check import Expectation, expect, number_problems
from export.onnx_writer import write_graph
from export.parameters import edit_parameters
from export.publish import check_free, check_id, publish, staging
from export.refine import refine
from export.samples import random_inputs
from export.tokenizer import write_tokenizer

Stage = Callable[[str], AbstractContextManager[object]]
CHECKED_BATCHES = ((1, 1), (3, 2))  # rows and prompt chunks
VERSION = "1"


@dataclass(frozen=True)
class ExportRequest:
    """What to export, and as what.

    Attributes:
        checkpoint: A diffusers folder or a name on the Hugging Face Hub.
        model_id: Name of the public model.
        repository: The served folder to publish into.
        precision: What the graphs compute in.
        resolution: Working resolution in pixels; None = the checkpoint's own.
        steps: Default number of steps; None = by the checkpoint's scheduler.
        guidance: Default guidance scale; None = by the checkpoint's scheduler.
        force: Replace models of the same names.
    """

    checkpoint: str
    model_id: str
    repository: Path
    precision: Precision = Precision.FP32
    resolution: int | None = None
    steps: int | None = None
    guidance: float | None = None
    force: bool = False


def _no_stage(_title: str) -> AbstractContextManager[object]:
    return nullcontext()


def export_checkpoint(request: ExportRequest, stage: Stage = _no_stage) -> None:
    """Exports, checks and publishes a checkpoint's models.

    Args:
        request: What to export.
        stage: Entered around each stage with its title, to show progress.

    Raises:
        ExportError: see `export.errors`; nothing was published then.
    """
    check_id(request.model_id)
    if not request.force:
        check_free(request.repository, request.model_id)
    with stage("Read the checkpoint"):
        checkpoint = open_checkpoint(request.checkpoint)
        check_classes(checkpoint)
        geometry = read_geometry(checkpoint, request.resolution)
        parameters = edit_parameters(checkpoint, geometry, request.steps, request.guidance)
    with staging(request.repository) as staged:
        work = _Export(request, checkpoint, geometry, staged, stage)
        work.write_models(parameters)
        with stage("Publish"):
            publish(staged, request.repository, request.model_id, replace=request.force)


@dataclass(frozen=True)
class _Export:
    request: ExportRequest
    checkpoint: Checkpoint
    geometry: Geometry
    staged: Path
    stage: Stage

    def write_models(self, parameters: Mapping[str, str]) -> None:
        with self.stage("Tokenizer and configs"):
            tokenizer = write_tokenizer(self.checkpoint, self._version_folder(Role.TOKENIZER))
            self._write_config(Role.TOKENIZER, tokenizer)
            self._write_config(Role.ENCODE, {})
            self._write_config(Role.PUBLIC, parameters)
        problems = [problem for role in GRAPHS for problem in self._write_graph(role)]
        if problems:
            raise ContractError(problems)

    def _write_graph(self, role: Role) -> list[str]:
        """Writes one graph, and returns what is wrong with it."""
        config = self._write_config(role, {})
        precision = precision_of(role, self.checkpoint, self.request.precision)
        title = role.replace("_", " ").capitalize()
        with self.stage(f"{title}: load"):
            network = load(role, self.checkpoint, precision)
        with self.stage(f"{title}: write the graph in {precision}"):
            small = self.geometry.for_tracing()
            traced = random_inputs(self._refined(role, small, {}), small, rows=2, chunks=2)
            path = write_graph(network, config, traced, self._version_folder(role))
        with self.stage(f"{title}: compare with torch"):
            expectations = self._expectations(network.float(), config)
            del network
            gc.collect()
            problems = graph_problems(path, config)
            return problems or [
                f"{config.name}: {problem}"
                for problem in number_problems(path, expectations, precision)
            ]

    def _expectations(self, network: nn.Module, config: ModelConfig) -> list[Expectation]:
        return [
            expect(network, random_inputs(config, self.geometry, rows, chunks))
            for rows, chunks in CHECKED_BATCHES
        ]

    def _refined(
        self, role: Role, geometry: Geometry, parameters: Mapping[str, str]
    ) -> ModelConfig:
        contract = contracts.read_contract(role, self.checkpoint.family)
        return refine(contract, role, self.request.model_id, geometry, parameters)

    def _write_config(self, role: Role, parameters: Mapping[str, str]) -> ModelConfig:
        config = self._refined(role, self.geometry, parameters)
        folder = self._version_folder(role)
        header = f"Written by `retouch export` from {self.request.checkpoint}."
        contracts.write_config(config, folder.parent, header)
        program = contracts.model_py(role)
        if program is not None:
            shutil.copyfile(program, folder / program.name)
        return config

    def _version_folder(self, role: Role) -> Path:
        folder = self.staged / role.model_name(self.request.model_id) / VERSION
        folder.mkdir(parents=True, exist_ok=True)
        return folder
