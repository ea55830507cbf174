"""What the administrator's pages read and change."""

import csv
import importlib
import io
import pkgutil
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import AsyncClient, codes

from frontend.errors.service import UnavailableError
from frontend.routes import admin as admin_routes
from frontend.services import Services
from frontend.usage.table import Usage
from tests.frontend.painter import Painter

API = "/admin/api"
REQUESTS = (
    ("GET", "/keys"),
    ("POST", "/keys"),
    ("PUT", "/keys/key_1"),
    ("DELETE", "/keys/key_1"),
    ("GET", "/usage?by=day"),
    ("GET", "/usage.csv?by=day"),
    ("GET", "/blocked-users"),
    ("POST", "/blocked-users"),
    ("DELETE", "/blocked-users?end_user=x"),
    ("GET", "/status"),
)


@pytest.mark.parametrize(("method", "path"), REQUESTS)
async def test_nobody_else_may_ask(page: AsyncClient, key: str, method: str, path: str) -> None:
    """Neither a stranger nor the holder of a key."""
    for headers in ({}, {"Authorization": f"Bearer {key}"}):
        answer = await page.request(method, API + path, json={}, headers=headers)
        assert answer.status_code == codes.UNAUTHORIZED
        assert answer.json()["error"]["code"] == "not_signed_in"


@pytest.mark.parametrize("method_and_path", [("POST", "/session"), ("PUT", "/keys/key_1")])
@pytest.mark.parametrize("is_declared", [True, False])
async def test_a_strangers_large_body_is_refused_unread(
    page: AsyncClient, method_and_path: tuple[str, str], is_declared: bool
) -> None:
    """FastAPI would keep and parse it all before it asks whether anybody is signed in."""
    method, path = method_and_path
    taken = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1024):
            taken += 1
            yield bytes(64 * 1024)

    headers = {"Content-Type": "application/json"}
    if is_declared:
        headers["Content-Length"] = str(64 * 2**20)
    answer = await page.request(method, API + path, content=body(), headers=headers)
    assert answer.status_code == codes.REQUEST_ENTITY_TOO_LARGE
    assert answer.json()["error"]["code"] == "request_too_large"
    assert taken <= 2


def test_the_requests_above_are_all() -> None:
    """A route that is added must be added there."""
    modules = {module.name for module in pkgutil.iter_modules(admin_routes.__path__)}
    routes = [
        route
        for name in modules - {"router", "session"}
        for route in importlib.import_module(f"{admin_routes.__name__}.{name}").router.routes
    ]
    there = {(method, route.path) for route in routes for method in route.methods}
    asked = {(method, path.split("?")[0]) for method, path in REQUESTS}
    assert there == {(method, path.replace("key_1", "{key_id}")) for method, path in asked}


async def test_a_key_is_made_limited_changed_and_revoked(admin: AsyncClient) -> None:
    limits = {"images_per_minute": 5, "models": ["retouch-mini"], "expires_at": 2_000_000_000}
    made = await admin.post(f"{API}/keys", json={"name": "team", **limits})
    secret = made.raise_for_status().json()["secret"]
    bearer = {"Authorization": f"Bearer {secret}"}

    models = await admin.get("/v1/models", headers=bearer)
    assert [model["id"] for model in models.json()["data"]] == ["retouch-mini"]
    [listed] = [key for key in await keys(admin) if key["name"] == "team"]
    assert listed.items() >= limits.items()
    assert secret not in str(listed)
    assert secret.startswith(listed["prefix"])

    changed = await admin.put(f"{API}/keys/{listed['id']}", json={"concurrent_edits": 2})
    assert changed.json()["concurrent_edits"] == 2
    assert changed.json()["models"] is None

    await admin.delete(f"{API}/keys/{listed['id']}")
    refused = await admin.get("/v1/models", headers=bearer)
    assert refused.status_code == codes.UNAUTHORIZED
    again = await admin.delete(f"{API}/keys/{listed['id']}")
    assert again.status_code == codes.NOT_FOUND
    assert again.json()["error"]["code"] == "key_not_found"


