"""What tests ask and expect while something is missing."""

import asyncio
import time
from typing import Any

import httpx
import numpy as np

from tests.e2e.edits import Edit, post, random_edit
from tests.e2e.models import BUILT_IN

RECOVERY_SECONDS = 10.0


def edit(side: int = 256, **fields: Any) -> Edit:
    """One whose answer is the URL of a picture, unless the fields say otherwise."""
    fields = {"response_format": "url"} | fields
    return random_edit(np.random.default_rng(7), BUILT_IN, side, **fields)


def assert_unavailable(answer: httpx.Response) -> None:
    """It is told that something is missing, to retry soon, and nothing else."""
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
    error = answer.json()["error"]
    assert set(answer.json()) == {"error"}
    assert (error["type"], error["code"]) == ("service_unavailable_error", "service_unavailable")
    assert error["message"] == ("The service is temporarily unavailable. Please retry in a moment.")
    assert 1 <= int(answer.headers["retry-after"]) <= 120


async def readiness(http: httpx.AsyncClient) -> tuple[int, dict[str, str]]:
    """The status of the readiness route, and what it says of each part."""
    answer = await http.get("/health/ready")
    checks: dict[str, str] = answer.json()["checks"]
    return answer.status_code, checks


async def recovered(http: httpx.AsyncClient) -> httpx.Response:
    """The answer of the first edit that is carried out; asks until there is one."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while (answer := await post(http, edit())).status_code != httpx.codes.OK:
        assert time.monotonic() < deadline, answer.text
        await asyncio.sleep(0.1)
    return answer
