"""Every row of the error table, as a client's user sees it."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from tests.conformance.official import File, Official
from tests.conformance.samples import IMAGE, MASK, Sample, jpeg, padded
from tests.conformance.target import Target
from tests.frontend.samples import mask_with_hole, noise, png_of

MEBIBYTE = 2**20
REQUEST = "invalid_request_error"
PICTURE = "image_generation_user_error"
NOT_A_PNG = "Uploaded image must be a PNG and less than 4 MB."


@dataclass(frozen=True)
class Row:
    """What is wrong with a request, and what the client is told.

    Attributes:
        change: to the fields of a request that works.
        type, param, code: of the error.
        message: a regular expression for all of it.
    """

    change: dict[str, Any]
    type: str
    param: str
    code: str
    message: str


def exactly(message: str) -> str:
    return re.escape(message)


def png(pixels: Any) -> File:
    return File(png_of(pixels), "picture.png")


ROWS = {
    "no prompt": Row(
        {"prompt": None},
        REQUEST,
        "prompt",
        "missing_required_parameter",
        exactly("Missing required parameter: 'prompt'."),
    ),
    "no model": Row(
        {"model": None},
        REQUEST,
        "model",
        "missing_required_parameter",
        exactly("Missing required parameter: 'model'."),
    ),
    "an image that is no png": Row(
        {"image": File(jpeg(), "image.jpg", "image/jpeg")},
        REQUEST,
        "image",
        "invalid_image_format",
        exactly(NOT_A_PNG),
    ),
    "a mask that is no png": Row(
        {"mask": File(jpeg(), "mask.png")},
        REQUEST,
        "mask",
        "invalid_image_format",
        exactly(NOT_A_PNG),
    ),
    "an image of 4 MB": Row(
        {"image": File(padded(png_of(IMAGE), 4 * MEBIBYTE), "image.png")},
        REQUEST,
        "image",
        "invalid_image_format",
        exactly(NOT_A_PNG),
    ),
    "a mask of 4 MB": Row(
        {"mask": File(padded(png_of(MASK), 4 * MEBIBYTE), "mask.png")},
        REQUEST,
        "mask",
        "invalid_image_format",
        exactly(NOT_A_PNG),
    ),
    "a mask of another size": Row(
        {"mask": png(mask_with_hole(128, 1, 1, 9, 9))},
        PICTURE,
        "mask",
        "invalid_mask_image_format",
        exactly("Invalid mask image format - mask size does not match image size"),
    ),
    "a mask without alpha": Row(
        {"mask": png(IMAGE)},
        PICTURE,
        "mask",
        "invalid_mask_image_format",
        exactly("Invalid mask image format - mask image missing alpha channel"),
    ),
    "a mask with nothing transparent": Row(
        {"mask": png(np.full_like(MASK, 255))},
        REQUEST,
        "mask",
        "invalid_mask_image_format",
        ".*alpha 0.*",
    ),
    "no mask and no alpha": Row(
        {"mask": None},
        REQUEST,
        "image",
        "invalid_image_format",
        exactly("Invalid input image - format must be in ['RGBA', 'LA', 'L'], got RGB.") + ".*",
    ),
    "an image that cannot be decoded": Row(
        {"image": File(png_of(IMAGE)[:2000], "image.png")},
        PICTURE,
        "image",
        "invalid_image_file",
        exactly("Invalid image file or mode for image 1, please check your image file."),
    ),
    "another content type": Row(
        {"image": File(b"hello", "image.txt", "text/plain")},
        REQUEST,
        "image",
        "unsupported_file_mimetype",
        exactly(
            "Invalid file 'image': unsupported mimetype ('text/plain'). "
            "Supported file formats are 'image/png'."
        ),
    ),
    "an image that is not square": Row(
        {"image": png(IMAGE[:128])}, REQUEST, "image", "invalid_image_format", ".*square.*"
    ),
    "another size": Row(
        {"size": "1536x1024"},
        REQUEST,
        "size",
        "invalid_value",
        exactly(
            "Invalid value: '1536x1024'. "
            "Supported values are: '256x256', '512x512', and '1024x1024'."
        ),
    ),
    "another response format": Row(
        {"response_format": "png"}, REQUEST, "response_format", "invalid_value", ".*'b64_json'.*"
    ),
    "an unknown field": Row(
        {"response_fmt": "url"},
        REQUEST,
        "response_fmt",
        "unknown_parameter",
        exactly("Unknown parameter: 'response_fmt'."),
    ),
    "a field that we cannot honour": Row(
        {"input_fidelity": "high"},
        REQUEST,
        "input_fidelity",
        "unknown_parameter",
        exactly("Unknown parameter: 'input_fidelity'."),
    ),
    "no pictures": Row({"n": 0}, REQUEST, "n", "integer_below_min_value", ".*>= 1.*"),
    "too many pictures": Row({"n": 11}, REQUEST, "n", "integer_above_max_value", ".*<= 10.*"),
    "too long a prompt": Row(
        {"prompt": "x" * 1001}, REQUEST, "prompt", "string_above_max_length", ".*1000.*1001.*"
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_wrong_with_a_request_is_said_in_openais_words(
    client: Official, sample: Sample, name: str
) -> None:
    row = ROWS[name]
    error = client.edit(sample.fields(**row.change)).error
    assert error is not None
    assert (error.kind, error.status) == ("BadRequestError", 400)
    assert (error.type, error.param, error.code) == (row.type, row.param, row.code)
    assert re.fullmatch(row.message, error.message or ""), error.message
    assert (error.request_id or "").startswith("req_")


def test_more_than_one_image_is_refused(newer_client: Official, sample: Sample) -> None:
    images = [png(IMAGE), png(noise(256, seed=1))]
    error = newer_client.edit(sample.fields(image=images)).error
    assert error is not None
    assert (error.kind, error.param, error.code) == ("BadRequestError", "image", "invalid_value")
    assert error.message == "Invalid 'image': expected exactly one, but got 2 instead."


def test_an_empty_prompt_is_refused(newer_client: Official, sample: Sample) -> None:
    """The oldest client does not send it."""
    error = newer_client.edit(sample.fields(prompt="")).error
    assert error is not None
    assert (error.param, error.code) == ("prompt", "string_below_min_length")


def test_without_a_key_the_error_says_how_to_send_one(client: Official, sample: Sample) -> None:
    error = client.edit(sample.fields(), headers={"Authorization": "Basic eA=="}).error
    assert error is not None
    assert (error.kind, error.status) == ("AuthenticationError", 401)
    assert (error.type, error.param, error.code) == (REQUEST, None, None)
    assert (error.message or "").startswith(
        "You didn't provide an API key. You need to provide your API key in an Authorization "
        "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)"
    )


def test_a_wrong_key_is_shown_masked(client: Official, sample: Sample) -> None:
    error = client.edit(sample.fields(), api_key="sk-proj-00000000000000abcd").error
    assert error is not None
    assert (error.kind, error.status) == ("AuthenticationError", 401)
    assert (error.type, error.param, error.code) == (REQUEST, None, "invalid_api_key")
    assert (error.message or "").startswith("Incorrect API key provided: sk-****abcd.")


def test_an_unknown_model_is_not_found(client: Official, sample: Sample) -> None:
    error = client.edit(sample.fields(model="dall-e-9")).error
    assert error is not None
    assert (error.kind, error.status) == ("NotFoundError", 404)
    assert (error.type, error.param, error.code) == (REQUEST, "model", "model_not_found")
    assert error.message == "The model `dall-e-9` does not exist or you do not have access to it."


def test_an_unknown_path_is_not_found(client: Official, sample: Sample, target: Target) -> None:
    error = client.edit(sample.fields(), base_url=f"{target.base_url}/nowhere").error
    assert error is not None
    assert (error.kind, error.status, error.type) == ("NotFoundError", 404, REQUEST)
    assert error.message == "Invalid URL (POST /v1/nowhere/images/edits)"


def test_a_body_that_is_much_too_large_is_refused(client: Official, sample: Sample) -> None:
    error = client.edit(sample.fields(image=File(bytes(33 * MEBIBYTE), "image.png"))).error
    assert error is not None
    assert (error.kind, error.status) == (client.client.class_of_others, 413)
    assert (error.type, error.param, error.code) == (REQUEST, None, "request_too_large")
