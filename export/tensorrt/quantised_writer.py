"""Writes a quantised UNet as a graph with QuantizeLinear and DequantizeLinear of ONNX itself."""

import math
from pathlib import Path

import onnx
from onnx import TensorProto
from torch import nn
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.onnx_writer import write_graph
from export.request import Precision
from export.samples import Samples
from export.tensorrt.quantiser import traced_as_int8

OPSET = 19  # the first whose QuantizeLinear takes half precision, and gives fp8
QUANTISING = ("QuantizeLinear", "DequantizeLinear")
KINDS: dict[Precision, int] = {
    Precision.INT8: TensorProto.INT8,
    Precision.FP8: TensorProto.FLOAT8E4M3FN,
}


def write_quantised_graph(
    network: nn.Module, precision: Precision, config: ModelConfig, traced: Samples, folder: Path
) -> Path:
    """Writes model.onnx, which computes in fp16 between the quantised layers.

    The weights are in fp16; TensorRT rounds them when it builds the plan.

    Args:
        network: From `quantise`, in fp16.
        precision: Of its quantised layers.
        config: The refined config.
        traced: See `write_graph`.
        folder: The model's version folder.

    Returns:
        The graph's path.

    Raises:
        ContractError: the network has operations that cannot be traced or written.
    """
    with traced_as_int8(network):
        path = write_graph(network, config, traced, folder, OPSET)
    _put_zero_points(path, KINDS[precision])
    return path


def _put_zero_points(path: Path, kind: int) -> None:
    """Gives all zero points the type of the quantised values, and a place among the weights.

    As they are traced, they are constants of int8. TensorRT takes no such constants.
    """
    model = onnx.load(path, load_external_data=False)
    constants = {node.output[0]: node for node in model.graph.node if node.op_type == "Constant"}
    names = {node.input[2] for node in model.graph.node if node.op_type in QUANTISING}
    for name in sorted(names):
        [traced] = constants[name].attribute
        zeros = bytes(math.prod(traced.t.dims))
        model.graph.initializer.append(
            TensorProto(name=name, data_type=kind, dims=traced.t.dims, raw_data=zeros)
        )
    kept = [node for node in model.graph.node if node.output[0] not in names]
    del model.graph.node[:]
    model.graph.node.extend(kept)
    onnx.save(model, path)
