"""Result URLs: signed, served to anyone who has one, gone after their time; in every store."""

import asyncio
import resource
import socket
import stat
import time
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.routing import Mount

from frontend.app import create_app
from frontend.errors.request import ResultExpiredError, ResultNotFoundError
from frontend.errors.service import UnavailableError
from frontend.pictures.formats import PictureFormat
from frontend.results.open_store import open_store
from frontend.results.secret import url_secret
from frontend.results.store import Result, Results
from frontend.results.urls import ResultUrls
from frontend.services import Services
from frontend.settings import Settings
from tests.frontend import s3
from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, noise, png_of

PNG = b"\x89PNG not really"
S3_URL = "s3://results/some/prefix"


def file_name_of(url: str) -> str:
    return url.rpartition("/")[2]


@pytest.fixture(params=["folder", "s3"])
def settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """The usual settings, with each store in turn."""
    if request.param == "folder":
        return settings
    request.getfixturevalue("s3_environment")
    return settings.model_copy(update={"result_store": S3_URL})


@pytest.fixture
def results(settings: Settings) -> Results:
    return Results(open_store(settings), ResultUrls(b"secret", "http://host"), 60)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [float(int(time.time()))]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


@pytest.mark.parametrize("authorization", [None, "Bearer sk-anything", "Basic x"])
@pytest.mark.usefixtures("clock")
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
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["access-control-allow-origin"] == "*"
    head = await anonymous.head(url)
    assert (head.status_code, head.content) == (200, b"")
    own = {"x-request-id", "openai-processing-ms"}
    told = [
        {name: value for name, value in headers.items() if name not in own}
        for headers in (head.headers, answer.headers)
    ]
    assert told[0] == told[1]


async def test_a_picture_may_be_cached_as_long_as_its_url_works(
    services: Services, anonymous: AsyncClient, clock: list[float]
) -> None:
    url = await services.results.save(PNG)
    clock[0] += 600
    answer = await anonymous.get(url)
    assert answer.headers["cache-control"] == "private, max-age=3000, immutable"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
async def test_a_picture_that_the_client_has_is_not_sent_again(
    services: Services, anonymous: AsyncClient, form: str
) -> None:
    url = await services.results.save(PNG)
    etag = (await anonymous.get(url)).headers["etag"]
    answer = await anonymous.get(url, headers={"If-None-Match": form.format(etag)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    other = await services.results.save(PNG)
    assert (await anonymous.get(other, headers={"If-None-Match": etag})).status_code == 200


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=2-5", range(2, 6)),
        ("bytes=3-", range(3, len(PNG))),
        ("bytes=3-999", range(3, len(PNG))),
        ("bytes=-4", range(len(PNG) - 4, len(PNG))),
        ("bytes=-999", range(len(PNG))),
    ],
)
async def test_a_range_is_served_alone(
    services: Services, anonymous: AsyncClient, header: str, span: range
) -> None:
    answer = await anonymous.get(await services.results.save(PNG), headers={"Range": header})
    assert answer.status_code == 206
    assert answer.content == PNG[span.start : span.stop]
    shown = f"bytes {span.start}-{span.stop - 1}/{len(PNG)}"
    assert answer.headers["content-range"] == shown
    assert answer.headers["content-length"] == str(len(span))


@pytest.mark.parametrize(
    "header", ["bytes=5-2", "lines=1-2", "bytes=1-2,4-5", "bytes=-", "bytes", "bytes=x-y", ""]
)
async def test_a_range_that_means_nothing_to_us_is_ignored(
    services: Services, anonymous: AsyncClient, header: str
) -> None:
    answer = await anonymous.get(await services.results.save(PNG), headers={"Range": header})
    assert (answer.status_code, answer.content) == (200, PNG)


@pytest.mark.parametrize("header", [f"bytes={len(PNG)}-", "bytes=999-1000", "bytes=-0"])
async def test_a_range_behind_the_end_is_416_and_says_how_long_the_picture_is(
    services: Services, anonymous: AsyncClient, header: str
) -> None:
    answer = await anonymous.get(await services.results.save(PNG), headers={"Range": header})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(PNG)}"
    assert answer.json()["error"]["code"] == "range_not_satisfiable"


