"""The GPUs and the TensorRT of this machine, asked of NVIDIA's own libraries.

Triton's container has the libraries and no Python packages for them, so they are called directly:
the CUDA driver API, and the one function of TensorRT that every version has.
"""

import ctypes
from dataclasses import dataclass

DRIVER = "libcuda.so.1"
TENSORRT_MAJORS = (11, 10)
NAME_BYTES = 256
# CUdevice_attribute
COMPUTE_CAPABILITY_MAJOR = 75
COMPUTE_CAPABILITY_MINOR = 76


class NoGpuError(RuntimeError):
    """NVIDIA's driver, a GPU or TensorRT is missing here."""


@dataclass(frozen=True)
class Gpu:
    """What a plan is bound to.

    Attributes:
        name: As the driver tells it.
        compute_capability: Such as 9.0.
        tensorrt: Version of the library, such as 10.15.1.
    """

    name: str
    compute_capability: str
    tensorrt: str

    def __str__(self) -> str:
        return f"{self.name} ({self.compute_capability}) with TensorRT {self.tensorrt}"


def gpus() -> list[Gpu]:
    """All GPUs that this process can use.

    Raises:
        NoGpuError: there is none, or no driver or no TensorRT to use it with.
    """
    driver = _library(DRIVER)
    count = ctypes.c_int()
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)) or not count.value:
        raise NoGpuError("NVIDIA's driver finds no GPU")
    tensorrt = _tensorrt_version()
    return [_gpu(driver, device, tensorrt) for device in range(count.value)]


def _gpu(driver: ctypes.CDLL, device: int, tensorrt: str) -> Gpu:
    name = ctypes.create_string_buffer(NAME_BYTES)
    major, minor = ctypes.c_int(), ctypes.c_int()
    failed = (
        driver.cuDeviceGetName(name, NAME_BYTES, device)
        or driver.cuDeviceGetAttribute(ctypes.byref(major), COMPUTE_CAPABILITY_MAJOR, device)
        or driver.cuDeviceGetAttribute(ctypes.byref(minor), COMPUTE_CAPABILITY_MINOR, device)
    )
    if failed:
        raise NoGpuError(f"NVIDIA's driver says nothing about GPU {device}: error {failed}")
    return Gpu(name.value.decode(), f"{major.value}.{minor.value}", tensorrt)


def _tensorrt_version() -> str:
    """Since version 10 the number is (major * 100 + minor) * 100 + patch."""
    for major in TENSORRT_MAJORS:
        try:
            number = _library(f"libnvinfer.so.{major}").getInferLibVersion()
        except NoGpuError:
            continue
        return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    raise NoGpuError(f"there is no TensorRT {' or '.join(map(str, TENSORRT_MAJORS))}")


def _library(name: str) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        raise NoGpuError(f"{name} cannot be loaded") from error
