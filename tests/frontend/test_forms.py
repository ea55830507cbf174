"""Every kind of nonsense in a form gets an error that names it."""

from collections.abc import Sequence
from typing import Any

import pytest
from httpx import AsyncClient, Response

from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, noise, png_of
from tests.frontend.test_refusals import INVALID, check

IMAGE = png_of(noise(64))
MASK = png_of(mask_with_hole(64, 10, 10, 30, 30))
RGBA = png_of(mask_with_hole(64, 10, 10, 30, 30))
FIELDS = {"prompt": "a bird", "model": "retouch-mini", "size": "256x256"}
Parts = Sequence[tuple[str, Any]]


def without(name: str) -> dict[str, str]:
    return {field: value for field, value in FIELDS.items() if field != name}


async def post(client: AsyncClient, *, fields: Any = FIELDS, parts: Parts = ()) -> Response:
    files = [("image", IMAGE), ("mask", MASK), *parts]
    return await client.post("/v1/images/edits", data=fields, files=files)


@pytest.mark.parametrize(
    "field", ["n", "seed", "num_inference_steps", "output_compression", "partial_images"]
)
async def test_what_is_no_plain_integer_is_refused(client: AsyncClient, field: str) -> None:
    nonsense = ["", " ", " 1", "1 ", "1.0", "1e0", "1_0", "0x1", "true", "null", "\u0661", "--1"]
    for value in nonsense:
        fields = FIELDS | {"output_format": "webp"} | {field: value}
        said = check(await post(client, fields=fields), 400, INVALID, field, "invalid_type")
        assert said == f"Invalid type for '{field}': expected an integer.", value


@pytest.mark.parametrize("field", ["guidance_scale", "strength"])
async def test_what_is_no_plain_number_is_refused(client: AsyncClient, field: str) -> None:
    nonsense = ["", " ", "0.5 ", "0,5", "1_0.0", "0x1p0", "nan", "inf", "Infinity", "1e999", "true"]
    for value in nonsense:
        answer = await post(client, fields=FIELDS | {field: value})
        check(answer, 400, INVALID, field, "invalid_type")


async def test_every_way_to_write_a_plain_number_is_understood(
    client: AsyncClient, painter: Painter
) -> None:
    for value in ["1", "1.", ".5", "0.5", "5e-1", "+0.5", "1E0"]:
        assert (await post(client, fields=FIELDS | {"strength": value})).status_code == 200
        assert painter.edits[-1].strength == float(value)


@pytest.mark.parametrize(
    "field", ["size", "response_format", "quality", "background", "output_format"]
)
async def test_what_is_none_of_the_values_is_refused_in_few_words(
    client: AsyncClient, field: str
) -> None:
    for value in ["", "None", "1024X1024", "URL", "x" * 1_000_000]:
        answer = await post(client, fields=FIELDS | {field: value})
        said = check(answer, 400, INVALID, field, "invalid_value")
        assert "Supported values are: " in said
        assert len(said) < 400


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("prompt", "string_below_min_length"),
        ("model", "string_below_min_length"),
        ("n", "invalid_type"),
        ("stream", "invalid_type"),
    ],
)
async def test_an_empty_value_is_not_a_missing_one(
    client: AsyncClient, field: str, code: str
) -> None:
    check(await post(client, fields=FIELDS | {field: ""}), 400, INVALID, field, code)


async def test_an_unknown_model_of_megabytes_is_refused_in_few_words(client: AsyncClient) -> None:
    answer = await post(client, fields=FIELDS | {"model": "m" * 1_000_000})
    assert len(check(answer, 404, INVALID, "model", "model_not_found")) < 300


@pytest.mark.parametrize("field", ["user", "safety_identifier", "negative_prompt"])
async def test_an_empty_text_says_nothing(client: AsyncClient, field: str) -> None:
    assert (await post(client, fields=FIELDS | {field: ""})).status_code == 200


@pytest.mark.parametrize("field", ["prompt", "negative_prompt", "user", "model", "size"])
async def test_a_text_with_nul_or_without_utf8_is_refused(client: AsyncClient, field: str) -> None:
    for data in [b"a\0b", b"\xed\xa0\x80", b"\xff", b"\xc3", b"\xf5\x80\x80\x80"]:
        answer = await post(client, fields=without(field), parts=[(field, (None, data))])
        check(answer, 400, INVALID, field, "invalid_value")


async def test_a_text_may_declare_its_charset(client: AsyncClient, painter: Painter) -> None:
    for charset in ["utf-8", "UTF-8", '"utf-8"', "us-ascii"]:
        part = ("prompt", (None, b"a bird", f"text/plain; charset={charset}"))
        assert (await post(client, fields=without("prompt"), parts=[part])).status_code == 200
        assert painter.edits[-1].prompt == "a bird"


