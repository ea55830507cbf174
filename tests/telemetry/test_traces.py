"""The trace of an edit, as the SDK's own in-memory exporter gets it."""

import json
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from httpx import AsyncClient
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from typer.testing import CliRunner

from frontend.telemetry import spans
from frontend.telemetry.exporting import require_exportable, traces_url
from retouch.command_line.main import app as command_line
from tests.frontend.painter import Painter
from tests.telemetry.test_metrics import EDITS, PROMPT, USER, edit

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with (
        patch.object(spans, "_tracer", provider.get_tracer("tests")),
        patch("opentelemetry.trace.get_tracer_provider", return_value=provider),  # the frameworks'
    ):
        yield exporter


def by_name(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


async def test_an_edit_is_one_trace_that_continues_the_clients(
    client: AsyncClient, exporter: InMemorySpanExporter
) -> None:
    client.headers["traceparent"] = f"00-{TRACE}-{PARENT}-01"
    assert (await edit(client)).status_code == 200
    spans = by_name(exporter)
    stages = {"decode", "queue", "denoise", "finish", "encode", "store"}
    assert set(spans) == {f"POST {EDITS}", *stages}
    assert {f"{span.context.trace_id:032x}" for span in spans.values() if span.context} == {TRACE}
    request = spans[f"POST {EDITS}"]
    assert request.parent is not None
    assert f"{request.parent.span_id:016x}" == PARENT
    for stage in stages:
        assert spans[stage].parent == request.context
    assert request.kind is SpanKind.SERVER
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": EDITS,
        "http.response.status_code": 200,
    }
    assert [event.name for event in spans["denoise"].events] == ["Denoised"]


async def test_a_failure_is_marked_where_it_happened(
    client: AsyncClient, exporter: InMemorySpanExporter, painter: Painter
) -> None:
    painter.breaks = RuntimeError(f"quotes {PROMPT}")
    assert (await edit(client)).status_code == 500
    spans = by_name(exporter)
    assert not spans["denoise"].status.is_ok
    assert spans["denoise"].status.description == "RuntimeError"
    assert not spans[f"POST {EDITS}"].status.is_ok
    assert spans["queue"].status.is_unset


async def test_no_span_has_a_prompt_a_key_a_user_or_a_path(
    client: AsyncClient, exporter: InMemorySpanExporter, painter: Painter, key: str
) -> None:
    url = (await edit(client)).json()["data"][0]["url"]
    await client.get(url)
    painter.breaks = RuntimeError(PROMPT)
    await edit(client)
    text = json.dumps([json.loads(span.to_json()) for span in exporter.get_finished_spans()])
    for secret in (PROMPT, USER, key, url.rpartition("/")[2]):
        assert secret not in text
    assert "/v1/images/results/" in text


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/"}, "http://c:4318/v1/traces"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/t"}, "http://c/t"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SDK_DISABLED": "true"}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "none"}, None),
    ],
)
def test_traces_go_where_the_standard_variables_say(
    environment: dict[str, str], url: str | None
) -> None:
    assert traces_url(environment) == url


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc", "http/protobuf"),
        ("OTEL_TRACES_EXPORTER", "zipkin", "otlp or none"),
    ],
)
def test_a_way_of_sending_that_we_do_not_have_ends_the_start_with_a_line(
    name: str, value: str, expected: str
) -> None:
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4317", name: value}
    result = CliRunner().invoke(command_line, ["serve"], env=variables)
    assert result.exit_code == 1
    assert result.stderr == (
        f"Cannot start: {name}: expected {expected}; traces are sent by OTLP over HTTP alone\n"
    )


@pytest.mark.parametrize(
    "environment",
    [
        {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},  # and no collector
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_EXPORTER_OTLP_PROTOCOL": ""},
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",  # of metrics, say
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
        },
    ],
)
def test_where_nothing_is_sent_or_all_over_http_nothing_is_refused(
    environment: dict[str, str],
) -> None:
    require_exportable(environment)
