"""Structured logs. What goes in is chosen where it is logged: never prompts, pictures or keys."""

import logging
import sys
from collections.abc import Sequence
from typing import Final

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

_COMMON: Final[Sequence[Processor]] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
_HTTP_SERVER: Final = "uvicorn"


def configure_logging(*, as_json: bool) -> None:
    """Set up structlog for the process: JSON lines, or text for a person at a terminal."""
    structlog.configure(
        processors=[*_COMMON, *_renderer(as_json=as_json)],
        # Standard output is left to what commands print.
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    _configure_http_server(as_json=as_json)


def _configure_http_server(*, as_json: bool) -> None:
    """Let uvicorn, which logs by the standard library, speak in the same form."""
    handler = logging.StreamHandler(sys.stderr)
    processors = [ProcessorFormatter.remove_processors_meta, *_renderer(as_json=as_json)]
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=_COMMON, processors=processors))
    logger = logging.getLogger(_HTTP_SERVER)
    logger.handlers = [handler]
    logger.propagate = False


def _renderer(*, as_json: bool) -> Sequence[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