async def keys(admin: AsyncClient) -> list[dict[str, Any]]:
    answer = await admin.get(f"{API}/keys")
    listed: list[dict[str, Any]] = answer.raise_for_status().json()["data"]
    return listed


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"images_per_minute": 0}, "images_per_minute"),
        ({"concurrent_edits": "many"}, "concurrent_edits"),
        ({"models": []}, "models"),
        ({"limit": 3}, "limit"),
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(
    admin: AsyncClient, change: dict[str, Any], param: str
) -> None:
    answer = await admin.post(f"{API}/keys", json={"name": "team", **change})
    assert answer.status_code == codes.BAD_REQUEST
    assert answer.json()["error"]["param"] == param


async def test_usage_is_summed_up_and_comes_as_a_file(
    admin: AsyncClient, services: Services
) -> None:
    await note_usage(services, "=HYPERLINK()", images=3)
    await note_usage(services, "ada", images=2)
    answer = await admin.get(f"{API}/usage", params={"by": "user"})
    assert {line["group"]: line["images"] for line in answer.json()["data"]} == {
        "=HYPERLINK()": 3,
        "ada": 2,
    }
    file = await admin.get(f"{API}/usage.csv", params={"by": "user"})
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(file.text)))
    # A spreadsheet would carry out what begins like a formula.
    assert [(row["group"], row["images"]) for row in rows] == [("'=HYPERLINK()", "3"), ("ada", "2")]


async def note_usage(services: Services, user: str, images: int) -> None:
    usage = Usage(
        request_id=f"req_{user}",
        created_at=int(time.time()),
        key_id="key_1",
        end_user=user,
        model="retouch-mini",
        images=images,
        size="256x256",
        status=200,
        code=None,
        duration_milliseconds=500,
    )
    async with services.database.transaction() as session:
        session.add(usage)


@pytest.mark.parametrize("query", ["", "?by=moon", "?by=day&days=0", "?by=day&days=x"])
async def test_a_report_of_nothing_known_is_refused(admin: AsyncClient, query: str) -> None:
    answer = await admin.get(f"{API}/usage{query}")
    assert answer.status_code == codes.BAD_REQUEST


@pytest.mark.parametrize("user", ["mallory", "a/b?c&d=e", "Zo\u00eb \U0001f3a8"])
async def test_a_user_is_blocked_and_let_in_again(admin: AsyncClient, user: str) -> None:
    block = {"end_user": user, "reason": "spam"}
    (await admin.post(f"{API}/blocked-users", json=block)).raise_for_status()
    listed = (await admin.get(f"{API}/blocked-users")).json()["data"]
    assert [(entry["end_user"], entry["reason"]) for entry in listed] == [(user, "spam")]
    lifted = await admin.delete(f"{API}/blocked-users", params={"end_user": user})
    assert lifted.status_code == codes.NO_CONTENT
    assert (await admin.get(f"{API}/blocked-users")).json()["data"] == []
    again = await admin.delete(f"{API}/blocked-users", params={"end_user": user})
    assert again.json()["error"]["code"] == "not_blocked"


async def test_the_status_lists_every_model(admin: AsyncClient, painter: Painter) -> None:
    status = (await admin.get(f"{API}/status")).raise_for_status().json()
    assert (status["triton"], status["draining"]) == ("ok", False)
    assert [model["model"] for model in status["models"]] == list(painter.served)
    assert all(model["running_images"] == model["waiting_edits"] == 0 for model in status["models"])


async def test_the_status_says_that_triton_is_gone(admin: AsyncClient, painter: Painter) -> None:
    painter.failure = UnavailableError()
    status = (await admin.get(f"{API}/status")).raise_for_status().json()
    assert (status["triton"], status["models"]) == ("unreachable", [])
