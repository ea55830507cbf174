"""The Triton side that every engine backend shares: tensors in, tensors out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import triton_python_backend_utils as pb_utils

from retouch.backends.batching import Outcome, run_requests
from retouch.backends.declaration import Declaration
from retouch.backends.engine import Engine


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

    def execute(self, requests: list[Any]) -> list[Any]:
        """Answer each request, sharing engine calls where the config allows batches."""
        outcomes = run_requests(
            self._engine,
            [self._inputs(request) for request in requests],
            list(self._declaration.outputs),
            batched=self._declaration.max_batch_size > 0,
        )
        return [_response(r, outcome) for r, outcome in zip(requests, outcomes, strict=True)]

    def _inputs(self, request: Any) -> dict[str, Any]:
        return {
            name: pb_utils.get_input_tensor_by_name(request, name).as_numpy()
            for name in self._declaration.inputs
        }


def _response(request: Any, outcome: Outcome) -> Any:
    if isinstance(outcome, Exception):
        return pb_utils.InferenceResponse(error=pb_utils.TritonError(str(outcome)))
    wanted = request.requested_output_names()
    return pb_utils.InferenceResponse(
        output_tensors=[pb_utils.Tensor(name, outcome[name]) for name in wanted]
    )
