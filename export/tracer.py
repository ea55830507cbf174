"""Loads a network and writes it as an ONNX graph, fit for its engine."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from torch import nn
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.calibration import EDITS, unet_calls
from export.components import graph_precision, load
from export.contracts import Role
from export.engine_config import ONE_ROW_ROLES
from export.group_norm import normalising_in_place
from export.onnx_writer import write_graph
from export.request import EIGHT_BITS, Engine, ExportRequest, Precision, Stage
from export.samples import random_inputs
from export.staging_area import StagingArea
from export.tensorrt import quantiser
from export.tensorrt.precise_norms import keep_norms_precise
from export.tensorrt.quantised_writer import write_quantised_graph
from export.tensorrt.torch_models import TorchModels
from export.upsampling import convolving_first
from export.winograd import filtering_minimally

TITLES = {
    Role.TEXT_ENCODER: "Text encoder",
    Role.VAE_ENCODER: "VAE encoder",
    Role.UNET: "UNet",
    Role.UNET_SHALLOW: "UNet's outermost layer",
    Role.VAE_DECODER: "VAE decoder",
}


@dataclass(frozen=True)
class Tracer:
    """Makes the networks of one export and traces them.

    Attributes:
        area: Where the graphs go.
        stage: Entered around each stage with its title, to show progress.
    """

    area: StagingArea
    stage: Stage

    @property
    def _request(self) -> ExportRequest:
        return self.area.request

    @property
    def _for_tensorrt(self) -> bool:
        return self._request.engine is Engine.TENSORRT

    def _is_quantised(self, precision: Precision) -> bool:
        """Whether the network itself is; OpenVINO's graphs are quantised when they are written."""
        return self._for_tensorrt and precision in EIGHT_BITS

    def network(self, role: Role, precision: Precision) -> nn.Module:
        """The network that is written as a graph; for TensorRT in 8 bits it is quantised."""
        title, is_quantised = TITLES[role], self._is_quantised(precision)
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

    def graph(
        self, network: nn.Module, config: ModelConfig, role: Role, precision: Precision
    ) -> Path:
        """Writes a network's graph, by a trace of a small picture."""
        small, folder = self.area.geometry.for_tracing(), self.area.version_folder(role)
        traced = random_inputs(self.area.refined(role, {}, small), small, rows=2, chunks=2)
        if self._is_quantised(precision):
            path = write_quantised_graph(network, precision, config, traced, folder)
        else:
            with self._served_layers(network, config, role, precision):
                path = write_graph(network, config, traced, folder)
        if self._for_tensorrt:
            keep_norms_precise(path)
        return path

    @contextmanager
    def _served_layers(
        self, network: nn.Module, config: ModelConfig, role: Role, precision: Precision
    ) -> Iterator[None]:
        """Has the network do less where that has been measured to be faster.

        ONNX Runtime puts the pixels of small networks together more slowly than it saves time.
        OpenVINO normalises groups in place where it knows all sizes alone. What 8 bits make of the
        sums of minimal filtering has not been measured.
        """
        with ExitStack() as layers:
            if self._request.engine is Engine.OPENVINO:
                layers.enter_context(convolving_first(network))
                if precision not in EIGHT_BITS:
                    served = random_inputs(config, self.area.geometry, rows=1)
                    layers.enter_context(filtering_minimally(network, served))
                if role in ONE_ROW_ROLES:
                    layers.enter_context(normalising_in_place(network))
            yield
