"""Which engine runs a checkpoint's graphs when nobody says."""

from export.request import Device, Engine, Precision

OPENVINO_ALONE = (Precision.BF16, Precision.INT8)  # of the engines on a CPU


def choose(
    engine: Engine | None,
    precision: Precision | None,
    device: Device | None,
    *,
    cpu_has_bf16: bool,
) -> tuple[Engine, Precision]:
    """The engine and the precision of an export.

    The rule is measured, with a UNet of Stable Diffusion 1.5's size on a CPU with AVX512-BF16:
    OpenVINO takes 0.55 of ONNX Runtime's time in bf16, and 0.95 in fp32, which is not worth the
    second program. Without bf16 in the CPU there is nothing to gain. TensorRT is never chosen
    unasked: its plans take minutes and run on no other machine; nor is int8, which costs quality.
    On a GPU half precision is what tensor cores compute in.

    Args:
        engine: What was asked for; None = the fastest one.
        precision: What was asked for; None = the fastest one of the engine that is near fp32.
        device: What was asked for; None = the engine's usual one.
        cpu_has_bf16: Whether this machine's CPU computes in bf16 itself.
    """
    has_bf16 = cpu_has_bf16 and device is not Device.GPU
    if engine is None:
        suits = precision in OPENVINO_ALONE or (precision is None and has_bf16)
        engine = Engine.OPENVINO if suits else Engine.ONNXRUNTIME
    if precision is None and (device is Device.GPU or engine is Engine.TENSORRT):
        precision = Precision.FP16
    if precision is None:
        bf16 = engine is Engine.OPENVINO and has_bf16
        precision = Precision.BF16 if bf16 else Precision.FP32
    return engine, precision


def cpu_has_bf16() -> bool:
    """Whether OpenVINO is here and computes in bf16 on this machine's CPU."""
    try:
        from retouch.backends.openvino_compiled import has_bf16
    except ModuleNotFoundError:
        return False
    return has_bf16()
