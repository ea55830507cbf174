"""One edit at one server: sent once, and what comes back."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from tritonclient.grpc import InferenceServerException, InferResult
from tritonclient.grpc.aio import InferenceServerClient

from frontend.errors.foreign import TRITON_ERRORS, translating
from frontend.errors.service import ModelFailedError, UnavailableError
from frontend.inference.models import Answer, Denoised, EditModel, WindowEdit
from frontend.inference.tensors import answer_of, request_of
from frontend.telemetry.dependency import Dependency
from frontend.telemetry.spans import trace_headers


class Assignment:
    """An edit that a server carries out, or is about to."""

    def __init__(self, model: EditModel, edit: WindowEdit) -> None:
        self.model_id = model.id
        self._edit = edit
        self._rows_per_image = model.rows_per_image(edit.guidance)
        self._missing = set(range(len(edit.seeds)))
        self._stream: Any = None
        self._is_lost = False

    @property
    def rows(self) -> int:
        """Rows of a UNet call that its unfinished images take."""
        return len(self._missing) * self._rows_per_image

    async def answers(
        self, client: InferenceServerClient, timeout_seconds: float
    ) -> AsyncGenerator[Answer, None]:
        """Send the edit and yield what comes back; closing this cancels it.

        Raises:
            OverloadedError: it takes longer than `timeout_seconds`.
            UnavailableError: the server is lost.
            ModelFailedError: the model failed, or did not finish every image.
        """
        with translating(TRITON_ERRORS, Dependency.TRITON):
            self._stream = client.stream_infer(
                request_of(self.model_id, self._edit),
                stream_timeout=timeout_seconds,
                headers=trace_headers(),
            )
            try:
                async for response in self._stream:
                    answer = answer_of(_result(response))
                    if isinstance(answer, Denoised):
                        self._missing.discard(answer.index)
                    yield answer
            except asyncio.CancelledError:
                if self._is_lost and not _is_cancelled():
                    raise UnavailableError from None
                raise
            finally:
                self._stream.cancel()  # of no effect on a stream that has ended
        if self._missing:
            raise ModelFailedError

    def lose(self) -> None:
        """The server will not answer it any more."""
        self._is_lost = True
        if self._stream is not None:
            self._stream.cancel()


def _result(response: tuple[InferResult | None, InferenceServerException | None]) -> InferResult:
    result, error = response
    if error is not None:
        raise error
    return result


def _is_cancelled() -> bool:
    """Whether it is our own task that was cancelled, and not only the stream."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
