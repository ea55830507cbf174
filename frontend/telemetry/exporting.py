"""Sends traces to a collector, if the standard `OTEL_*` variables name one."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

SERVICE: Final = "retouch-frontend"
_TRACES: Final = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
_ALL: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
_EXPORTER: Final = "OTEL_TRACES_EXPORTER"
_NO_EXPORTER: Final = "none"
# Of the variables of a row the first one counts that is set.
_CHOICES: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    (_EXPORTER,): ("otlp", _NO_EXPORTER),
    ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"): ("http/protobuf",),
}


def traces_url(environment: Mapping[str, str]) -> str | None:
    """Where the spans go by OTLP over HTTP; None if nowhere."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    if environment.get(_EXPORTER, "").strip() == _NO_EXPORTER:
        return None
    if url := environment.get(_TRACES):
        return url
    base = environment.get(_ALL)
    return f"{base.rstrip('/')}/v1/traces" if base else None


def require_exportable(environment: Mapping[str, str]) -> None:
    """Check that spans, if any are to be sent, are to be sent as we can: nothing is ignored.

    Raises:
        ValueError: by another exporter than OTLP's, or not over HTTP; the message says which.
    """
    if traces_url(environment) is None:
        return
    for names, known in _CHOICES.items():
        name = next((name for name in names if environment.get(name, "").strip()), None)
        if name is not None and environment[name].strip() not in known:
            expected = " or ".join(known)
            raise ValueError(
                f"{name}: expected {expected}; traces are sent by OTLP over HTTP alone"
            )


@asynccontextmanager
async def exporting(environment: Mapping[str, str]) -> AsyncIterator[None]:
    """Export the spans of the time of the context; the last ones are sent at its end."""
    url = traces_url(environment)
    if url is None:
        yield
        return
    name = environment.get("OTEL_SERVICE_NAME", SERVICE)
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        await asyncio.to_thread(provider.shutdown)