async def test_a_range_of_another_picture_becomes_the_whole_one(
    services: Services, anonymous: AsyncClient
) -> None:
    url = await services.results.save(PNG)
    etag = (await anonymous.head(url)).headers["etag"]
    asked = {"Range": "bytes=2-5"}
    same = await anonymous.get(url, headers=asked | {"If-Range": etag})
    other = await anonymous.get(url, headers=asked | {"If-Range": '"other"'})
    assert (same.status_code, other.status_code) == (206, 200)


async def test_a_url_ends_with_its_time_and_the_sweep_removes_the_picture(
    results: Results, clock: list[float]
) -> None:
    file_name = file_name_of(await results.save(PNG))
    assert results.find(file_name).left_seconds == 60
    assert await results.read(results.find(file_name)) == PNG
    clock[0] += 30
    assert await results.sweep() == 0
    assert results.find(file_name).left_seconds == 30
    found = results.find(file_name)
    clock[0] += 31
    with pytest.raises(ResultExpiredError):
        results.find(file_name)
    assert await results.sweep() == 1
    assert await results.sweep() == 0
    with pytest.raises(ResultNotFoundError):
        await results.read(found)


async def test_the_sweep_goes_through_every_page_and_leaves_what_is_not_ours(
    settings: Settings, clock: list[float]
) -> None:
    store = open_store(settings)
    await store.put_async("notes.txt", b"not a result")
    lifetimes = {seconds: Results(store, ResultUrls(b"x", ""), seconds) for seconds in (60, 120)}
    for _ in range(s3.PAGE_KEYS + 1):
        for results in lifetimes.values():
            await results.save(PNG)
    clock[0] += 61
    assert await lifetimes[60].sweep() == s3.PAGE_KEYS + 1
    clock[0] += 60
    assert await lifetimes[60].sweep() == s3.PAGE_KEYS + 1
    assert bytes(await (await store.get_async("notes.txt")).bytes_async()) == b"not a result"


async def test_the_sweep_goes_on_by_itself(results: Results, clock: list[float]) -> None:
    sweeping = asyncio.create_task(results.sweep_forever(0.01))
    await asyncio.sleep(0.05)
    found = results.find(file_name_of(await results.save(PNG)))
    clock[0] += 61
    async with asyncio.timeout(30):
        while await is_there(results, found):
            await asyncio.sleep(0.01)
    sweeping.cancel()


async def is_there(results: Results, found: Result) -> bool:
    try:
        await results.size_bytes(found)
    except ResultNotFoundError:
        return False
    return True


async def test_a_picture_that_is_gone_is_not_found(results: Results, clock: list[float]) -> None:
    found = results.find(file_name_of(ResultUrls(b"secret", "").url(f"{int(clock[0]) + 9}-2.png")))
    for reading in (results.read(found), results.size_bytes(found)):
        with pytest.raises(ResultNotFoundError):
            await reading


@pytest.mark.parametrize("token", ["x", "../../retouch.db", "WyJ4IiwxXQ.AAAA", "%00", "\u00e4"])
async def test_a_token_that_is_not_ours_is_404(anonymous: AsyncClient, token: str) -> None:
    answer = await anonymous.get(f"/v1/images/results/{token}.png")
    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("part", [0, 1, 2])
