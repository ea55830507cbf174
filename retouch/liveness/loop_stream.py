"""Whether a model's loop answers a stream of the gRPC service, as edits are.

It is asked for an edit of no images, which it answers with nothing: see the model's `config.pbtxt`.
"""

from collections.abc import Iterator
from typing import Final

from retouch.liveness.errors import NotLiveError
from retouch.liveness.http2 import call
from retouch.liveness.http_service import HOST

# A loop that works takes a hundredth of a second, whatever its engines do.
TIMEOUT_SECONDS: Final = 4.0
# What Triton says in place of a loop whose process is dead or stopped.
_DEAD_STUB: Final = b"Stub process"
_METHOD: Final = "/inference.GRPCInferenceService/ModelStreamInfer"
_EMPTY_TEXT: Final = bytes(4)  # its length
_NO_IMAGES: Final = (
    ("IMAGE", "UINT8", (0, 0, 3), b""),
    ("MASK", "UINT8", (0, 0), b""),
    ("PROMPT", "BYTES", (1,), _EMPTY_TEXT),
    ("SEED", "INT64", (0,), b""),
)


def require_answer(model: str, port: int) -> None:
    """Ask the loop of a model.

    Args:
        model: its name.
        port: of the server's gRPC service.

    Raises:
        NotLiveError: it does not answer.
    """
    try:
        answer = call((HOST, port), _METHOD, request(model), TIMEOUT_SECONDS)
    except TimeoutError:
        raise NotLiveError(f"the model {model} answers no stream") from None
    except OSError as error:
        raise NotLiveError(f"tritonserver does not answer at port {port}: {error}") from error
    if _DEAD_STUB in answer:
        raise NotLiveError(f"the process of the model {model} does not answer")


def request(model: str) -> bytes:
    """Return a `ModelInferRequest` of Triton's protocol for no images.

    Args:
        model: its name.
    """
    inputs = (_bytes(5, b"".join(_input(*each[:3]))) for each in _NO_IMAGES)
    contents = (_bytes(7, content) for *_, content in _NO_IMAGES)
    return b"".join([_bytes(1, model.encode()), *inputs, *contents])


def _input(name: str, kind: str, shape: tuple[int, ...]) -> Iterator[bytes]:
    yield _bytes(1, name.encode())
    yield _bytes(2, kind.encode())
    yield _bytes(3, bytes(shape))


def _bytes(field: int, content: bytes) -> bytes:
    """A field of protobuf whose value is bytes; a length takes as many bytes as it has sevens."""
    length = len(content)
    digits = [length & 0x7F]
    while length := length >> 7:
        digits[-1] |= 0x80
        digits.append(length & 0x7F)
    return bytes([field << 3 | 2, *digits]) + content
