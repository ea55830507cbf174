"""What is asked of an export. Light, so that the command line can be shown without PyTorch."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

# Entered around each stage of an export with its title, to show progress.
Stage = Callable[[str], AbstractContextManager[object]]


class Engine(StrEnum):
    """What runs the graphs."""

    ONNXRUNTIME = "onnxruntime"
    OPENVINO = "openvino"
    TENSORRT = "tensorrt"


class Precision(StrEnum):
    """What a graph computes in; its inputs and outputs are the same for all."""

    FP32 = "fp32"
    FP16 = "fp16"
    BF16 = "bf16"
    INT8 = "int8"
    FP8 = "fp8"


class Device(StrEnum):
    """Where the graphs are computed."""

    CPU = "cpu"
    GPU = "gpu"


# The devices that an engine has, its usual one first.
DEVICES = {
    Engine.ONNXRUNTIME: (Device.CPU, Device.GPU),
    Engine.OPENVINO: (Device.CPU,),
    Engine.TENSORRT: (Device.GPU,),
}

# What an engine can compute in. OpenVINO takes no half-precision graph faster than a full one; in
# int8 are the UNet's convolutions and matrix products alone, the rest is as in bf16.
# TensorRT is for tensor cores; parts that do without half precision stay in fp32. In 8 bits is the
# UNet alone, the rest is as in fp16.
PRECISIONS = {
    Engine.ONNXRUNTIME: (Precision.FP32, Precision.FP16),
    Engine.OPENVINO: (Precision.FP32, Precision.BF16, Precision.INT8),
    Engine.TENSORRT: (Precision.FP16, Precision.BF16, Precision.INT8, Precision.FP8),
}
EIGHT_BITS = (Precision.INT8, Precision.FP8)


@dataclass(frozen=True)
class ExportRequest:
    """What to export, and as what.

    Attributes:
        checkpoint: A diffusers folder or a name on the Hugging Face Hub.
        model_id: Name of the public model.
        repository: The served folder to publish into.
        precision: What the graphs compute in.
        engine: What runs the graphs.
        device: Where it runs them; None = on the engine's usual one.
        resolution: Working resolution in pixels; None = the checkpoint's own.
        steps: Default number of steps; None = by the checkpoint's scheduler.
        guidance: Default guidance scale; None = by the checkpoint's scheduler.
        guidance_end: The share of an image's steps, in (0, 1], that are guided.
        cache_interval: Of so many steps of an image one is whole; 1 = all are.
        force: Replace models of the same names.
        refit: Make TensorRT plans whose weights can be exchanged.
    """

    checkpoint: str
    model_id: str
    repository: Path
    precision: Precision = Precision.FP32
    engine: Engine = Engine.ONNXRUNTIME
    device: Device | None = None
    resolution: int | None = None
    steps: int | None = None
    guidance: float | None = None
    guidance_end: float = 1.0
    cache_interval: int = 1
    force: bool = False
    refit: bool = False

    @property
    def keeps_features(self) -> bool:
        """Whether there is a graph for shallow steps."""
        return self.cache_interval > 1
