"""What a client may ask about the result: the kind of file, its size in bytes, and the quality."""

import io
from base64 import b64decode
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from httpx import AsyncClient
from numpy.typing import NDArray
from PIL import Image, ImageDraw, PngImagePlugin

from frontend.forms.fields import EditFields
from frontend.forms.quality import steps_of
from frontend.pictures.encode import Encoding, encode
from tests.corpus.kinds import every_kind
from tests.frontend.painter import MINI, Painter
from tests.frontend.samples import mask_with_hole, noise, png_of

SIDE = 256
FIELDS = {"prompt": "a bird", "model": "retouch-mini", "size": "256x256"}
MASK = mask_with_hole(SIDE, 100, 120, 140, 150)
KEPT = MASK[..., 3] != 0


def smooth(channels: int) -> NDArray[np.uint8]:
    """A picture that compresses; its alpha channel, if any, is nowhere 0."""
    small = Image.fromarray(np.maximum(noise(8, channels), 1))
    return np.maximum(np.asarray(small.resize((SIDE, SIDE), Image.Resampling.BICUBIC)), 1)


async def edited(client: AsyncClient, picture: NDArray[np.uint8], **fields: Any) -> bytes:
    files = {"image": png_of(picture), "mask": png_of(MASK)}
    data = FIELDS | {"seed": "1", "response_format": "b64_json"} | fields
    answer = await client.post("/v1/images/edits", data=data, files=files)
    assert answer.status_code == 200, answer.text
    return b64decode(answer.json()["data"][0]["b64_json"])


def opened(file: bytes) -> Image.Image:
    return Image.open(io.BytesIO(file))


def on_white(picture: NDArray[np.uint8]) -> NDArray[np.int_]:
    white = Image.new("RGBA", (SIDE, SIDE), "white")
    white.alpha_composite(Image.fromarray(picture))
    return np.asarray(white.convert("RGB")).astype(int)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
async def test_the_result_is_the_kind_of_file_that_was_asked_for(
    client: AsyncClient, kind: str
) -> None:
    files = {"image": png_of(smooth(3)), "mask": png_of(MASK)}
    asked = FIELDS | {"output_format": kind}
    answer = await client.post("/v1/images/edits", data=asked, files=files)
    served = await client.get(answer.json()["data"][0]["url"])
    assert served.headers["content-type"] == f"image/{kind}"
    picture = opened(served.content)
    assert (picture.format, picture.size) == (kind.upper(), (SIDE, SIDE))


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("picture", ["smooth", "noise", "text", "one colour"])
def test_a_png_is_not_much_larger_than_pillows(picture: str, channels: int) -> None:
    text = Image.new("RGBA", (SIDE, SIDE), "white")
    for line in range(0, SIDE, 12):
        ImageDraw.Draw(text).text((3, line), "the quick brown fox " * 3, "black")
    pixels = {
        "smooth": smooth(4),
        "noise": noise(SIDE, 4),
        "text": np.asarray(text),
        "one colour": np.full((SIDE, SIDE, 4), 7, np.uint8),
    }[picture][..., :channels]
    file = encode(np.ascontiguousarray(pixels), Encoding())
    np.testing.assert_array_equal(np.asarray(opened(file)), pixels)
    assert len(file) <= 1.4 * len(png_of(np.ascontiguousarray(pixels))) + 100


@pytest.mark.parametrize("side", [1, 7, 16, 40])
def test_pictures_of_every_size_can_be_encoded(side: int) -> None:
    np.testing.assert_array_equal(np.asarray(opened(encode(noise(side), Encoding()))), noise(side))


@pytest.mark.parametrize("channels", [3, 4])
async def test_webp_of_the_default_quality_keeps_pixels_byte_for_byte(
    client: AsyncClient, channels: int
) -> None:
    picture = smooth(channels)
    result = np.asarray(opened(await edited(client, picture, output_format="webp")))
    np.testing.assert_array_equal(result[KEPT], picture[KEPT])


async def test_lossless_webp_keeps_even_colours_that_nobody_sees(client: AsyncClient) -> None:
    picture = smooth(4)
    picture[:20, :, 3] = 0
    result = np.asarray(opened(await edited(client, picture, output_format="webp")))
    np.testing.assert_array_equal(result[:20], picture[:20])


