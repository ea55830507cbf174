"""Spans, as OTLP brings them: in protobuf from the frontend, in JSON from Triton."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

NANOSECONDS = 1e9


@dataclass(frozen=True)
class Span:
    """One of them.

    Attributes:
        service: who did it.
        trace, id, parent: in hexadecimal; a trace's first span has no parent.
        start, end: seconds since 1970.
    """

    service: str
    name: str
    trace: str
    id: str
    parent: str
    start: float
    end: float

    @classmethod
    def from_json(cls, service: str, span: Any) -> Self:
        """Of OTLP's JSON."""
        start, end = (int(span[f"{which}TimeUnixNano"]) for which in ("start", "end"))
        return cls(
            service=service,
            name=span["name"],
            trace=span["traceId"],
            id=span["spanId"],
            parent=span.get("parentSpanId", ""),
            start=start / NANOSECONDS,
            end=end / NANOSECONDS,
        )


def read_json(body: bytes) -> Iterator[Span]:
    """Spans of a message in JSON."""
    for resource in json.loads(body)["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            yield from (Span.from_json("triton", span) for span in scope["spans"])


def read_protobuf(body: bytes) -> Iterator[Span]:
    """Spans of a message in protobuf."""
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Span(
                    service="frontend",
                    name=span.name,
                    trace=span.trace_id.hex(),
                    id=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    start=span.start_time_unix_nano / NANOSECONDS,
                    end=span.end_time_unix_nano / NANOSECONDS,
                )
