"""Which engine is chosen when nobody says."""

import pytest

from export.default_engine import choose
from export.request import Device, Engine, Precision

ORT, OV, TRT = Engine
FP32, FP16, BF16, INT8, _ = Precision


@pytest.mark.parametrize(
    ("engine", "precision", "cpu_has_bf16", "chosen"),
    [
        (None, None, True, (OV, BF16)),
        (None, None, False, (ORT, FP32)),
        (None, FP32, True, (ORT, FP32)),
        (None, FP16, True, (ORT, FP16)),
        (None, BF16, False, (OV, BF16)),
        (None, INT8, False, (OV, INT8)),
        (OV, None, True, (OV, BF16)),
        (OV, None, False, (OV, FP32)),
        (ORT, None, True, (ORT, FP32)),
        (OV, FP32, True, (OV, FP32)),
        (TRT, None, True, (TRT, FP16)),
        (TRT, BF16, False, (TRT, BF16)),
        (ORT, BF16, True, (ORT, BF16)),  # for the export to refuse
    ],
)
def test_openvino_is_chosen_for_bf16_and_int8_alone_and_what_was_asked_for_is_kept(
    engine: Engine | None,
    precision: Precision | None,
    *,
    cpu_has_bf16: bool,
    chosen: tuple[Engine, Precision],
) -> None:
    assert choose(engine, precision, None, cpu_has_bf16=cpu_has_bf16) == chosen


@pytest.mark.parametrize(
    ("precision", "chosen"), [(None, (ORT, FP16)), (FP32, (ORT, FP32)), (FP16, (ORT, FP16))]
)
def test_for_a_gpu_onnx_runtime_in_half_precision_is_chosen(
    precision: Precision | None, chosen: tuple[Engine, Precision]
) -> None:
    assert choose(None, precision, Device.GPU, cpu_has_bf16=True) == chosen
