"""Writes a network as its engine's graph, and compares the two."""

import gc
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from torch import nn
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.calibration import EDITS, HELD_OUT, unet_calls
from export.components import graph_precision, precision_of
from export.contracts import Role
from export.engine_config import for_engine
from export.engines import load_engine
from export.graph_check import graph_problems
from export.halves_config import compute_in_halves
from export.int8_writer import quantise
from export.numbers_check import Expectation, expect, number_problems
from export.openvino_writer import IR_FILE, convert_graph
from export.refine import FREE
from export.request import Engine, ExportRequest, Precision, Stage
from export.samples import random_inputs
from export.staged_models import StagedModels
from export.staging_area import StagingArea
from export.tensorrt.plan_writer import write_plan
from export.tracer import TITLES, Tracer
from retouch.plans import Gpu

CHECKED_BATCHES = ((1, 1), (3, 2))  # rows and prompt chunks


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
        tracer = Tracer(self.area, self.stage)
        network = tracer.network(role, precision)
        with self.stage(f"{title}: write the graph in {precision}"):
            path = tracer.graph(network, config, role, precision)
        with self.stage(f"{title}: compare with torch"):
            expectations = self._expectations(network.float(), placed)
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
            path = convert_graph(path, for_engine(config, engine, precision))
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

    def _expectations(self, network: nn.Module, placed: ModelConfig) -> list[Expectation]:
        has_free_rows = placed.max_batch_size > 0 or placed.input[0].dims[0] == FREE
        return [
            expect(network, random_inputs(placed, self.area.geometry, rows, chunks))
            for rows, chunks in CHECKED_BATCHES
            if has_free_rows or rows == 1
        ]
