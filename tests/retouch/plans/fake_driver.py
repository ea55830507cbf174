"""Stand-ins for NVIDIA's libraries, as they are called through ctypes."""

from typing import Any

import pytest

from retouch.plans import NoGpuError, machine

H100 = ("NVIDIA H100 80GB HBM3", 9, 0)
L4 = ("NVIDIA L4", 8, 9)
Device = tuple[str, int, int]


class FakeDriver:
    """libcuda with some devices."""

    def __init__(self, devices: list[Device]) -> None:
        self._devices = devices

    def cuInit(self, flags: int) -> int:  # noqa: N802
        return flags

    def cuDeviceGetCount(self, count: Any) -> int:  # noqa: N802
        count._obj.value = len(self._devices)
        return 0

    def cuDeviceGetName(self, name: Any, _size: int, device: int) -> int:  # noqa: N802
        name.value = self._devices[device][0].encode()
        return 0

    def cuDeviceGetAttribute(self, value: Any, attribute: int, device: int) -> int:  # noqa: N802
        value._obj.value = self._devices[device][{75: 1, 76: 2}[attribute]]
        return 0


class FakeInfer:
    """libnvinfer of some version."""

    def __init__(self, number: int) -> None:
        self._number = number

    def getInferLibVersion(self) -> int:  # noqa: N802
        return self._number


def install(
    patch: pytest.MonkeyPatch, devices: list[Device], tensorrt: tuple[int, int, int]
) -> None:
    """Makes this machine one with these GPUs and this TensorRT."""
    major, minor, patch_level = tensorrt
    libraries = {
        "libcuda.so.1": FakeDriver(devices),
        f"libnvinfer.so.{major}": FakeInfer((major * 100 + minor) * 100 + patch_level),
    }

    def library(name: str) -> Any:
        if name not in libraries:
            raise NoGpuError(f"{name} cannot be loaded")
        return libraries[name]

    patch.setattr(machine, "_library", library)
