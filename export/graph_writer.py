"""Writes a network as its engine's graph, and compares the two."""

import gc
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from torch import nn
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.calibration import EDITS, HELD_OUT, unet_calls
from export.components import graph_precision, load, precision_of
from export.contracts import Role
from export.engine_config import for_engine
from export.engines import load_engine
from export.graph_check import graph_problems
from export.halves_config import compute_in_halves
from export.int8_writer import quantise
from export.numbers_check import Expectation, expect, number_problems
from export.onnx_writer import write_graph
from export.openvino_writer import IR_FILE, convert_graph
from export.request import EIGHT_BITS, Engine, ExportRequest, Precision, Stage
from export.samples import random_inputs
from export.staged_models import StagedModels
from export.staging_area import StagingArea
from export.tensorrt import quantiser
from export.tensorrt.plan_writer import write_plan
from export.tensorrt.precise_norms import keep_norms_precise
from export.tensorrt.quantised_writer import write_quantised_graph
from export.tensorrt.torch_models import TorchModels
from export.upsampling import convolving_first
from retouch.plans import Gpu

CHECKED_BATCHES = ((1, 1), (3, 2))  # rows and prompt chunks
TITLES = {
    Role.TEXT_ENCODER: "Text encoder",
    Role.VAE_ENCODER: "VAE encoder",
    Role.UNET: "UNet",
    Role.UNET_SHALLOW: "UNet's outermost layer",
    Role.VAE_DECODER: "VAE decoder",
}


@dataclass(frozen=True)
class GraphWriter:
    """Writes the graphs of one export, one after the other.

    Attributes:
        area: Where they go.
        stage: Entered around each stage with its title, to show progress.
        gpu: TensorRT's target.
    """

    area: StagingArea
    stage: Stage
    gpu: Gpu | None

    @property
    def _request(self) -> ExportRequest:
        return self.area.request

    def write(self, role: Role) -> list[str]:
        """Writes one graph, and returns what is wrong with it."""
        config = self.area.refined(role, {})
        engine = self._request.engine
        precision = precision_of(role, self.area.checkpoint, engine, self._request.precision)
        placed = for_engine(config, engine, precision, self._request.device)
        if role is Role.UNET and engine is Engine.OPENVINO:
            compute_in_halves(placed, self.area.checkpoint.family, self.area.geometry)
        self.area.write(role, placed)
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
                write_plan(path, config, self.gpu, refit=self._request.refit)
        return problems

    def _network(self, role: Role, precision: Precision) -> nn.Module:
        """The network that is written as a graph; for TensorRT in 8 bits it is quantised."""
        title, is_quantised = TITLES[role], self.gpu is not None and precision in EIGHT_BITS
        graph_is_in = graph_precision(self._request.engine, precision)
        with self.stage(f"{title}: load"):
            network = load(
                role,
                self.area.checkpoint,
                Precision.FP32 if is_quantised else graph_is_in,
                keeps_features=self._request.keeps_features,
            )
        if is_quantised:
            with self.stage(f"{title}: paint edits to quantise it by"):
                network = quantiser.quantise(network, precision, self._paint).half()
        return network

    def _paint(self, unet: nn.Module) -> None:
        """Runs a UNet in fp32 through typical edits."""
        unet_calls(
            TorchModels(self.area.repository, self._request.model_id, self.area.checkpoint, unet),
            EDITS,
        )

    def _traced(
        self, network: nn.Module, config: ModelConfig, role: Role, precision: Precision
    ) -> Path:
        """Writes the graph, by a trace of a small picture."""
        small, folder = self.area.geometry.for_tracing(), self.area.version_folder(role)
        traced = random_inputs(self.area.refined(role, {}, small), small, rows=2, chunks=2)
        if self.gpu and precision in EIGHT_BITS:
            path = write_quantised_graph(network, precision, config, traced, folder)
        else:
            with self._served_layers(network):
                path = write_graph(network, config, traced, folder)
        if self.gpu:
            keep_norms_precise(path)
        return path

    def _served_layers(self, network: nn.Module) -> AbstractContextManager[None]:
        """Has the network do less where that has been measured to be faster.

        ONNX Runtime puts the pixels of small networks together more slowly than it saves time.
        """
        in_openvino = self._request.engine is Engine.OPENVINO
        return convolving_first(network) if in_openvino else nullcontext()

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
        engine = self._request.engine
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
        engine, names = self._request.engine, [tensor.name for tensor in config.output]
        load_it = partial(load_engine, engine, path, for_engine(config, engine, run), run)
        problems = number_problems(load_it, names, expectations, run)
        return [f"{config.name}: {problem}" for problem in problems]

    def _quantise(self, config: ModelConfig) -> list[str]:
        """Quantises the UNet by its calls in some edits, and compares it on those of another."""
        title = TITLES[Role.UNET]
        with self.stage(f"{title}: paint edits to quantise it by"):
            models = StagedModels(self.area.repository, self._request.model_id)
            calls, held_out = unet_calls(models, EDITS), unet_calls(models, HELD_OUT)
        with self.stage(f"{title}: quantise"):
            path = self.area.version_folder(Role.UNET) / IR_FILE
            quantise(path, [call.inputs for call in calls], config.name)
        with self.stage(f"{title}: compare with fp32"):
            return self._differences(path, config, held_out, Precision.INT8)

    def _expectations(self, network: nn.Module, config: ModelConfig) -> list[Expectation]:
        return [
            expect(network, random_inputs(config, self.area.geometry, rows, chunks))
            for rows, chunks in CHECKED_BATCHES
        ]
