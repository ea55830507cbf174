"""The lines are tritonserver 2.51's own."""

import pytest

from retouch.server.triton_log import (
    LoadReport,
    LogEvent,
    ModelFailed,
    ModelLoaded,
    SyntaxFault,
    read_event,
)

LOADED = "I1123 20:44:41.908734 5631 model_lifecycle.cc:839] \"successfully loaded 'a.unet'\""
FAILED = (
    "E1123 20:44:42.145244 5631 model_lifecycle.cc:642] \"failed to load 'a.unet' version 1: "
    "Internal: EngineError: the graph has ['Z']\\n\\nAt:\\n  engine.py(54): check\\n\""
)
SYNTAX = (
    "[libprotobuf ERROR /tmp/text_format.cc:337] Error parsing text-format inference.ModelConfig: "
    '9:9: Message type "inference.ModelConfig" has no field named "nonsense".'
)
UNREADABLE = (
    'E1123 20:44:41.368790 5631 model_repository_manager.cc:1460] "Poll failed for model directory '
    "'b': failed to read text proto from /models/b/config.pbtxt\""
)


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (LOADED, ModelLoaded("a.unet")),
        (FAILED, ModelFailed("a.unet", "EngineError: the graph has ['Z']")),
        (UNREADABLE, ModelFailed("b", "failed to read text proto from /models/b/config.pbtxt")),
        ('I1123 model_lifecycle.cc:472] "loading: a.unet:1"', None),
        ("I1123 model_lifecycle.cc:777] \"failed to load 'a.unet'\"", None),
        ("I1123 model_lifecycle.cc:624] \"successfully unloaded 'a.unet' version 1\"", None),
    ],
)
def test_a_line_tells_of_a_model_or_of_nothing(line: str, event: LogEvent | None) -> None:
    assert read_event(line) == event


def test_a_syntax_error_is_reported_with_the_model_it_is_in() -> None:
    report = LoadReport()
    for line in (SYNTAX, UNREADABLE, LOADED, FAILED):
        event = read_event(line)
        assert event is not None
        report.add(event)
    assert isinstance(read_event(SYNTAX), SyntaxFault)
    assert report.explain() == (
        "model b: failed to read text proto from /models/b/config.pbtxt: 9:9: Message type "
        '"inference.ModelConfig" has no field named "nonsense".; '
        "model a.unet: EngineError: the graph has ['Z']"
    )


def test_a_start_without_failures_explains_nothing() -> None:
    report = LoadReport()
    report.add(ModelLoaded("a"))
    assert report.explain() == ""
