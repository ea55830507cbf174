"""The whole way from a checkpoint to published models."""

import gc
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from torch import nn
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export import contracts
from export.cached_unet import check_cacheable
from export.calibration import EDITS, HELD_OUT, unet_calls
from export.checkpoint import Checkpoint, open_checkpoint
from export.components import check_classes, graph_precision, load, precision_of
from export.contracts import GRAPHS, Role
from export.engine_config import for_engine
from export.engines import load_engine
from export.errors import ContractError, UnsupportedError
from export.geometry import Geometry, read_geometry
from export.graph_check import graph_problems
from export.int8_writer import quantise
from export.numbers_check import Expectation, expect, number_problems
from export.onnx_writer import write_graph
from export.openvino_writer import IR_FILE, convert_graph
from export.parameters import edit_parameters
from export.publish import check_free, check_id, publish, staging
from export.refine import refine
from export.request import (
    DEVICES,
    EIGHT_BITS,
    PRECISIONS,
    Device,
    Engine,
    ExportRequest,
    Precision,
    Stage,
)
from export.samples import random_inputs
from export.staged_models import StagedModels
from export.tensorrt import quantiser
from export.tensorrt.plan_writer import target, write_plan
from export.tensorrt.precise_norms import keep_norms_precise
from export.tensorrt.quantised_writer import write_quantised_graph
from export.tensorrt.torch_models import TorchModels
from export.tokenizer import write_tokenizer
from retouch.plans import Gpu

CHECKED_BATCHES = ((1, 1), (3, 2))  # rows and prompt chunks
TITLES = {
    Role.TEXT_ENCODER: "Text encoder",
    Role.VAE_ENCODER: "VAE encoder",
    Role.UNET: "UNet",
    Role.UNET_SHALLOW: "UNet's outermost layer",
    Role.VAE_DECODER: "VAE decoder",
}


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
    _check_engine(request)
    gpu = _target(request) if request.engine is Engine.TENSORRT else None
    if not request.force:
        check_free(request.repository, request.model_id)
    with stage("Read the checkpoint"):
        checkpoint = open_checkpoint(request.checkpoint)
        check_classes(checkpoint)
        if request.keeps_features:
            check_cacheable(checkpoint.settings("unet"), checkpoint.family)
        geometry = read_geometry(checkpoint, request.resolution)
        parameters = edit_parameters(checkpoint, geometry, request)
    with staging(request.repository) as staged:
        work = _Export(request, checkpoint, geometry, staged, stage, gpu)
        work.write_models(parameters)
        with stage("Publish"):
            publish(staged, request.repository, request.model_id, replace=request.force)


def _check_engine(request: ExportRequest) -> None:
    if request.device not in (None, *DEVICES[request.engine]):
        raise UnsupportedError(f"{request.engine} does not run on a {request.device}")
    possible = PRECISIONS[request.engine]
    if request.precision not in possible:
        raise UnsupportedError(
            f"{request.engine} computes in {' or '.join(possible)}, not in {request.precision}"
        )
    device = request.device or DEVICES[request.engine][0]
    if request.keeps_features and device is Device.GPU:
        raise UnsupportedError(
            "a cache interval is for CPUs: a GPU's features would travel through the host's memory"
        )
    if request.refit and request.engine is not Engine.TENSORRT:
        raise UnsupportedError(f"{request.engine} has no plans whose weights can be exchanged")
    if request.refit and request.precision in EIGHT_BITS:
        raise UnsupportedError(
            f"weights in {request.precision} cannot be exchanged: their scales are the plan's own"
        )


def _target(request: ExportRequest) -> Gpu:
    """The GPU that plans are built for, if it and what is installed here can do what is asked."""
    gpu = target()
    if request.precision in EIGHT_BITS:
        quantiser.check_gpu(gpu, request.precision)
        quantiser.modelopt()
    return gpu


