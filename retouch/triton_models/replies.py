"""Answers -> responses on a request's stream."""

from __future__ import annotations  # Triton's module lacks some of its types at run time

import threading
from typing import Final

import numpy as np
import triton_python_backend_utils as pb_utils

from retouch.denoise import PixelArray, ShuttingDownError

# Triton's gRPC server (2.51) can lock itself up for good when a stream is answered at the moment in
# which it takes note that the client has cancelled it: by then it is done with that.
_CANCELLING_SECONDS: Final = 0.25


class TritonReplies:
    """The stream of one decoupled request."""

    def __init__(self, sender: pb_utils.InferenceResponseSender) -> None:
        self._sender = sender

    def is_cancelled(self) -> bool:
        """See `Replies.is_cancelled`."""
        return self._sender.is_cancelled()

    def send_image(self, index: int, step: int, steps: int, image: PixelArray) -> None:
        """See `Replies.send_image`."""
        self._send(pb_utils.Tensor("IMAGE", image), *_position(index, step, steps))

    def send_progress(self, index: int, step: int, steps: int) -> None:
        """See `Replies.send_progress`."""
        self._send(*_position(index, step, steps))

    def send_error(self, error: Exception) -> None:
        """See `Replies.send_error`."""
        is_closing = isinstance(error, ShuttingDownError)
        code = pb_utils.TritonError.UNAVAILABLE if is_closing else pb_utils.TritonError.INTERNAL
        self._send_error(str(error) or type(error).__name__, code)

    def refuse(self, error: Exception) -> None:
        """Answers a request that cannot be an edit, and closes the stream."""
        self._send_error(str(error), pb_utils.TritonError.INVALID_ARG)
        self.close()

    def close(self) -> None:
        """See `Replies.close`."""
        if self._sender.is_cancelled():
            threading.Timer(_CANCELLING_SECONDS, self._end).start()
        else:
            self._end()

    def _end(self) -> None:
        self._sender.send(flags=pb_utils.TRITONSERVER_RESPONSE_COMPLETE_FINAL)

    def _send(self, *tensors: pb_utils.Tensor) -> None:
        self._sender.send(pb_utils.InferenceResponse(output_tensors=tensors))

    def _send_error(self, message: str, code: int) -> None:
        error = pb_utils.TritonError(message, code)
        self._sender.send(pb_utils.InferenceResponse(output_tensors=[], error=error))


def _position(index: int, step: int, steps: int) -> list[pb_utils.Tensor]:
    """Which image, and how far it is."""
    values = {"INDEX": index, "STEP": step, "STEPS": steps}
    return [pb_utils.Tensor(name, np.array([v], np.int32)) for name, v in values.items()]
