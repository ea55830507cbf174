"""What only a real server and real sockets show."""

import asyncio
import http.client
from collections.abc import AsyncIterator

import pytest
import uvicorn
from fastapi import FastAPI
from httpx import AsyncClient

from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, noise, png_of

FILES = {"image": png_of(noise(64)), "mask": png_of(mask_with_hole(64, 10, 10, 30, 30))}
FIELDS = {"prompt": "a bird", "model": "retouch-mini", "size": "256x256"}
MEBIBYTE = 2**20


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    [listener] = server.servers[0].sockets
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving


@pytest.fixture
async def browser(address: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(base_url=address) as client:
        yield client


async def test_an_edit_works_over_a_socket(browser: AsyncClient, key: str) -> None:
    browser.headers["Authorization"] = f"Bearer {key}"
    answer = await browser.post("/v1/images/edits", data=FIELDS, files=FILES)
    assert answer.status_code == 200


async def test_a_closed_socket_cancels_the_edit(
    browser: AsyncClient, key: str, painter: Painter
) -> None:
    browser.headers["Authorization"] = f"Bearer {key}"
    painter.may_finish.clear()
    for count in range(1, 5):
        request = asyncio.create_task(browser.post("/v1/images/edits", data=FIELDS, files=FILES))
        while painter.running == 0:
            await asyncio.sleep(0.005)
        request.cancel()  # httpx closes the connection
        async with asyncio.timeout(1):
            while painter.cancelled < count:
                await asyncio.sleep(0.005)
    assert painter.running == 0


@pytest.mark.parametrize("path", ["/v1/images/edits", "/nowhere"])
async def test_a_client_that_sends_everything_before_it_listens_is_told_why(
    address: str, path: str
) -> None:
    def send() -> int:
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        connection.request("POST", path, bytes(20 * MEBIBYTE))
        status = connection.getresponse().status
        connection.close()
        return status

    assert await asyncio.to_thread(send) in (401, 404)


async def test_an_upload_of_unknown_length_is_stopped_at_the_limit(
    browser: AsyncClient, key: str
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="image"\r\n\r\n'
        for _ in range(34):
            yield bytes(MEBIBYTE)

    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "multipart/form-data; boundary=x",
    }
    answer = await browser.post("/v1/images/edits", content=endless(), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "request_too_large"
