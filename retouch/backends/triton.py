"""The Triton side that every engine backend shares: tensors in, tensors out."""

from __future__ import annotations  # Triton's module lacks some of its types at run time

from abc import ABC, abstractmethod
from collections.abc import Mapping

import triton_python_backend_utils as pb_utils

from retouch.backends.batching import Outcome, run_requests
from retouch.backends.declaration import Declaration
from retouch.backends.engine import Array, Engine


class EngineModel(ABC):
    """A `TritonPythonModel` that answers requests from one engine."""

    default_model_filename: str

    @abstractmethod
    def load(self, declaration: Declaration) -> Engine:
        """Load the engine that `declaration` describes; raises `EngineError`."""

    def initialize(self, args: Mapping[str, str]) -> None:
        """Load the engine. An error makes Triton report the model as not loadable."""
        self._declaration = Declaration.from_triton(args, self.default_model_filename)
        self._engine = self.load(self._declaration)

    def execute(
        self, requests: list[pb_utils.InferenceRequest]
    ) -> list[pb_utils.InferenceResponse]:
        """Answer each request, sharing engine calls where the config allows batches."""
        outcomes = run_requests(
            self._engine,
            [self._inputs(request) for request in requests],
            list(self._declaration.outputs),
            batched=self._declaration.max_batch_size > 0,
        )
        return [_response(r, outcome) for r, outcome in zip(requests, outcomes, strict=True)]

    def _inputs(self, request: pb_utils.InferenceRequest) -> dict[str, Array]:
        names = self._declaration.inputs
        tensors = {name: pb_utils.get_input_tensor_by_name(request, name) for name in names}
        return {name: tensor.as_numpy() for name, tensor in tensors.items() if tensor is not None}


def _response(request: pb_utils.InferenceRequest, outcome: Outcome) -> pb_utils.InferenceResponse:
    if isinstance(outcome, Exception):
        return pb_utils.InferenceResponse(error=pb_utils.TritonError(str(outcome)))
    wanted = request.requested_output_names()
    return pb_utils.InferenceResponse(
        output_tensors=[pb_utils.Tensor(name, outcome[name]) for name in wanted]
    )
