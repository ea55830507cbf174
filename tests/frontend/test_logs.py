"""Whatever logs, the lines have one form."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from frontend.logs import configure_logging


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    logger = logging.getLogger("uvicorn")
    logger.handlers, logger.propagate = [], True


def test_the_http_servers_lines_are_json_too_and_name_the_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(as_json=True)
    with bound_contextvars(request_id="req_1"):
        logging.getLogger("uvicorn.error").warning("Something %s.", "odd")
        structlog.get_logger().info("request", status=200)
    theirs, ours = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (theirs["event"], theirs["level"]) == ("Something odd.", "warning")
    assert (ours["event"], ours["level"]) == ("request", "info")
    for line in (theirs, ours):
        assert line["request_id"] == "req_1"
        assert line["timestamp"]


def test_an_error_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(as_json=True)
    try:
        int("many")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Failed.")
    [line] = capsys.readouterr().err.splitlines()
    assert "ValueError" in json.loads(line)["exception"]
