"""What graphs in fewer bits compute, in ONNX Runtime on the CPU, against fp32."""

from typing import Any

import numpy as np
import onnxruntime
import pytest

from export.bfloat16 import write_emulation
from export.contracts import Role
from export.request import Precision
from tests.export.fixtures import Exporter
from tests.export.published import Array, Published
from tests.export.tensorrt.conftest import PlanExporter

# Decibels below the largest value at least.
UNET_DB = {Precision.FP16: 50, Precision.BF16: 35, Precision.INT8: 30, Precision.FP8: 25}
PIXELS_DB = {**dict.fromkeys(UNET_DB, 50), Precision.BF16: 35}


def _run(published: Published, role: Role, precision: Precision, inputs: dict[str, Array]) -> Any:
    graph = published.folder(role) / "1" / "model.plan"
    if precision is Precision.BF16:
        graph = write_emulation(graph)
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)[0]


def _psnr(found: Array, wanted: Array) -> float:
    wide = wanted.astype(np.float64)
    error = float(np.square(found.astype(np.float64) - wide).mean())
    peak = 255.0 if wanted.dtype == np.uint8 else float(np.abs(wide).max())
    return 10 * np.log10(peak**2 / error) if error else float("inf")


@pytest.mark.parametrize("precision", UNET_DB)
def test_the_networks_compute_in_fewer_bits_what_they_do_in_fp32(
    planned: PlanExporter, exported: Exporter, precision: Precision
) -> None:
    half, full = planned("sd1_calm", precision), exported("sd1_calm", Precision.FP32)
    generator = np.random.default_rng(0)
    latents = generator.standard_normal((3, 9, 8, 8), np.float32)
    step = {
        "LATENTS": latents,
        "TIMESTEP": np.array([[999], [500], [1]], np.float32),
        "EMBEDDINGS": generator.standard_normal((3, 77, 32), np.float32),
    }
    prediction = _run(half, Role.UNET, precision, step)
    assert _psnr(prediction, full.run(Role.UNET, **step)[0]) > UNET_DB[precision]
    decoded = {"LATENTS": latents[:, :4]}
    pixels = _run(half, Role.VAE_DECODER, precision, decoded)
    assert _psnr(pixels, full.run(Role.VAE_DECODER, **decoded)[0]) > PIXELS_DB[precision]
