"""Models on a Triton server, over gRPC."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any, Final

from tritonclient.grpc import (
    MAX_GRPC_MESSAGE_SIZE,
    InferenceServerException,
    InferRequestedOutput,
    InferResult,
)
from tritonclient.grpc.aio import InferenceServerClient

from frontend.errors.foreign import TRITON_ERRORS, translating
from frontend.errors.service import ModelFailedError, UnavailableError
from frontend.inference.catalogue import Catalogue
from frontend.inference.models import Answer, Denoised, EditModel, WindowEdit
from frontend.inference.tensors import answer_of, inputs_of, prompt_inputs

_SCHEME: Final = "grpc://"
_PING_SECONDS: Final = 0.5
_CHANNEL_OPTIONS: Final = [
    ("grpc.max_send_message_length", MAX_GRPC_MESSAGE_SIZE),
    ("grpc.max_receive_message_length", MAX_GRPC_MESSAGE_SIZE),
    # Notice a server that vanished without a word. Triton tolerates two pings without data between
    # its answers and closes the connection at the third.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 2),
    # A restarted Triton is found within a second, not after gRPC's usual two minutes.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 1_000),
    ("grpc.max_reconnect_backoff_ms", 1_000),
]
_TOKENIZER_SECONDS: Final = 10.0


class TritonModels:
    """`EditModels` on a Triton server."""

    def __init__(self, url: str, *, catalogue_lifetime_seconds: float) -> None:
        """Prepare the connection; must be called in a running event loop.

        Args:
            url: `grpc://host:port`, or `host:port`.
            catalogue_lifetime_seconds: how long the list of models is trusted.
        """
        address = url.removeprefix(_SCHEME)
        self._client = InferenceServerClient(address, channel_args=_CHANNEL_OPTIONS)
        self._catalogue = Catalogue(self._client, catalogue_lifetime_seconds)

    async def ping(self) -> None:
        """Ask whether Triton is ready now, and not a moment ago."""
        with translating(TRITON_ERRORS):
            if not await self._client.is_server_ready(client_timeout=_PING_SECONDS):
                raise UnavailableError

    async def catalogue(self) -> Mapping[str, EditModel]:
        """Return the models that are ready, by id."""
        with translating(TRITON_ERRORS):
            return await self._catalogue.models()

    async def text_tokens(self, model: EditModel, prompt: str, negative_prompt: str) -> int:
        """Count both prompts' tokens as the model's own tokenizer does, markers left out."""
        with translating(TRITON_ERRORS):
            result = await self._client.infer(
                model.tokenizer,
                prompt_inputs(prompt, negative_prompt),
                outputs=[InferRequestedOutput("TOKENS")],
                client_timeout=_TOKENIZER_SECONDS,
            )
        return int(result.as_numpy("TOKENS").sum())

    async def edit(
        self, model: EditModel, edit: WindowEdit, timeout_seconds: float
    ) -> AsyncGenerator[Answer, None]:
        """Paint `edit`, yielding what happens to each image and at last the finished one."""
        missing = set(range(len(edit.seeds)))
        with translating(TRITON_ERRORS):
            stream = self._client.stream_infer(
                _only({"model_name": model.id, "inputs": inputs_of(edit)}),
                stream_timeout=timeout_seconds,
            )
            try:
                async for response in stream:
                    answer = answer_of(_result(response))
                    if isinstance(answer, Denoised):
                        missing.discard(answer.index)
                    yield answer
            except Exception:
                self._catalogue.forget()
                raise
            finally:
                stream.cancel()  # of no effect on a stream that has ended
        if missing:
            raise ModelFailedError

    async def close(self) -> None:
        """Close the connection."""
        await self._client.close()


async def _only(request: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    yield request


def _result(response: tuple[InferResult | None, InferenceServerException | None]) -> InferResult:
    result, error = response
    if error is not None:
        raise error
    return result
