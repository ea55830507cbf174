"""Retries, timeouts, and failures in mid-stream: what a server must be set up for."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from frontend.errors.service import (
    ModelFailedError,
    OverloadedError,
    UnavailableError,
    UnexpectedError,
)
from tests.conformance import own_server
from tests.conformance.official import Official
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


def test_a_client_that_gives_up_waiting_ends_the_work(
    client: Official, server: OwnServer, settings: dict[str, Any], fields: dict[str, Any]
) -> None:
    server.hold()
    error = client.edit(fields, **settings | {"timeout": 1}).error
    assert error is not None
    assert error.kind == client.client.class_of_timeout
    wait_until_idle(server)
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
    wait_until_idle(server)


def wait_until_idle(server: OwnServer) -> None:
    deadline = time.monotonic() + 5
    while server.painter.running:
        assert time.monotonic() < deadline
        time.sleep(0.01)
