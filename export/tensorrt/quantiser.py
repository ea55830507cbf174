"""Quantises a UNet to 8 bits with NVIDIA's ModelOpt, for strongly typed networks.

The inputs and weights of convolutions and linear layers get scales: in fp8 one for a tensor, the
only kind that ModelOpt writes for ONNX; in int8 one for each output channel of the weights, and
outliers of linear layers' inputs are moved into the weights by SmoothQuant
(https://arxiv.org/abs/2211.10438). Layers that are little work, or touch every pixel of the answer,
stay in half precision, as in ModelOpt's own example for Stable Diffusion XL; so do the products
inside attention.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any

from diffusers.models.attention_processor import Attention
from torch import nn

from export.errors import ExportError, UnsupportedError
from export.request import Precision
from retouch.plans import Gpu

KEPT = ("time_embedding", "time_emb_proj", "add_embedding", "conv_in", "conv_out", "conv_shortcut")
QUANTISED = ("nn.Linear", "nn.Conv2d")
FORMATS: dict[Precision, dict[str, dict[str, Any]]] = {
    Precision.FP8: {
        "weight_quantizer": {"num_bits": (4, 3), "axis": None},  # exponent and mantissa
        "input_quantizer": {"num_bits": (4, 3), "axis": None},
    },
    Precision.INT8: {
        "weight_quantizer": {"num_bits": 8, "axis": 0},
        "input_quantizer": {"num_bits": 8, "axis": None},
    },
}
SCALES = {"trt_high_precision_dtype": "Half"}  # as what is between the quantised layers
# 0.8 is the share of the outliers that ModelOpt's example moves.
ALGORITHMS: dict[Precision, Any] = {
    Precision.FP8: "max",
    Precision.INT8: {"method": "smoothquant", "alpha": 0.8},
}
LARGEST = {Precision.FP8: 448, Precision.INT8: 127}
FP8_SINCE = (8, 9)  # Ada


def check_gpu(gpu: Gpu, precision: Precision) -> None:
    """Refuses a GPU that does not compute in the precision.

    Raises:
        UnsupportedError: fp8 is asked of a GPU before Ada.
    """
    capability = tuple(int(part) for part in gpu.compute_capability.split("."))
    if precision is Precision.FP8 and capability < FP8_SINCE:
        raise UnsupportedError(
            f"fp8 needs a GPU of compute capability 8.9 or more, not {gpu}; it computes in int8"
        )


def modelopt() -> Any:
    """ModelOpt's quantisation, without its warnings of versions that it was not tested with.

    Raises:
        ExportError: it is not installed.
    """
    try:
        with _silence():
            import modelopt.torch.quantization as library
    except ModuleNotFoundError as error:
        raise ExportError(
            f"no module {error.name}: graphs in 8 bits are made in the image of"
            " docker/export.Dockerfile, or with `pip install nvidia-modelopt`"
        ) from error
    return library


def quantise(
    network: nn.Module, precision: Precision, calibrate: Callable[[nn.Module], None]
) -> nn.Module:
    """The network with quantisers before its layers, whose ranges are the largest values seen.

    Args:
        network: In fp32; it is changed.
        precision: `FP8` or `INT8`.
        calibrate: Runs the network on what it is to meet.
    """
    library = modelopt()
    if Attention in library.nn.QuantModuleRegistry:
        library.unregister(Attention)
    settings = [{"quantizer_name": "*", "enable": False}]
    for layer in QUANTISED:
        settings += [
            {"parent_class": layer, "quantizer_name": f"*{name}", "cfg": number_format | SCALES}
            for name, number_format in FORMATS[precision].items()
        ]
    settings += [{"quantizer_name": f"*{name}*", "enable": False} for name in KEPT]
    config = {"quant_cfg": settings, "algorithm": ALGORITHMS[precision]}
    with _silence():
        quantised: nn.Module = library.quantize(network, config, calibrate)
    return quantised


@contextmanager
def _silence() -> Iterator[None]:
    """Drops what the library prints, and its warnings of layers that are kept."""
    with warnings.catch_warnings(), redirect_stdout(StringIO()):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def traced_as_int8(network: nn.Module) -> Iterator[None]:
    """Shows fp8 quantisers to the tracer as those of int8 with the same scales.

    ModelOpt would write operations of its own for fp8; for int8 it writes ONNX's.
    """
    quantisers = [
        module
        for module in network.modules()
        if isinstance(module, modelopt().nn.TensorQuantizer) and module.is_enabled
    ]
    floating = [quantiser for quantiser in quantisers if quantiser.num_bits == (4, 3)]
    share = LARGEST[Precision.INT8] / LARGEST[Precision.FP8]
    for quantiser in floating:
        quantiser.num_bits, quantiser.amax = 8, quantiser.amax * share
    try:
        yield
    finally:
        for quantiser in floating:
            quantiser.num_bits, quantiser.amax = (4, 3), quantiser.amax / share
