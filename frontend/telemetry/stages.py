"""The stages of an edit, timed and traced."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from opentelemetry.trace import Span, SpanKind

from frontend.telemetry.metrics import STAGE_SECONDS
from frontend.telemetry.spans import span


class Stage(StrEnum):
    """What an edit goes through, its time in the queue aside."""

    DECODE = "decode"
    DENOISE = "denoise"
    FINISH = "finish"
    ENCODE = "encode"
    STORE = "store"


@contextmanager
def timed(stage: Stage, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[Span]:
    """Measure a stage, also one that fails or is cancelled, and trace it."""
    started = time.perf_counter()
    try:
        with span(stage, kind) as current:
            yield current
    finally:
        STAGE_SECONDS.labels(stage).observe(time.perf_counter() - started)


for _stage in Stage:
    STAGE_SECONDS.labels(_stage)
