"""Every row of the error table."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from httpx import AsyncClient, Response
from PIL import Image

from frontend.errors.service import UnavailableError
from tests.corpus import damage
from tests.corpus.damage import Damaged
from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, noise, png_of

IMAGE = png_of(noise(64))
MASK = png_of(mask_with_hole(64, 10, 10, 30, 30))
FIELDS = {"prompt": "a bird", "model": "retouch-mini", "size": "256x256"}
EMPTY: Mapping[str, Any] = {}
INVALID = "invalid_request_error"
UNUSABLE = "image_generation_user_error"


async def post(
    client: AsyncClient, fields: Mapping[str, Any] = FIELDS, files: Mapping[str, Any] = EMPTY
) -> Response:
    return await client.post(
        "/v1/images/edits", data=fields, files={"image": IMAGE, "mask": MASK} | dict(files)
    )


def check(answer: Response, status: int, kind: str, param: str | None, code: str | None) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"].startswith("req_")
    assert set(answer.json()) == {"error"}
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["type"], error["param"], error["code"]) == (kind, param, code)
    message: str = error["message"]
    return message


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("size", "1536x1024", "invalid_value"),
        ("response_format", "png", "invalid_value"),
        ("response_fmt", "url", "unknown_parameter"),
        ("input_fidelity", "high", "unknown_parameter"),
        ("quality", "hd", "invalid_value"),
        ("background", "transparent", "invalid_value"),
        ("output_format", "gif", "invalid_value"),
        ("output_compression", "50", "invalid_value"),
        ("n", "0", "integer_below_min_value"),
        ("n", "11", "integer_above_max_value"),
        ("n", "many", "invalid_type"),
        ("n", "1.5", "invalid_type"),
        ("n", "", "invalid_type"),
        ("prompt", "", "string_below_min_length"),
        ("prompt", "x" * 1001, "string_above_max_length"),
        ("seed", "-1", "integer_below_min_value"),
        ("seed", str(2**63), "integer_above_max_value"),
        ("seed", "9" * 5000, "invalid_type"),
        ("strength", "0", "decimal_below_min_value"),
        ("strength", "nan", "invalid_type"),
        ("guidance_scale", "51", "decimal_above_max_value"),
        ("num_inference_steps", "101", "integer_above_max_value"),
    ],
)
async def test_a_wrong_field_is_named(
    client: AsyncClient, field: str, value: str, code: str
) -> None:
    check(await post(client, FIELDS | {field: value}), 400, INVALID, field, code)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "size",
            "1536x1024",
            "Invalid value: '1536x1024'. "
            "Supported values are: '256x256', '512x512', and '1024x1024'.",
        ),
        ("response_format", "x", "Invalid value: 'x'. Supported values are: 'url' and 'b64_json'."),
        ("response_fmt", "url", "Unknown parameter: 'response_fmt'."),
        (
            "n",
            "11",
            "Invalid 'n': integer above maximum value. Expected a value <= 10, but got 11 instead.",
        ),
        (
            "prompt",
            "x" * 1001,
            "Invalid 'prompt': string too long. "
            "Expected a string with maximum length 1000, "
            "but got a string with length 1001 instead.",
        ),
    ],
)
async def test_a_wrong_field_is_explained_in_openais_words(
    client: AsyncClient, field: str, value: str, message: str
) -> None:
    answer = await post(client, FIELDS | {field: value})
    assert answer.json()["error"]["message"] == message


async def test_png_with_a_compression_level_is_refused(client: AsyncClient) -> None:
    fields = FIELDS | {"output_format": "png", "output_compression": "50"}
    said = check(await post(client, fields), 400, INVALID, "output_compression", "invalid_value")
    assert "'png' is lossless" in said


@pytest.mark.parametrize(("value", "limit"), [("-1", "below_min"), ("101", "above_max")])
async def test_a_compression_level_is_between_0_and_100(
    client: AsyncClient, value: str, limit: str
) -> None:
    fields = FIELDS | {"output_format": "webp", "output_compression": value}
    answer = await post(client, fields)
    check(answer, 400, INVALID, "output_compression", f"integer_{limit}_value")


@pytest.mark.parametrize("quality", ["low", "medium", "high"])
async def test_a_quality_and_a_number_of_steps_exclude_each_other(
    client: AsyncClient, quality: str
) -> None:
    fields = FIELDS | {"quality": quality, "num_inference_steps": "7"}
    said = check(await post(client, fields), 400, INVALID, "quality", "invalid_value")
    assert "num_inference_steps" in said


@pytest.mark.parametrize("field", ["prompt", "model"])
async def test_a_missing_field_is_named(client: AsyncClient, field: str) -> None:
    fields = {name: value for name, value in FIELDS.items() if name != field}
    said = check(await post(client, fields), 400, INVALID, field, "missing_required_parameter")
    assert said == f"Missing required parameter: '{field}'."


async def test_a_missing_image_is_named(client: AsyncClient) -> None:
    answer = await client.post("/v1/images/edits", data=FIELDS, files={"mask": MASK})
    check(answer, 400, INVALID, "image", "missing_required_parameter")


async def test_more_than_one_image_is_refused(client: AsyncClient) -> None:
    files = [("image[]", IMAGE), ("image[]", IMAGE)]
    answer = await client.post("/v1/images/edits", data=FIELDS, files=files)
    said = check(answer, 400, INVALID, "image", "invalid_value")
    assert said == "Invalid 'image': expected exactly one, but got 2 instead."


async def test_a_field_given_twice_is_refused(client: AsyncClient) -> None:
    answer = await post(client, FIELDS | {"n": ["1", "2"]})
    check(answer, 400, INVALID, "n", "invalid_value")


async def test_a_prompt_that_is_not_utf8_is_refused(client: AsyncClient) -> None:
    fields = {name: value for name, value in FIELDS.items() if name != "prompt"}
    answer = await post(client, fields, {"prompt": (None, b"\xff\xfe")})
    check(answer, 400, INVALID, "prompt", "invalid_value")


@pytest.mark.parametrize("param", ["image", "mask"])
@pytest.mark.parametrize("declared", ["image/png", "application/octet-stream"])
async def test_what_is_no_png_is_refused(client: AsyncClient, param: str, declared: str) -> None:
    buffer = io.BytesIO()
    Image.fromarray(noise(64)).save(buffer, "JPEG")
    answer = await post(client, files={param: ("picture", buffer.getvalue(), declared)})
    said = check(answer, 400, INVALID, param, "invalid_image_format")
    assert said == "Uploaded image must be a PNG and less than 4 MB."


async def test_another_type_that_is_no_png_is_refused_by_name(client: AsyncClient) -> None:
    answer = await post(client, files={"image": ("text.txt", b"hello", "text/plain")})
    said = check(answer, 400, INVALID, "image", "unsupported_file_mimetype")
    assert said == (
        "Invalid file 'image': unsupported mimetype ('text/plain'). "
        "Supported file formats are 'image/png'."
    )


async def test_a_png_is_accepted_whatever_its_declared_type(client: AsyncClient) -> None:
    answer = await post(client, files={"image": ("picture.txt", IMAGE, "text/plain")})
    assert answer.status_code == 200


@pytest.mark.parametrize("param", ["image", "mask"])
@pytest.mark.parametrize("too_many", [True, False])
async def test_four_mebibytes_are_too_many(client: AsyncClient, param: str, too_many: bool) -> None:
    png = IMAGE if param == "image" else MASK
    size_bytes = 4 * 2**20 - (0 if too_many else 1)
    answer = await post(client, files={param: png + bytes(size_bytes - len(png))})
    if too_many:
        check(answer, 400, INVALID, param, "invalid_image_format")
    else:
        assert answer.status_code == 200


async def test_a_body_that_is_much_too_large_is_refused_unread(client: AsyncClient) -> None:
    answer = await post(client, files={"image": bytes(33 * 2**20)})
    check(answer, 413, INVALID, None, "request_too_large")


async def test_an_image_that_is_not_square_is_refused(client: AsyncClient) -> None:
    answer = await post(client, files={"image": png_of(noise(64)[:32])})
    said = check(answer, 400, INVALID, "image", "invalid_image_format")
    assert said == "Uploaded image must be square, but it is 64x32 pixels."


async def test_too_many_pixels_are_refused_before_they_are_decoded(client: AsyncClient) -> None:
    bomb = bytearray(IMAGE)
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    answer = await post(client, files={"image": bytes(bomb)})
    check(answer, 400, INVALID, "image", "invalid_image_format")


async def test_a_mask_of_another_size_is_refused(client: AsyncClient) -> None:
    answer = await post(client, files={"mask": png_of(mask_with_hole(32, 1, 1, 9, 9))})
    said = check(answer, 400, UNUSABLE, "mask", "invalid_mask_image_format")
    assert said == "Invalid mask image format - mask size does not match image size"


async def test_a_mask_without_alpha_is_refused(client: AsyncClient) -> None:
    answer = await post(client, files={"mask": IMAGE})
    said = check(answer, 400, UNUSABLE, "mask", "invalid_mask_image_format")
    assert said == "Invalid mask image format - mask image missing alpha channel"


async def test_a_mask_with_nothing_transparent_is_refused(client: AsyncClient) -> None:
    opaque = png_of(np.full((64, 64, 4), 1, np.uint8))
    answer = await post(client, files={"mask": opaque})
    said = check(answer, 400, INVALID, "mask", "invalid_mask_image_format")
    assert "alpha 0" in said


async def test_no_mask_and_no_alpha_is_refused(client: AsyncClient) -> None:
    answer = await client.post("/v1/images/edits", data=FIELDS, files={"image": IMAGE})
    said = check(answer, 400, INVALID, "image", "invalid_image_format")
    expected = "Invalid input image - format must be in ['RGBA', 'LA', 'L'], got RGB."
    assert said.startswith(expected)


@pytest.mark.parametrize("param", ["image", "mask"])
async def test_a_truncated_file_is_refused(client: AsyncClient, param: str) -> None:
    png = png_of(noise(64, 4))
    answer = await post(client, files={param: png[: len(png) // 2]})
    said = check(answer, 400, UNUSABLE, param, "invalid_image_file")
    assert said == "Invalid image file or mode for image 1, please check your image file."


@pytest.mark.parametrize("damaged", [*damage.wrong()], ids=str)
@pytest.mark.parametrize("param", ["image", "mask"])
async def test_a_damaged_file_is_refused_by_name(
    client: AsyncClient, damaged: Damaged, param: str
) -> None:
    sound = {"image": png_of(noise(8)), "mask": png_of(mask_with_hole(8, 1, 1, 3, 3))}
    error = (await post(client, files=sound | {param: damaged.file})).json()["error"]
    assert (error["param"], error["code"]) == (param, "invalid_image_file")


@pytest.mark.parametrize("authorization", [None, "Basic abc", "Bearer", "Bearer "])
async def test_no_key_is_401(anonymous: AsyncClient, authorization: str | None) -> None:
    if authorization is not None:
        anonymous.headers["Authorization"] = authorization
    said = check(await post(anonymous), 401, INVALID, None, None)
    assert said.startswith("You didn't provide an API key. You need to provide your API key")


async def test_a_wrong_key_is_401_and_masked(anonymous: AsyncClient) -> None:
    anonymous.headers["Authorization"] = "Bearer sk-secret-secret-secret-abcd"
    said = check(await post(anonymous), 401, INVALID, None, "invalid_api_key")
    assert said == "Incorrect API key provided: sk-****abcd."


async def test_an_unknown_model_is_404(client: AsyncClient) -> None:
    answer = await post(client, FIELDS | {"model": "dall-e-9"})
    said = check(answer, 404, INVALID, "model", "model_not_found")
    assert said == "The model `dall-e-9` does not exist or you do not have access to it."
    check(await client.get("/v1/models/dall-e-9"), 404, INVALID, "model", "model_not_found")


async def test_a_body_that_is_no_form_is_refused(client: AsyncClient) -> None:
    answer = await client.post("/v1/images/edits", json=FIELDS)
    check(answer, 400, INVALID, None, "unsupported_content_type")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b"nonsense"),
        (f"multipart/form-data; boundary={'x' * 300}", b""),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b'--x\r\ncontent-disposition: form-data; name="n"\r\n'),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n1\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nA: form-data; name="n"\r\n\r\n1\r\n' * 99),
    ],
)
async def test_a_broken_form_is_refused(
    client: AsyncClient, content_type: str, body: bytes
) -> None:
    headers = {"Content-Type": content_type}
    answer = await client.post("/v1/images/edits", content=body, headers=headers)
    check(answer, 400, INVALID, None, "invalid_multipart_body")


@pytest.mark.parametrize("path", ["/admin", "/v1", "/v1/images", "/v1/images/edits/", "/nowhere"])
async def test_an_unknown_path_is_404(client: AsyncClient, path: str) -> None:
    said = check(await client.get(path), 404, INVALID, None, None)
    assert said == f"Invalid URL (GET {path})"


async def test_a_wrong_method_is_405(client: AsyncClient) -> None:
    answer = await client.get("/v1/images/edits")
    check(answer, 405, INVALID, None, "method_not_supported")
    assert answer.headers["allow"] == "POST"


async def test_unreachable_models_are_503_with_retry_after(
    client: AsyncClient, painter: Painter
) -> None:
    painter.failure = UnavailableError()
    answer = await post(client)
    check(answer, 503, "service_unavailable_error", None, "service_unavailable")
    assert 1 <= int(answer.headers["retry-after"]) <= 120
    assert (await client.get("/v1/models")).status_code == 503


async def test_anything_unexpected_is_500_without_a_trace(
    client: AsyncClient, painter: Painter
) -> None:
    painter.failure = RuntimeError("a secret of ours")
    answer = await post(client)
    check(answer, 500, "server_error", None, None)
    assert "secret" not in answer.text
