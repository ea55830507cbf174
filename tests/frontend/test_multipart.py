"""Forms arrive in pieces."""

import asyncio
from contextlib import suppress
from itertools import chain, repeat
from typing import Any

import pytest
from httpx import Request as ClientRequest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from frontend.errors.request import BodyTooLargeError, MalformedBodyError, SlowUploadError
from frontend.forms.multipart import Part, read_parts

LIMIT_BYTES = 5 * 2**20
LIMIT_SECONDS = 60


def arriving(content_type: str, body: bytes, cuts: list[int]) -> Request:
    """A request whose body comes in pieces, cut at the given places."""
    ends = [*sorted(min(cut, len(body)) for cut in cuts), len(body)]
    starts = [0, *ends[:-1]]
    pieces = [body[start:end] for start, end in zip(starts, ends, strict=True)]

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    headers = [(b"content-type", content_type.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def sent(data: dict[str, str], files: dict[str, Any]) -> tuple[str, bytes]:
    request = ClientRequest("POST", "http://test", data=data, files=files)
    return request.headers["content-type"], request.read()


def read(content_type: str, body: bytes, cuts: list[int]) -> list[Part]:
    return asyncio.run(read_parts(arriving(content_type, body, cuts), LIMIT_BYTES, LIMIT_SECONDS))


@given(
    text=st.text(st.characters(exclude_categories=["Cs"])),
    file=st.binary(max_size=300),
    cuts=st.lists(st.integers(0, 700), max_size=8),
)
def test_a_form_is_the_same_however_it_is_cut(text: str, file: bytes, cuts: list[int]) -> None:
    files = {"image[]": ('a "name".png', file, "image/png")}
    content_type, body = sent({"prompt": text}, files)
    prompt, image = read(content_type, body, cuts)
    assert (prompt.name, prompt.content_type, prompt.data.decode()) == ("prompt", None, text)
    assert (image.name, image.content_type, bytes(image.data)) == ("image[]", "image/png", file)
    assert image.size_bytes == len(file)


@given(body=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=3))
def test_any_bytes_are_a_form_or_an_error_of_ours(body: bytes, cuts: list[int]) -> None:
    with suppress(MalformedBodyError):
        parts = read("multipart/form-data; boundary=x", b"--x\r\n" + body, cuts)
        assert all(part.name for part in parts)


def test_of_a_part_that_is_too_large_only_the_first_four_mebibytes_are_kept() -> None:
    size_bytes = 4 * 2**20 + 1000
    content_type, body = sent({}, {"image": bytes(size_bytes)})
    [image] = read(content_type, body, [2**20, 3 * 2**20])
    assert (len(image.data), image.size_bytes) == (4 * 2**20, size_bytes)


def test_a_body_beyond_the_limit_is_refused() -> None:
    content_type, body = sent({}, {"image": bytes(LIMIT_BYTES)})
    with pytest.raises(BodyTooLargeError):
        read(content_type, body, [2**20])


async def test_a_body_that_takes_too_long_is_given_up_however_often_something_comes() -> None:
    pieces = chain([b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n"], repeat(b"-"))

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": next(pieces), "more_body": True}

    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    async with asyncio.timeout(5):
        with pytest.raises(SlowUploadError, match=r"within 0\.2 seconds"):
            await read_parts(request, LIMIT_BYTES, 0.2)
