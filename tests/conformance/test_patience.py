"""Retries, timeouts, and failures in mid-stream: what a server must be set up for."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from frontend.errors.service import (
    ModelFailedError,
    OverloadedError,
    UnavailableError,
    UnexpectedError,
)
from tests.conformance import own_server
from tests.conformance.official import File, Official
from tests.conformance.own_server import OwnServer
from tests.conformance.samples import Sample

pytestmark = pytest.mark.own_server
TWO_RETRIES = {"max_retries": 2}


@pytest.fixture(scope="module")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    with own_server.running(tmp_path_factory.mktemp("home")) as server:
        yield server


@pytest.fixture
def server(running_server: OwnServer) -> Iterator[OwnServer]:
    """The server, in its first state."""
    running_server.painter.asked = running_server.painter.cancelled = 0
    yield running_server
    running_server.painter.failures.clear()
    running_server.painter.breaks = None
    running_server.release()


@pytest.fixture
def settings(server: OwnServer) -> dict[str, Any]:
    """What a client is configured with to ask this server."""
    return server.target.settings


@pytest.fixture
def fields(server: OwnServer) -> dict[str, Any]:
    return Sample(server.target.model).fields()


def test_a_503_is_retried_after_the_time_that_it_names(
    client: Official, server: OwnServer, settings: dict[str, Any], fields: dict[str, Any]
) -> None:
    server.painter.failures = [OverloadedError(1.5), UnavailableError()]
    outcome = client.edit(fields, **settings | TWO_RETRIES)
    assert outcome.error is None
    assert server.painter.asked == 3
    # 1.5 and 2 seconds; without the headers a client waits half a second and one.
    assert outcome.seconds >= 3.4


def test_an_overloaded_server_is_told_as_such_when_retries_are_used_up(
    client: Official, server: OwnServer, settings: dict[str, Any], fields: dict[str, Any]
) -> None:
    server.painter.failures = [OverloadedError(1), OverloadedError(1)]
    error = client.edit(fields, **settings | {"max_retries": 1}).error
    assert error is not None
    assert (error.kind, error.status) == ("InternalServerError", 503)
    assert (error.type, error.param) == ("service_unavailable_error", None)
    assert error.code == "server_is_overloaded"
    assert server.painter.asked == 2


def test_an_edit_on_which_the_model_fails_is_not_tried_again(
    client: Official, server: OwnServer, settings: dict[str, Any], fields: dict[str, Any]
) -> None:
    server.painter.failures = [ModelFailedError()]
    error = client.edit(fields, **settings | TWO_RETRIES).error
    assert error is not None
    assert (error.kind, error.status, error.code) == ("InternalServerError", 500, "model_failed")
    assert server.painter.asked == 1


def test_a_fault_of_the_server_is_tried_again_and_shows_nothing_of_it(
    client: Official, server: OwnServer, settings: dict[str, Any], fields: dict[str, Any]
) -> None:
    server.painter.failures = [RuntimeError("a secret of ours")] * 2
    error = client.edit(fields, **settings | {"max_retries": 1}).error
    assert error is not None
    assert (error.status, error.type, error.code) == (500, "server_error", None)
    assert error.message == str(UnexpectedError())
    assert server.painter.asked == 2


def test_a_key_at_its_limit_is_told_what_it_is_and_how_it_stands(
    client: Official, server: OwnServer, fields: dict[str, Any]
) -> None:
    settings = server.settings_of_key(images_per_minute=1, requests_per_minute=10)
    headers = client.edit(fields, **settings).headers
    assert headers["x-ratelimit-limit-requests"] == "10"
    assert headers["x-ratelimit-remaining-requests"] == "9"
    assert re.fullmatch(r"(\d+m)?[\d.]+s|\d+ms", headers["x-ratelimit-reset-requests"])
    assert headers["x-ratelimit-remaining-images"] == "0"
    error = client.edit(fields, **settings).error
    assert error is not None
    assert (error.kind, error.status) == ("RateLimitError", 429)
    assert (error.type, error.param) == ("rate_limit_error", None)
    assert error.code == "rate_limit_exceeded"
    told = r"Rate limit exceeded for images per minute .*Limit: 1/1min\. Current: 2/1min\..*"
    assert re.fullmatch(told, error.message or ""), error.message


def test_a_request_above_a_whole_minutes_limit_is_not_tried_again(
    client: Official, server: OwnServer, fields: dict[str, Any]
) -> None:
    settings = server.settings_of_key(images_per_minute=1)
    error = client.edit({**fields, "n": 2}, **settings | TWO_RETRIES).error
    assert error is not None
    assert (error.kind, error.code) == ("RateLimitError", "rate_limit_exceeded")
    assert server.painter.asked == 1


def test_a_429_is_retried_after_the_time_that_it_names(
    client: Official, server: OwnServer, fields: dict[str, Any]
) -> None:
    settings = server.settings_of_key(concurrent_edits=1)
    server.hold()
    with ThreadPoolExecutor() as pool:
        first = pool.submit(post, settings, fields)
        wait_until(lambda: server.painter.running == 1)
        timer = threading.Timer(0.5, server.release)
        timer.start()
        outcome = client.edit(fields, **settings | TWO_RETRIES)
        assert first.result().status_code == 200
    assert outcome.error is None
    assert outcome.seconds >= 1


def post(settings: dict[str, Any], fields: dict[str, Any]) -> httpx.Response:
    """The same edit by nobody's client."""
    files = {name: value.data for name, value in fields.items() if isinstance(value, File)}
    return httpx.post(
        f"{settings['base_url']}/images/edits",
        headers={"Authorization": f"Bearer {settings['api_key']}"},
        data={name: str(value) for name, value in fields.items() if name not in files},
        files=files,
        timeout=30,
    )


def test_a_client_that_gives_up_waiting_ends_the_work(
    client: Official, server: OwnServer, settings: dict[str, Any], fields: dict[str, Any]
) -> None:
    server.hold()
    error = client.edit(fields, **settings | {"timeout": 1}).error
    assert error is not None
    assert error.kind == client.client.class_of_timeout
    wait_until(lambda: server.painter.running == 0)
    assert server.painter.cancelled == 1


@pytest.mark.parametrize("given_up", [False, True])
def test_a_stream_that_fails_or_is_left_ends_the_work(
    newer_client: Official,
    server: OwnServer,
    settings: dict[str, Any],
    fields: dict[str, Any],
    given_up: bool,
) -> None:
    if given_up:
        server.hold()
        error = newer_client.edit(fields, stream=True, **settings | {"timeout": 1}).error
        assert error is not None
        assert error.kind == newer_client.client.class_of_timeout
    else:
        server.painter.breaks = ModelFailedError()
        streamed = {**fields, "partial_images": 1}
        error = newer_client.edit(streamed, stream=True, **settings).error
        assert error is not None
        assert error.kind == "APIError"
        assert (error.type, error.code) == ("server_error", "model_failed")
        assert error.message == "The model failed on this request."
    wait_until(lambda: server.painter.running == 0)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
