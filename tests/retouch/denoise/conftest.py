"""Loops that are closed after the test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from retouch.denoise import DenoiseLoop, Engines, Model

StartLoop = Callable[[Model, Engines], DenoiseLoop]


@pytest.fixture
def start_loop() -> Iterator[StartLoop]:
    """Starts a denoise loop."""
    with ExitStack() as stack:
        yield lambda model, engines: stack.enter_context(closing(DenoiseLoop(model, engines)))
