"""Result URLs: signed, served to anyone who has one, gone after their time."""

import stat
import time
from pathlib import Path

import pytest
from httpx import AsyncClient
from obstore.store import MemoryStore

from frontend.errors.request import ResultExpiredError, ResultNotFoundError
from frontend.results.secret import url_secret
from frontend.results.store import Results
from frontend.results.urls import ResultUrls
from frontend.services import Services
from frontend.settings import Settings

PNG = b"\x89PNG not really"


def token_of(url: str) -> str:
    return url.rpartition("/")[2].removesuffix(".png")


def results(lifetime_seconds: int = 60) -> Results:
    return Results(MemoryStore(), ResultUrls(b"secret", "http://host"), lifetime_seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [float(int(time.time()))]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


@pytest.mark.parametrize("authorization", [None, "Bearer sk-anything"])
async def test_a_url_serves_with_and_without_a_key(
    services: Services, anonymous: AsyncClient, authorization: str | None
) -> None:
    url = await services.results.save(PNG)
    headers = {"Authorization": authorization} if authorization else {}
    answer = await anonymous.get(url, headers=headers)
    assert answer.status_code == 200
    assert answer.content == PNG
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith("inline")
    assert "max-age=" in answer.headers["cache-control"]
    head = await anonymous.head(url)
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(PNG)))


async def test_a_url_ends_with_its_time_and_the_sweep_removes_the_picture(
    clock: list[float],
) -> None:
    kept = results(60)
    token = token_of(await kept.save(PNG))
    assert await kept.load(token) == (PNG, 60)
    clock[0] += 30
    assert await kept.sweep() == 0
    assert (await kept.load(token))[1] == 30
    clock[0] += 31
    with pytest.raises(ResultExpiredError):
        await kept.load(token)
    assert await kept.sweep() == 1
    assert await kept.sweep() == 0


async def test_a_picture_that_is_gone_is_not_found(clock: list[float]) -> None:
    token = token_of(ResultUrls(b"secret", "").url(f"{int(clock[0]) + 9}-2"))
    with pytest.raises(ResultNotFoundError):
        await results().load(token)


@pytest.mark.parametrize("token", ["x", "../../retouch.db", "WyJ4IiwxXQ.AAAA", "%00", "\u00e4"])
async def test_a_token_that_is_not_ours_is_404(anonymous: AsyncClient, token: str) -> None:
    answer = await anonymous.get(f"/v1/images/results/{token}.png")
    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "invalid_request_error"


async def test_a_changed_url_is_404(services: Services, anonymous: AsyncClient) -> None:
    url = await services.results.save(PNG)
    token = token_of(url)
    body, _, signature = token.partition(".")
    other = ("A" if body[0] != "A" else "B") + body[1:]
    answer = await anonymous.get(url.replace(token, f"{other}.{signature}"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "result_not_found")


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = url_secret(tmp_path / "home")
    assert first == url_secret(tmp_path / "home")
    [file] = (tmp_path / "home").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(first) == 32


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"port": 8080}, "http://127.0.0.1:8080"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8080"),  # noqa: S104
        ({"host": "::1"}, "http://[::1]:8080"),
        ({"public_base_url": "https://edit.example/api/"}, "https://edit.example/api"),
    ],
)
def test_urls_begin_as_the_operator_says(values: dict[str, str], expected: str) -> None:
    assert Settings.model_validate(values).base_url == expected


async def test_the_hosts_header_has_no_say_in_urls(
    services: Services, anonymous: AsyncClient
) -> None:
    answer = await anonymous.get("/v1/models", headers={"Host": "evil.example"})
    assert "evil" not in answer.text
    assert (await services.results.save(PNG)).startswith("http://127.0.0.1:8099/")
