"""The API works through the proxy as it does without."""

import asyncio
import ssl
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from http.client import HTTPSConnection

import httpx
import httpx2
import numpy as np
import pytest
from openai import AsyncOpenAI

from tests.e2e.edits import Edit, pixels, png, post, random_edit
from tests.e2e.models import BUILT_IN, SMALL
from tests.e2e.product import Product
from tests.servers.nginx import Proxy

MEBIBYTE = 2**20
PAGE = {"Retouch-Page": "1"}


@pytest.fixture
def edit() -> Edit:
    return random_edit(np.random.default_rng(30), BUILT_IN)


async def test_the_official_client_edits_and_its_url_works(
    proxy: Proxy, frontend: Product, edit: Edit
) -> None:
    async with (
        httpx.AsyncClient(verify=proxy.tls, timeout=60) as downloads,
        AsyncOpenAI(
            base_url=f"{proxy.url}/v1",
            api_key=frontend.key,
            max_retries=0,
            http_client=httpx2.AsyncClient(verify=proxy.tls, timeout=60),
        ) as openai,
    ):
        answer = await openai.images.edit(
            model=BUILT_IN,
            image=png(edit.picture),
            mask=png(edit.mask),
            prompt="a red circle",
            size="256x256",
        )
        [image] = answer.data or []
        assert image.url is not None
        assert image.url.startswith(f"{proxy.url}/v1/images/results/")
        picture = pixels((await downloads.get(image.url)).content)
    kept = ~edit.repainted
    assert (picture[kept] == np.asarray(edit.picture)[kept]).all()
    assert image.url.rpartition("/")[2] not in proxy.log.read_text()


async def test_previews_come_while_the_picture_is_painted(
    http: httpx.AsyncClient, edit: Edit
) -> None:
    fields = edit.fields | {"stream": "true", "partial_images": "2", "num_inference_steps": "90"}
    async with http.stream("POST", "/v1/images/edits", data=fields, files=edit.files()) as stream:
        arrivals = [
            (line.removeprefix("event: "), time.monotonic())
            async for line in stream.aiter_lines()
            if line.startswith("event: ")
        ]
    names, moments = zip(*arrivals, strict=True)
    partial, completed = "image_edit.partial_image", "image_edit.completed"
    assert names == (partial, partial, completed)
    # A buffer would let all of them through at once.
    assert moments[1] - moments[0] > 0.1
    assert moments[2] - moments[1] > 0.1


async def test_a_body_that_the_proxy_lets_through_is_refused_by_the_frontend_with_its_limit(
    http: httpx.AsyncClient,
) -> None:
    answer = await http.post("/v1/images/edits", files={"image": bytes(32 * MEBIBYTE)})
    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert "the limit of 33554432 bytes" in answer.json()["error"]["message"]


async def test_an_upload_of_unknown_length_is_stopped_at_the_limit(http: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="image"\r\n\r\n'
        for _ in range(40):
            yield bytes(MEBIBYTE)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await http.post("/v1/images/edits", content=endless(), headers=headers)
    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert answer.json()["error"]["code"] == "request_too_large"


@pytest.mark.parametrize(("path", "status"), [("/v1/images/edits", 401), ("/nowhere", 404)])
async def test_a_client_that_sends_everything_before_it_listens_is_told_why(
    proxy: Proxy, path: str, status: int
) -> None:
    def send() -> int:
        connection = HTTPSConnection("127.0.0.1", proxy.https_port, context=proxy.tls)
        connection.request("POST", path, bytes(20 * MEBIBYTE))
        answered = connection.getresponse().status
        connection.close()
        return answered

    for _ in range(5):
        assert await asyncio.to_thread(send) == status


async def test_edits_over_one_kept_connection_all_work(http: httpx.AsyncClient) -> None:
    for number in range(6):
        edit = random_edit(np.random.default_rng(number), SMALL)
        answer = await post(http, edit)
        assert answer.status_code == httpx.codes.OK
        [image] = answer.json()["data"]
        kept = ~edit.repainted
        picture = pixels(b64decode(image["b64_json"]))
        assert (picture[kept] == np.asarray(edit.picture)[kept]).all()


async def test_pages_come_compressed_with_their_policy_over_http_2(proxy: Proxy) -> None:
    program = await asyncio.create_subprocess_exec(
        *("curl", "--silent", "--include", "--http2", "--cacert", str(proxy.certificate)),
        *("--header", "Accept-Encoding: gzip", "--output", "-", proxy.url),
        stdout=asyncio.subprocess.PIPE,
    )
    head = (await program.communicate())[0].partition(b"\r\n\r\n")[0].decode().lower()
    assert head.startswith("http/2 200")
    for header in ("content-security-policy: ", "strict-transport-security: max-age=31536000"):
        assert head.count(header) == 1
    assert "content-encoding: gzip" in head


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_modern_tls_is_spoken(proxy: Proxy, version: ssl.TLSVersion) -> None:
    tls = proxy.tls
    tls.minimum_version = tls.maximum_version = version
    async with httpx.AsyncClient(verify=tls) as client:
        assert (await client.get(proxy.url)).status_code == httpx.codes.OK


async def test_old_tls_is_not_spoken(proxy: Proxy) -> None:
    program = await asyncio.create_subprocess_exec(
        *("openssl", "s_client", "-connect", f"127.0.0.1:{proxy.https_port}", "-tls1_1"),
        *("-cipher", "DEFAULT@SECLEVEL=0"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await program.communicate())[0].decode()
    assert "alert protocol version" in said


@pytest.fixture
def sign_in(proxy: Proxy, frontend: Product) -> Callable[[str, str, bool], Awaitable[int]]:
    """Try to sign in from an address of ours while claiming another."""

    async def attempt(source: str, claimed: str, behind_proxy: bool) -> int:
        transport = httpx.AsyncHTTPTransport(verify=proxy.tls, local_address=source)
        async with httpx.AsyncClient(transport=transport) as browser:
            answer = await browser.post(
                f"{proxy.url if behind_proxy else frontend.url}/admin/api/session",
                json={"secret": "wrong"},
                headers=PAGE | {"X-Forwarded-For": claimed},
            )
        return answer.status_code

    return attempt


@pytest.mark.parametrize(("source", "behind_proxy"), [("127.0.0.2", True), ("127.0.0.4", False)])
async def test_an_address_that_a_client_makes_up_does_not_help_against_the_limit_of_sign_ins(
    sign_in: Callable[[str, str, bool], Awaitable[int]], source: str, behind_proxy: bool
) -> None:
    told = [await sign_in(source, f"10.0.0.{number}", behind_proxy) for number in range(6)]
    assert told == [401] * 5 + [429]
    # Another client has attempts of its own.
    assert await sign_in(f"{source}0", "10.0.0.0", behind_proxy) == 401
