"""What the mask protects comes back untouched."""

from base64 import b64decode
from io import BytesIO

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.e2e.edits import pixels, png, post, random_edit, random_mask, random_picture
from tests.e2e.models import SMALL
from tests.e2e.product import Product

FAST = {"num_inference_steps": 1, "guidance_scale": 1.0}


@pytest.mark.parametrize("side", [256, 512, 1024])
@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_pixels_outside_the_mask_come_back_byte_for_byte(
    product: Product, side: int, seed: int
) -> None:
    edit = random_edit(np.random.default_rng(seed), SMALL, side, **FAST)
    with httpx.Client(base_url=product.url, headers=product.headers, timeout=60) as client:
        answer = client.post("/v1/images/edits", data=edit.fields, files=edit.files())
    painted = pixels(b64decode(answer.json()["data"][0]["b64_json"]))
    kept = ~edit.repainted
    np.testing.assert_array_equal(painted[kept], np.asarray(edit.picture)[kept])
    assert (painted[~kept] != np.asarray(edit.picture)[~kept]).any()


async def test_at_another_size_the_resized_picture_is_kept(http: httpx.AsyncClient) -> None:
    edit = random_edit(np.random.default_rng(3), SMALL, 512, size="256x256", **FAST)
    answer = await post(http, edit)
    painted = pixels(b64decode(answer.json()["data"][0]["b64_json"]))
    resized = np.asarray(edit.picture.resize((256, 256), Image.Resampling.LANCZOS))
    # A pixel of the result is repainted if the mask covers any part of it.
    covered = edit.repainted.reshape(256, 2, 256, 2).any(axis=(1, 3))
    np.testing.assert_array_equal(painted[~covered], resized[~covered])


async def test_the_pictures_own_transparency_is_the_mask_when_there_is_none(
    http: httpx.AsyncClient,
) -> None:
    rng = np.random.default_rng(4)
    picture = random_picture(rng, 256).convert("RGBA")
    picture.putalpha(random_mask(rng, 256).getchannel("A"))
    fields = {"model": SMALL, "prompt": "a red circle", "size": "256x256"}
    fields |= {"response_format": "b64_json", "num_inference_steps": "1"}
    answer = await http.post(
        "/v1/images/edits", data=fields, files={"image": ("image.png", png(picture), "image/png")}
    )
    painted = Image.open(BytesIO(b64decode(answer.json()["data"][0]["b64_json"])))
    alpha = np.asarray(picture.getchannel("A"))
    result = np.asarray(painted.convert("RGBA"))
    assert (result[..., 3] == 255).all()
    np.testing.assert_array_equal(result[alpha > 0], np.asarray(picture)[alpha > 0])
