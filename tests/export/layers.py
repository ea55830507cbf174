"""Layers as OpenVINO computes them when they are served in bf16."""

from pathlib import Path

import torch
from torch import Tensor, nn
from tritonclient.grpc.model_config_pb2 import DataType, ModelConfig

from export.engine_config import for_engine
from export.engines import load_engine
from export.onnx_writer import write_graph
from export.openvino_writer import convert_graph
from export.request import Engine, Precision


def computed_in_bf16(network: nn.Module, hidden: Tensor, folder: Path) -> Tensor:
    """What a network makes of one picture, (1, C, h, w); it must begin with a convolution."""
    config = ModelConfig(name="m.vae_decoder", max_batch_size=1)
    for tensor in (config.input.add(name="X"), config.output.add(name="Y")):
        tensor.data_type, tensor.dims[:] = DataType.TYPE_FP32, hidden.shape[1:]
    inputs = {"X": hidden.numpy()}
    placed = for_engine(config, Engine.OPENVINO, Precision.BF16)
    path = convert_graph(write_graph(network, config, inputs, folder), placed)
    engine = load_engine(Engine.OPENVINO, path, placed, Precision.BF16)
    return torch.from_numpy(engine.run(inputs, ["Y"])["Y"])
