"""Threads for the pixel work, so that the event loop never waits for it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class PictureWorkers:
    """A bounded pool of threads; its size bounds the memory that decoding takes at once."""

    def __init__(self, threads: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="pictures")

    async def run(
        self,
        work: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Run `work` in a thread, within the caller's context, and return its result."""
        loop = asyncio.get_running_loop()
        call = partial(work, *args, **kwargs)
        return await loop.run_in_executor(self._executor, copy_context().run, call)

    def close(self) -> None:
        """Refuse new work; work that has not begun is dropped."""
        self._executor.shutdown(wait=False, cancel_futures=True)