@pytest.mark.parametrize("kind", ["jpeg", "webp"])
async def test_a_lower_compression_level_is_a_smaller_file_and_a_rougher_picture(
    client: AsyncClient, kind: str
) -> None:
    picture = smooth(3)
    files = [
        await edited(client, picture, output_format=kind, output_compression=str(level))
        for level in (100, 60, 0)
    ]
    assert len(files[0]) > len(files[1]) > len(files[2])
    errors = [np.abs(np.asarray(opened(f)).astype(int) - picture)[KEPT].mean() for f in files]
    assert errors[0] < errors[1] < errors[2]
    assert errors[0] < 1


async def test_jpeg_puts_transparency_on_white(client: AsyncClient) -> None:
    picture = smooth(4)
    result = opened(await edited(client, picture, output_format="jpeg"))
    assert result.mode == "RGB"
    difference = np.abs(np.asarray(result).astype(int) - on_white(picture))
    assert difference[:90].mean() < 1


@pytest.mark.parametrize("kind", ["png", "webp"])
async def test_an_opaque_background_puts_transparency_on_white(
    client: AsyncClient, kind: str
) -> None:
    picture = smooth(4)
    kept = opened(await edited(client, picture, output_format=kind, background="auto"))
    flat = opened(await edited(client, picture, output_format=kind, background="opaque"))
    assert (kept.mode, flat.mode) == ("RGBA", "RGB")
    assert np.abs(np.asarray(flat).astype(int) - on_white(picture))[KEPT].max() <= 1


async def test_every_kind_of_png_keeps_its_pixels_outside_the_mask(client: AsyncClient) -> None:
    for sample in every_kind(SIDE):
        files = {"image": sample.file, "mask": png_of(MASK)}
        asked = FIELDS | {"response_format": "b64_json"}
        answer = await client.post("/v1/images/edits", data=asked, files=files)
        result = np.asarray(opened(b64decode(answer.json()["data"][0]["b64_json"])))
        np.testing.assert_array_equal(result[KEPT], sample.shown[KEPT], sample.name)
        if result.shape[2] == 4:
            assert (result[~KEPT, 3] == 255).all(), sample.name


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
async def test_nothing_of_an_uploads_metadata_is_in_the_result(
    client: AsyncClient, kind: str
) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "somebody", zip=True)
    text.add_itxt("Comment", "secretly")
    exif = Image.Exif()
    exif[0x010E] = "somewhere"
    buffer = io.BytesIO()
    Image.fromarray(smooth(4)).save(
        buffer, "PNG", pnginfo=text, exif=exif, icc_profile=b"a profile", dpi=(300, 300)
    )
    files = {"image": buffer.getvalue(), "mask": png_of(MASK)}
    asked = FIELDS | {"response_format": "b64_json", "output_format": kind}
    answer = await client.post("/v1/images/edits", data=asked, files=files)
    result = opened(b64decode(answer.json()["data"][0]["b64_json"]))
    result.load()
    of_the_format_itself = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop"}
    assert set(result.info) <= of_the_format_itself | {"background", "timestamp", "duration"}
    assert not result.getexif()


@pytest.mark.parametrize(
    ("quality", "steps"),
    [("low", 10), ("medium", 20), ("high", 40), ("auto", 20), ("standard", 20), (None, 20)],
)
async def test_quality_is_steps_relative_to_the_models_default(
    client: AsyncClient, painter: Painter, quality: str | None, steps: int
) -> None:
    painter.served[MINI.id] = replace(MINI, steps=20)
    await edited(client, smooth(3), **({} if quality is None else {"quality": quality}))
    assert painter.edits[0].steps == steps


@pytest.mark.parametrize("quality", ["auto", "standard"])
async def test_a_number_of_steps_decides_where_quality_leaves_it_open(
    client: AsyncClient, painter: Painter, quality: str
) -> None:
    await edited(client, smooth(3), quality=quality, num_inference_steps="7")
    assert painter.edits[0].steps == 7


@pytest.mark.parametrize(
    ("default", "low", "high"), [(1, 1, 2), (7, 4, 14), (60, 30, 100), (150, 75, 150)]
)
def test_steps_stay_within_their_limits(default: int, low: int, high: int) -> None:
    steps = [
        steps_of(EditFields.model_validate(FIELDS | {"quality": quality}), default)
        for quality in ("low", "medium", "high")
    ]
    assert steps == [low, default, high]
