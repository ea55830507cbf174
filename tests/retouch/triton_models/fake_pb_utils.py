"""A stand-in for the module that Triton's Python backend provides.

A call of another model is checked against that model's committed `config.pbtxt` and then answered
by a plain function.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt
from google.protobuf import text_format
from google.protobuf.json_format import MessageToJson
from tritonclient.grpc.model_config_pb2 import (
    DataType,
    ModelConfig,
)

Arrays = Mapping[str, npt.NDArray[Any]]
Function = Callable[[Arrays], Arrays]

REPOSITORY = Path(__file__).parents[3] / "model_repository"
TRITONSERVER_RESPONSE_COMPLETE_FINAL = 1
TRITONSERVER_MEMORY_CPU = 0
NUMPY_TYPES = {
    "TYPE_UINT8": "uint8",
    "TYPE_INT32": "int32",
    "TYPE_INT64": "int64",
    "TYPE_FP32": "float32",
    "TYPE_STRING": "object",
    "TYPE_BOOL": "bool",
}
MODELS: dict[str, Function] = {}  # what answers calls, by model name
CONTRACTS: dict[str, Path] = {}  # configs of models that are not those of the repository


def config_of(model_name: str) -> Any:
    """A committed model configuration."""
    file = CONTRACTS.get(model_name, REPOSITORY / model_name / "config.pbtxt")
    return text_format.Parse(file.read_text(), ModelConfig())


def config_json(model_name: str) -> str:
    """The same as Triton gives it to a model."""
    return str(MessageToJson(config_of(model_name), preserving_proto_field_name=True))


def arguments(model_name: str, config: str) -> dict[str, str]:
    """What Triton gives a model to initialize with."""
    folder = str(REPOSITORY / model_name)
    return {"model_name": model_name, "model_config": config, "model_repository": folder}


def check(declared: Sequence[Any], arrays: Arrays, batch_dimensions: int) -> None:
    """Arrays must be what a configuration declares; optional ones may be missing."""
    by_name = {tensor.name: tensor for tensor in declared}
    required = {t.name for t in declared if not getattr(t, "optional", False)}
    assert required <= arrays.keys() <= by_name.keys()
    for name, array in arrays.items():
        dims = by_name[name].dims
        assert array.dtype == NUMPY_TYPES[DataType.Name(by_name[name].data_type)]
        assert array.ndim == len(dims) + batch_dimensions
        assert array.flags.c_contiguous
        sizes = array.shape[batch_dimensions:]
        assert all(dim in (-1, size) for dim, size in zip(dims, sizes, strict=True))


class TritonError:
    """An error with a code."""

    INTERNAL, INVALID_ARG, UNAVAILABLE = 1, 3, 4

    def __init__(self, message: str, code: int = 1) -> None:
        self._message, self._code = message, code

    def message(self) -> str:
        """For the client."""
        return self._message

    def code(self) -> int:
        """One of the class's."""
        return self._code


class Tensor:
    """A named array."""

    def __init__(self, name: str, numpy_array: npt.NDArray[Any]) -> None:
        self._name, self._array = name, numpy_array

    def name(self) -> str:
        """Its name."""
        return self._name

    def as_numpy(self) -> npt.NDArray[Any]:
        """Its array."""
        return self._array


class TritonModelException(Exception):
    """What Triton's functions raise."""


class Metric:
    """A number."""

    def __init__(self) -> None:
        self.number = 0.0

    def increment(self, value: float) -> None:
        """Adds."""
        assert value > 0
        self.number += value

    def set(self, value: float) -> None:
        """Replaces."""
        self.number = value


class MetricFamily:
    """A named kind of number."""

    COUNTER, GAUGE = 0, 1

    def __init__(self, name: str, description: str, kind: int) -> None:
        assert name.endswith("_total") == (kind == self.COUNTER)
        assert description

    def Metric(self, labels: Mapping[str, str]) -> Metric:  # noqa: N802 - Triton's name
        """A number with labels."""
        assert labels.keys() == {"model"}
        return Metric()


class PreferredMemory:
    """Where outputs go."""

    def __init__(self, preferred_memory_type: int, preferred_device_id: int = 0) -> None:
        assert (preferred_memory_type, preferred_device_id) == (TRITONSERVER_MEMORY_CPU, 0)


class InferenceResponse:
    """Tensors or an error."""

    def __init__(
        self, output_tensors: Sequence[Tensor] = (), error: TritonError | None = None
    ) -> None:
        self._tensors, self._error = list(output_tensors), error

    def has_error(self) -> bool:
        """Whether it is an error."""
        return self._error is not None

    def error(self) -> TritonError:
        """The error."""
        assert self._error is not None
        return self._error

    def output_tensors(self) -> list[Tensor]:
        """The tensors."""
        assert self._error is None
        return self._tensors

    def arrays(self) -> Arrays:
        """The tensors' arrays by name."""
        return {tensor.name(): tensor.as_numpy() for tensor in self.output_tensors()}


class ResponseSender:
    """Collects a stream's responses until the final flag."""

    def __init__(self) -> None:
        self.responses: list[InferenceResponse] = []
        self.has_left = False
        self.closed = threading.Event()

    def send(self, response: InferenceResponse | None = None, flags: int = 0) -> None:
        """Sends."""
        assert not self.closed.is_set()
        if response is not None:
            self.responses.append(response)
        if flags == TRITONSERVER_RESPONSE_COMPLETE_FINAL:
            self.closed.set()

    def is_cancelled(self) -> bool:
        """Whether the client has left."""
        return self.has_left


class InferenceRequest:
    """A request to one of our models (with `inputs` alone), or a call of another."""

    def __init__(
        self,
        model_name: str = "",
        requested_output_names: Sequence[str] = (),
        inputs: Sequence[Tensor] = (),
        preferred_memory: PreferredMemory | None = None,
    ) -> None:
        self._model_name = model_name
        self._output_names = requested_output_names
        self.arrays = {tensor.name(): tensor.as_numpy() for tensor in inputs}
        self._has_preference = preferred_memory is not None
        self.sender = ResponseSender()

    def get_response_sender(self) -> ResponseSender:
        """Where the answers go."""
        return self.sender

    def exec(self) -> InferenceResponse:
        """Calls the other model."""
        assert self._has_preference
        config = config_of(self._model_name)
        batch_dimensions = int(config.max_batch_size > 0)
        check(config.input, self.arrays, batch_dimensions)
        try:
            outputs = MODELS[self._model_name](self.arrays)
        except RuntimeError as error:
            return InferenceResponse(error=TritonError(str(error)))
        check(config.output, outputs, batch_dimensions)
        return InferenceResponse([Tensor(name, outputs[name]) for name in self._output_names])


def get_input_tensor_by_name(inference_request: InferenceRequest, name: str) -> Tensor | None:
    """An input, if it was given."""
    array = inference_request.arrays.get(name)
    return None if array is None else Tensor(name, array)
