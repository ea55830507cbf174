"""A process that speaks Triton's protocol, holds no model and takes its time."""

import asyncio
import contextlib
import struct
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import grpc

from tests.frontend.fake_triton import FakeTriton, is_probe
from tests.frontend.fake_triton import running as listening
from tests.servers.process import free_port, running

STEP_SECONDS: Final = 0.1
_CONNECT_SECONDS: Final = 0.2


class SlowTriton(FakeTriton):
    """Takes `STEP_SECONDS` for each step that an edit asks for, and none where it says nothing."""

    async def ModelStreamInfer(self, requests: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802
        """Paint when the time is over."""
        [request] = [request async for request in requests]
        if not is_probe(request):
            await asyncio.sleep(STEP_SECONDS * _steps(request))
        async for answer in super().ModelStreamInfer(_only(request), context):
            yield answer


async def _only(request: Any) -> AsyncIterator[Any]:
    yield request


def _steps(request: Any) -> int:
    tensors = zip((i.name for i in request.inputs), request.raw_input_contents, strict=True)
    return next((struct.unpack("<i", data)[0] for name, data in tensors if name == "STEPS"), 0)


@contextlib.contextmanager
def slow_triton(folder: Path) -> Iterator[str]:
    """Run one until the end of the context; yields its address.

    It has a process of its own, as the loop of these tests is a new one for each of them.
    """
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", __name__, address.rpartition(":")[2]]
    root = Path(__file__).parents[2]
    with running(command, folder / "triton.log", lambda: _answers(address), cwd=root):
        yield address


def _answers(address: str) -> bool:
    with grpc.insecure_channel(address) as channel:
        try:
            grpc.channel_ready_future(channel).result(_CONNECT_SECONDS)
        except grpc.FutureTimeoutError:
            return False
        return True


async def _serve(port: int) -> None:
    async with listening(port, SlowTriton()):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
