"""Every field of the request, and the answer."""

import base64
import io
import secrets
import time
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.conformance.official import File, Official, Outcome
from tests.conformance.samples import IMAGE, KEPT, SIDE, Sample, check_edited, see_through
from tests.conformance.target import Target
from tests.frontend.samples import pixels_of, png_of

INLINE = {"response_format": "b64_json"}


def files(outcome: Outcome) -> list[bytes]:
    """The pictures of an answer that holds them."""
    assert outcome.error is None, outcome.error
    assert all(image.get("url") is None for image in outcome.value["data"])
    return [base64.b64decode(image["b64_json"]) for image in outcome.value["data"]]


def url_of(outcome: Outcome) -> str:
    """The only URL of an answer."""
    assert outcome.error is None, outcome.error
    [image] = outcome.value["data"]
    assert image.get("b64_json") is None
    return str(image["url"])


def test_one_url_is_the_default_and_serves_the_picture_with_and_without_the_key(
    client: Official, sample: Sample, target: Target
) -> None:
    outcome = client.edit(sample.fields())
    url = url_of(outcome)
    for headers in ({}, {"Authorization": f"Bearer {target.key}"}):
        served = httpx.get(url, headers=headers)
        assert served.status_code == 200
        assert served.headers["content-type"] == "image/png"
        assert served.headers["content-disposition"].startswith("inline")
        check_edited(pixels_of(served.content))
    assert abs(outcome.value["created"] - time.time()) < 60


def test_pictures_can_come_inline_and_n_of_them_differ(client: Official, sample: Sample) -> None:
    pictures = [pixels_of(png) for png in files(client.edit(sample.fields(n=3, **INLINE)))]
    assert len(pictures) == 3
    for picture in pictures:
        check_edited(picture)
    assert not np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[1], pictures[2])


@pytest.mark.parametrize("size", ["256x256", "512x512", "1024x1024", None])
def test_the_size_is_the_results_and_1024_by_default(
    client: Official, sample: Sample, size: str | None
) -> None:
    [png] = files(client.edit(sample.fields(size=size, **INLINE)))
    assert "{1}x{0}".format(*pixels_of(png).shape) == (size or "1024x1024")


def test_without_a_mask_the_images_transparency_is_the_mask(
    client: Official, sample: Sample
) -> None:
    image = File(png_of(see_through()), "image.png")
    [png] = files(client.edit(sample.fields(image=image, mask=None, **INLINE)))
    picture = pixels_of(png)
    np.testing.assert_array_equal(picture[KEPT], see_through()[KEPT])
    assert (picture[~KEPT, 3] == 255).all()


@pytest.mark.parametrize("content_type", [None, "application/octet-stream", "text/plain"])
def test_a_png_is_taken_whatever_name_and_type_it_comes_with(
    client: Official, sample: Sample, content_type: str | None
) -> None:
    name = "picture" if content_type else None
    image = File(png_of(IMAGE), name, content_type)
    [png] = files(client.edit(sample.fields(image=image, **INLINE)))
    check_edited(pixels_of(png))


def test_a_list_of_one_image_is_that_image(newer_client: Official, sample: Sample) -> None:
    images = [File(png_of(IMAGE), "image.png")]
    [png] = files(newer_client.edit(sample.fields(image=images, **INLINE)))
    check_edited(pixels_of(png))


@pytest.mark.parametrize("field", ["user", "safety_identifier"])
def test_an_end_user_can_be_named(client: Official, sample: Sample, field: str) -> None:
    assert client.edit(sample.fields(**{field: "user-1234"})).error is None


def test_a_prompt_may_have_1000_characters_of_any_script(client: Official, sample: Sample) -> None:
    prompt = "\U0001f426\u9ce5" * 500
    assert client.edit(sample.fields(prompt=prompt)).error is None


def test_a_seed_makes_the_result_repeatable_and_the_answer_names_it(
    client: Official, sample: Sample
) -> None:
    first = client.edit(sample.fields(seed=7, n=2, **INLINE))
    assert first.headers["retouch-seeds"] == "7,8"
    again = client.edit(sample.fields(seed=8, **INLINE))
    assert files(again)[0] == files(first)[1]
    drawn = client.edit(sample.fields(**INLINE))
    seed = int(drawn.headers["retouch-seeds"])
    assert files(client.edit(sample.fields(seed=seed, **INLINE))) == files(drawn)


@pytest.mark.parametrize(
    "change",
    [
        {"negative_prompt": "green"},
        {"num_inference_steps": 5},
        {"guidance_scale": 1},
        {"strength": 0.5},
        {"num_inference_steps": None, "quality": "high"},
    ],
    ids=lambda change: [*change][-1],
)
def test_every_extension_has_an_effect(
    client: Official, sample: Sample, change: dict[str, Any]
) -> None:
    plain, changed = (
        pixels_of(files(client.edit(sample.fields(seed=7, **INLINE, **fields)))[0])
        for fields in ({}, change)
    )
    assert not np.array_equal(plain, changed)


@pytest.mark.parametrize("output_format", ["png", "jpeg", "webp"])
def test_the_file_is_of_the_kind_that_is_asked_for(
    client: Official, sample: Sample, output_format: str
) -> None:
    inline = client.edit(sample.fields(output_format=output_format, **INLINE))
    url = url_of(client.edit(sample.fields(output_format=output_format)))
    served = httpx.get(url)
    assert served.headers["content-type"] == f"image/{output_format}"
    for content in (*files(inline), served.content):
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format or "").lower() == output_format
            assert image.size == (SIDE, SIDE)


def test_more_compression_makes_a_smaller_file(client: Official, sample: Sample) -> None:
    sizes = [
        len(files(client.edit(sample.fields(seed=7, **INLINE, **kind)))[0])
        for kind in (
            {"output_format": "jpeg", "output_compression": quality} for quality in (100, 20)
        )
    ]
    assert sizes[1] < sizes[0] / 2


def test_an_opaque_background_has_no_transparency(client: Official, sample: Sample) -> None:
    image = File(png_of(see_through()), "image.png")
    change = {"image": image, "mask": None, "background": "opaque"}
    [png] = files(client.edit(sample.fields(**change, **INLINE)))
    assert pixels_of(png).shape[2] == 3 or (pixels_of(png)[..., 3] == 255).all()


def test_an_edit_that_is_sent_twice_with_one_idempotency_key_is_made_once(
    client: Official, sample: Sample
) -> None:
    key = {"Idempotency-Key": secrets.token_hex(8)}
    first, again = (files(client.edit(sample.fields(**INLINE), headers=key)) for _ in range(2))
    assert first == again  # without a seed
    error = client.edit(sample.fields(prompt="another"), headers=key).error
    assert error is not None
    assert (error.kind, error.type) == ("BadRequestError", "idempotency_error")


def test_the_answer_carries_what_clients_log(client: Official, sample: Sample) -> None:
    headers = client.edit(sample.fields()).headers
    assert headers["x-request-id"].startswith("req_")
    assert int(headers["openai-processing-ms"]) > 0
    assert headers["openai-version"]