async def test_a_text_in_another_charset_is_refused(client: AsyncClient) -> None:
    for charset in ["iso-8859-1", "utf-16", "hex", "x" * 99]:
        part = ("prompt", (None, b"a bird", f"text/plain; charset={charset}"))
        answer = await post(client, fields=without("prompt"), parts=[part])
        check(answer, 400, INVALID, "prompt", "invalid_value")


@pytest.mark.parametrize("field", ["prompt", "n", "size", "user"])
async def test_a_file_in_place_of_a_text_is_refused(client: AsyncClient, field: str) -> None:
    answer = await post(client, fields=without(field), parts=[(field, ("a.txt", b"1"))])
    said = check(answer, 400, INVALID, field, "invalid_type")
    assert said == f"Invalid type for '{field}': expected a string, but got a file instead."


@pytest.mark.parametrize("name", [None, "a.png"])
async def test_a_picture_that_is_none_is_refused(client: AsyncClient, name: str | None) -> None:
    for data in [b"", b"hello", b"data:image/png;base64,iVBORw0KGgo=", IMAGE[:7]]:
        files: dict[str, Any] = {"image": (name, data), "mask": MASK}
        answer = await client.post("/v1/images/edits", data=FIELDS, files=files)
        check(answer, 400, INVALID, "image", "invalid_image_format")


@pytest.mark.parametrize("mask", ["mask", "mask[]"])
async def test_a_mask_that_nobody_chose_is_no_mask(client: AsyncClient, mask: str) -> None:
    """Browsers send an empty part with an empty file name."""
    body = form_of(
        *((f'name="{name}"', value.encode()) for name, value in FIELDS.items()),
        ('name="image"; filename="a.png"', RGBA),
        (f'name="{mask}"; filename=""', b""),
    )
    assert (await client.post("/v1/images/edits", **body)).status_code == 200


async def test_an_image_that_nobody_chose_is_missing(client: AsyncClient) -> None:
    body = form_of(
        *((f'name="{name}"', value.encode()) for name, value in FIELDS.items()),
        ('name="image"; filename=""', b""),
    )
    answer = await client.post("/v1/images/edits", **body)
    check(answer, 400, INVALID, "image", "missing_required_parameter")


@pytest.mark.parametrize("names", [("image[]", "image[]"), ("image", "image[]")])
async def test_two_images_are_refused_under_any_names(
    client: AsyncClient, names: tuple[str, str]
) -> None:
    files = [(name, IMAGE) for name in names]
    answer = await client.post("/v1/images/edits", data=FIELDS, files=files)
    said = check(answer, 400, INVALID, "image", "invalid_value")
    assert said == "Invalid 'image': expected exactly one, but got 2 instead."


@pytest.mark.parametrize(
    "disposition",
    [
        "name=\"image\"; filename*=UTF-8''%e2%82%ac.png",
        'name="image"; filename="a;b\\"c.png"',
        "name=image; filename=a.png",
    ],
)
async def test_file_names_of_every_form_are_read(client: AsyncClient, disposition: str) -> None:
    body = form_of(
        *((f'name="{name}"', value.encode()) for name, value in FIELDS.items()),
        (disposition, RGBA),
    )
    assert (await client.post("/v1/images/edits", **body)).status_code == 200


@pytest.mark.parametrize("disposition", ['filename="a.png"', 'name=""', "", "name"])
async def test_a_part_without_a_name_is_a_broken_form(
    client: AsyncClient, disposition: str
) -> None:
    answer = await client.post("/v1/images/edits", **form_of((disposition, b"x")))
    check(answer, 400, INVALID, None, "invalid_multipart_body")


@pytest.mark.parametrize("name", ["response_fmt", "prompt ", "Prompt", "prompt[]", "_charset_"])
async def test_a_name_that_is_not_ours_is_unknown(client: AsyncClient, name: str) -> None:
    answer = await post(client, fields=FIELDS | {name: "x"})
    check(answer, 400, INVALID, name, "unknown_parameter")


async def test_an_encoded_part_is_refused(client: AsyncClient) -> None:
    disposition = 'name="prompt"\r\nContent-Transfer-Encoding: base64'
    answer = await client.post("/v1/images/edits", **form_of((disposition, b"YSBiaXJk")))
    check(answer, 400, INVALID, None, "invalid_multipart_body")


@pytest.mark.parametrize("length", [1_000, 100_000, 5_000_000])
async def test_a_header_without_end_is_a_broken_form(client: AsyncClient, length: int) -> None:
    answer = await client.post("/v1/images/edits", **form_of(("x" * length, b"")))
    check(answer, 400, INVALID, None, "invalid_multipart_body")


def form_of(*parts: tuple[str, bytes]) -> dict[str, Any]:
    """A form written by hand: what follows `form-data` in each part's header, and its content."""
    body = b"".join(
        b"--x\r\nContent-Disposition: form-data; "
        + header.encode()
        + b"\r\n\r\n"
        + content
        + b"\r\n"
        for header, content in parts
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    return {"content": body + b"--x--\r\n", "headers": headers}
