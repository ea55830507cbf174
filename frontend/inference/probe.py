"""Whether a model's loop works, which its server does not know.

Triton calls a decoupled model ready though its process has died, and never starts it again. So the
loop is asked for an edit of no images. It answers with nothing, or that it will not. Where its
process is dead, Triton says so after a second, to one request after the other: it does not get to
all that frontends ask. So silence counts as death as well; a loop that lives takes a hundredth of a
second, and on a machine with five times the work that it can do, at most 0.7 seconds of 500 probes.

A probe that has no answer is left alone: Triton (2.51) may lock itself up for good where a stream
is cancelled just as it is answered, and then answers no stream any more.
"""

from enum import Enum, auto
from typing import Final

import numpy as np
from tritonclient.grpc.aio import InferenceServerClient

from frontend.errors.foreign import ABSENT, DEAD_STUB
from frontend.inference.models import WindowEdit
from frontend.inference.tensors import request_of

_NOTHING: Final = WindowEdit(
    image=np.zeros((0, 0, 3), np.uint8), mask=np.zeros((0, 0), np.uint8), prompt="", seeds=()
)
SILENCE_SECONDS: Final = 1.25


class Loop(Enum):
    """What a probe finds.

    Attributes:
        WORKS: it takes edits.
        AWAY: it takes none now, but may finish those that it has.
        DEAD: it finishes none.
    """

    WORKS = auto()
    AWAY = auto()
    DEAD = auto()


async def probe(client: InferenceServerClient, model_id: str) -> Loop:
    """Ask a model's loop for a sign of life, and wait for it as long as it takes.

    Raises:
        grpc.aio.AioRpcError: the server cannot be reached.
    """
    stream = client.stream_infer(request_of(model_id, _NOTHING))
    said = [error.message() async for _, error in stream if error is not None]
    if any(DEAD_STUB in message for message in said):
        return Loop.DEAD
    is_absent = any(phrase in message for message in said for phrase in ABSENT)
    return Loop.AWAY if is_absent else Loop.WORKS
