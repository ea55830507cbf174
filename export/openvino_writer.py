"""Turns an ONNX graph into OpenVINO's own format, made ready for bfloat16.

In bfloat16 the CPU plugin (2026.4) would also round timesteps, to multiples of 4 above 512, and the
angles of their sines. So the angles are marked to stay in fp32. The mark is lost where the plugin
replaces an operation, as it does with the reshapes between a timestep and its angles; those change
nothing for timesteps of the shape (rows, 1), and are left out.
"""

from pathlib import Path
from typing import Any

import openvino as ov
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.errors import ContractError

IR_FILE = "model.xml"  # with the weights in model.bin
WAVES = ("Sin", "Cos")
TIMESTEP = "TIMESTEP"
KEEP_FP32 = "precise_0"  # OpenVINO's name for "not in less than fp32"; it counts in its own format


def convert_graph(path: Path, config: ModelConfig) -> Path:
    """Writes model.xml and model.bin in the place of an ONNX graph and its weights.

    Args:
        path: The ONNX graph.
        config: The model's, for OpenVINO: dimensions that it fixes are fixed in the graph.

    Returns:
        The new graph's path.

    Raises:
        ContractError: OpenVINO cannot read the graph, or its sines are not those of an embedding.
    """
    converted = path.with_name(IR_FILE)
    try:
        model = ov.Core().read_model(path)
        model.reshape({tensor.name: list(tensor.dims) for tensor in config.input})
        _keep_angles(model)
        ov.save_model(model, converted, compress_to_fp16=False)
    except (RuntimeError, ValueError) as error:
        raise ContractError([f"{config.name}: OpenVINO cannot take the graph: {error}"]) from error
    for onnx_file in path.parent.glob(f"{path.name}*"):
        onnx_file.unlink()
    return converted


def _keep_angles(model: ov.Model) -> None:
    """Has sines and cosines computed in fp32 from angles in fp32."""
    for wave in model.get_ops():
        if wave.get_type_name() in WAVES:
            angle = wave.input_value(0).get_node()
            if angle.get_type_name() != "Multiply":
                raise ValueError(f"{wave.get_friendly_name()} is not that of a product")
            wave.get_rt_info()[KEEP_FP32] = ""
            angle.get_rt_info()[KEEP_FP32] = ""
            _connect_timestep(angle)
    model.validate_nodes_and_infer_types()


def _connect_timestep(angle: Any) -> None:
    """Multiplies the frequencies with the graph's timesteps themselves, (rows, 1)."""
    source = angle.input_value(0)
    while source.get_node().get_input_size():
        source = source.get_node().input_value(0)
    if TIMESTEP in source.get_names():
        angle.input(0).replace_source_output(source)
