"""Structured logs. What goes in is chosen where it is logged: never prompts, pictures or keys."""

import logging
import sys
from collections.abc import Sequence

import structlog
from structlog.typing import Processor


def configure_logging(*, as_json: bool) -> None:
    """Set up structlog for the process: JSON lines, or text for a person at a terminal."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *_renderer(as_json=as_json),
        ],
        # Standard output is left to what commands print.
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


def _renderer(*, as_json: bool) -> Sequence[Processor]:
    if as_json:
        return [structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