async def test_a_changed_url_is_404(services: Services, anonymous: AsyncClient, part: int) -> None:
    url = await services.results.save(PNG)
    parts = file_name_of(url).split(".")  # name, signature, suffix
    parts[part] = ("A" if parts[part][0] != "A" else "B") + parts[part][1:]
    answer = await anonymous.get(url.replace(file_name_of(url), ".".join(parts)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "result_not_found")


@pytest.mark.parametrize("kind", PictureFormat)
async def test_a_picture_is_served_as_the_file_that_it_is(
    services: Services, anonymous: AsyncClient, kind: PictureFormat
) -> None:
    url = await services.results.save(b"a picture", kind)
    assert url.endswith(f".{kind}")
    answer = await anonymous.get(url)
    assert answer.content == b"a picture"
    assert answer.headers["content-type"] == f"image/{kind}"
    assert answer.headers["content-disposition"] == f'inline; filename="edit.{kind}"'
    # Nor would a browser take it for anything else, or carry out what it may hold.
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


async def test_a_store_out_of_reach_is_503_within_seconds(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"http://127.0.0.1:{listener.getsockname()[1]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", nobody)
    for name, value in s3.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    store = open_store(settings.model_copy(update={"result_store": S3_URL}))
    results = Results(store, ResultUrls(b"secret", ""), 60)
    async with asyncio.timeout(15):
        for work in (results.save(PNG), results.sweep()):
            with pytest.raises(UnavailableError):
                await work


@pytest.mark.parametrize("settings", ["s3"], indirect=True)
async def test_a_bucket_that_does_not_exist_is_503_and_not_404(settings: Settings) -> None:
    store = open_store(settings.model_copy(update={"result_store": "s3://elsewhere"}))
    with pytest.raises(UnavailableError):
        await Results(store, ResultUrls(b"secret", ""), 60).save(PNG)


@pytest.mark.parametrize("settings", ["folder"], indirect=True)
async def test_a_picture_that_does_not_fit_on_the_disk_is_503_and_not_there(
    settings: Settings, results: Results
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # the write fails in the middle
    try:
        with pytest.raises(UnavailableError):
            await results.save(bytes(10_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((settings.home / "results").iterdir()) == []


async def test_frontends_with_one_secret_and_one_store_serve_each_others_results(
    settings: Settings, tmp_path: Path
) -> None:
    store = settings.result_store or f"file://{tmp_path}/shared%20results"
    shared = {"result_store": store, "url_secret": "s" * 32}
    one, two = (
        create_app(Settings.model_validate(shared | {"home": tmp_path / name}), lambda _: Painter())
        for name in ("one", "two")
    )
    async with one.router.lifespan_context(one), two.router.lifespan_context(two):
        url = await one.state.services.results.save(PNG)
        async with AsyncClient(transport=ASGITransport(app=two)) as client:
            assert (await client.get(url)).content == PNG


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    first = url_secret(settings)
    assert first == url_secret(settings)
    [file] = (tmp_path / "home").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(first) == 32


def test_the_secret_can_be_a_setting_or_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("f" * 40 + "\n")
    assert url_secret(Settings.model_validate({"url_secret": "s" * 32})) == b"s" * 32
    from_file = Settings(url_secret_file=tmp_path / "secret")
    assert url_secret(from_file) == b"f" * 40
    assert "sss" not in repr(Settings.model_validate({"url_secret": "s" * 32}))


@pytest.mark.parametrize(
    "values",
    [
        {"url_secret": "short"},
        {"url_secret": "s" * 32, "url_secret_file": "/etc/passwd"},
        {"url_secret_file": "/nowhere"},
        {"trusted_proxies": "everybody"},
        {"trusted_proxies": ""},
        {"trusted_proxies": "10.0.0.1/8"},  # bits behind the network's
        {"result_store": "/folder"},
        {"result_store": "ftp://host/folder"},
        {"result_store": "s3://"},
    ],
)
def test_a_setting_that_cannot_work_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(values)


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


async def test_urls_work_under_a_path_of_a_public_address(
    settings: Settings, painter: Painter
) -> None:
    public = settings.model_validate(
        settings.model_dump() | {"public_base_url": "https://edit.example/api"}
    )
    app = create_app(public, lambda _: painter)
    proxy = Starlette(routes=[Mount("/api", app)])
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app=proxy), base_url="http://inside") as client,
    ):
        services: Services = app.state.services
        client.headers["Authorization"] = f"Bearer {await services.keys.create('tests')}"
        answer = await client.post(
            "/api/v1/images/edits",
            data={"prompt": "a bird", "model": "retouch-mini", "size": "256x256"},
            files={"image": png_of(noise(64)), "mask": png_of(mask_with_hole(64, 1, 1, 9, 9))},
        )
        url = answer.json()["data"][0]["url"]
        assert url.startswith("https://edit.example/api/v1/images/results/")
        assert (await client.get(url)).status_code == 200


async def test_the_hosts_header_has_no_say_in_urls(
    services: Services, anonymous: AsyncClient
) -> None:
    answer = await anonymous.get("/v1/models", headers={"Host": "evil.example"})
    assert "evil" not in answer.text
    assert (await services.results.save(PNG)).startswith("http://127.0.0.1:8099/")