@dataclass(frozen=True)
class _Export:
    request: ExportRequest
    checkpoint: Checkpoint
    geometry: Geometry
    staged: Path
    stage: Stage
    gpu: Gpu | None  # TensorRT's target

    def write_models(self, parameters: Mapping[str, str]) -> None:
        with self.stage("Tokenizer and configs"):
            tokenizer = write_tokenizer(self.checkpoint, self._version_folder(Role.TOKENIZER))
            self._write_config(Role.TOKENIZER, tokenizer)
            self._write_config(Role.ENCODE, {})
            self._write_config(Role.PUBLIC, parameters)
        shallow = (Role.UNET_SHALLOW,) if self.request.keeps_features else ()
        problems = [p for role in (*GRAPHS, *shallow) for p in self._write_graph(role)]
        if problems:
            raise ContractError(problems)

    def _write_graph(self, role: Role) -> list[str]:
        """Writes one graph, and returns what is wrong with it."""
        config = self._refined(role, self.geometry, {})
        engine = self.request.engine
        precision = precision_of(role, self.checkpoint, engine, self.request.precision)
        self._write(role, self._served(config, precision))
        title = TITLES[role]
        network = self._network(role, precision)
        with self.stage(f"{title}: write the graph in {precision}"):
            path = self._traced(network, config, role, precision)
        with self.stage(f"{title}: compare with torch"):
            expectations = self._expectations(network.float(), config)
            del network
            gc.collect()
            problems = graph_problems(path, config) or self._numbers(
                path, config, expectations, precision
            )
        if precision is Precision.INT8 and engine is Engine.OPENVINO and not problems:
            problems = self._quantise(config)
        if self.gpu and not problems:
            with self.stage(f"{title}: build the plan"):
                write_plan(path, config, self.gpu, refit=self.request.refit)
        return problems

    def _network(self, role: Role, precision: Precision) -> nn.Module:
        """The network that is written as a graph; for TensorRT in 8 bits it is quantised."""
        title, is_quantised = TITLES[role], self.gpu is not None and precision in EIGHT_BITS
        graph_is_in = graph_precision(self.request.engine, precision)
        with self.stage(f"{title}: load"):
            network = load(
                role,
                self.checkpoint,
                Precision.FP32 if is_quantised else graph_is_in,
                keeps_features=self.request.keeps_features,
            )
        if is_quantised:
            with self.stage(f"{title}: paint edits to quantise it by"):
                network = quantiser.quantise(network, precision, self._paint).half()
        return network

    def _paint(self, unet: nn.Module) -> None:
        """Runs a UNet in fp32 through typical edits."""
        unet_calls(TorchModels(self.staged, self.request.model_id, self.checkpoint, unet), EDITS)

    def _traced(
        self, network: nn.Module, config: ModelConfig, role: Role, precision: Precision
    ) -> Path:
        """Writes the graph, by a trace of a small picture."""
        small, folder = self.geometry.for_tracing(), self._version_folder(role)
        traced = random_inputs(self._refined(role, small, {}), small, rows=2, chunks=2)
        if not self.gpu:
            return write_graph(network, config, traced, folder)
        if precision in EIGHT_BITS:
            path = write_quantised_graph(network, precision, config, traced, folder)
        else:
            path = write_graph(network, config, traced, folder)
        keep_norms_precise(path)
        return path

    def _numbers(
        self,
        path: Path,
        config: ModelConfig,
        expectations: list[Expectation],
        precision: Precision,
    ) -> list[str]:
        """Gives the graph to its engine, and returns where the engine differs from torch.

        A graph for OpenVINO in bf16 is run in fp32 too, where no fault hides behind the rounding.
        One for int8 is run in fp32 alone: it is not quantised yet.
        """
        engine = self.request.engine
        runs = dict.fromkeys((graph_precision(engine, precision), precision))
        if engine is Engine.OPENVINO:
            path = convert_graph(path, config.name)
            runs.pop(Precision.INT8, None)
        return [
            problem
            for run in runs
            for problem in self._differences(path, config, expectations, run)
        ]

    def _differences(
        self, path: Path, config: ModelConfig, expectations: list[Expectation], run: Precision
    ) -> list[str]:
        engine, names = self.request.engine, [tensor.name for tensor in config.output]
        load_it = partial(load_engine, engine, path, for_engine(config, engine, run), run)
        problems = number_problems(load_it, names, expectations, run)
        return [f"{config.name}: {problem}" for problem in problems]

    def _quantise(self, config: ModelConfig) -> list[str]:
        """Quantises the UNet by its calls in some edits, and compares it on those of another."""
        title = TITLES[Role.UNET]
        with self.stage(f"{title}: paint edits to quantise it by"):
            models = StagedModels(self.staged, self.request.model_id)
            calls, held_out = unet_calls(models, EDITS), unet_calls(models, HELD_OUT)
        with self.stage(f"{title}: quantise"):
            path = self._version_folder(Role.UNET) / IR_FILE
            quantise(path, [call.inputs for call in calls], config.name)
        with self.stage(f"{title}: compare with fp32"):
            return self._differences(path, config, held_out, Precision.INT8)

    def _expectations(self, network: nn.Module, config: ModelConfig) -> list[Expectation]:
        return [
            expect(network, random_inputs(config, self.geometry, rows, chunks))
            for rows, chunks in CHECKED_BATCHES
        ]

    def _refined(
        self, role: Role, geometry: Geometry, parameters: Mapping[str, str]
    ) -> ModelConfig:
        keeps = self.request.keeps_features
        contract = contracts.read_contract(role, self.checkpoint.family, keeps_features=keeps)
        return refine(contract, role, self.request.model_id, geometry, parameters)

    def _served(self, config: ModelConfig, precision: Precision) -> ModelConfig:
        return for_engine(config, self.request.engine, precision, self.request.device)

    def _write_config(self, role: Role, parameters: Mapping[str, str]) -> None:
        self._write(role, self._refined(role, self.geometry, parameters))

    def _write(self, role: Role, config: ModelConfig) -> None:
        folder = self._version_folder(role)
        header = f"Written by `retouch export` from {Path(self.request.checkpoint).name}."
        contracts.write_config(config, folder.parent, header)
        program = contracts.model_py(role)
        if program is not None:
            shutil.copyfile(program, folder / program.name)

    def _version_folder(self, role: Role) -> Path:
        folder = self.staged / role.model_name(self.request.model_id) / contracts.VERSION
        folder.mkdir(parents=True, exist_ok=True)
        return folder
