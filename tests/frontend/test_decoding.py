"""Every kind of PNG, against Pillow."""

import io
import struct
import zlib
from contextlib import suppress

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from frontend.errors.pictures import InvalidImageFileError
from frontend.pictures.decode import decode
from frontend.pictures.encode import Encoding, encode
from frontend.pictures.header import SIGNATURE, Header
from tests.frontend.samples import noise, pixels_of, png_of

SIDE = 16


def chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def raw_png(
    rows: bytes, depth: int, colour_type: int, *between: bytes, side: int = SIDE, interlace: int = 0
) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, depth, colour_type, 0, 0, interlace)
    ends = (chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return SIGNATURE + chunk(b"IHDR", header) + b"".join(between) + b"".join(ends)


def filtered(rows: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> bytes:
    """Rows of bytes, each with PNG's filter type 0 before it."""
    return b"".join(b"\0" + row.tobytes() for row in rows)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_decodes_as_pillow_converts_it(mode: str) -> None:
    image = Image.fromarray(noise(SIDE, 3 if mode == "P" else 4)).convert(mode)
    expected = image.convert("RGBA" if mode in ("LA", "RGBA") else "RGB")
    picture = decode(png_of(image), "image")
    np.testing.assert_array_equal(picture.pixels, np.asarray(expected))
    assert (picture.alpha is not None) == (mode in ("LA", "RGBA"))


def test_a_palette_with_transparency_has_alpha() -> None:
    image = Image.fromarray(noise(SIDE)).quantize(8)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", transparency=bytes([0, 128]))
    with Image.open(io.BytesIO(buffer.getvalue())) as reference:
        expected = np.asarray(reference.convert("RGBA"))
    picture = decode(buffer.getvalue(), "image")
    np.testing.assert_array_equal(picture.pixels, expected)
    assert set(np.unique(expected[..., 3])) == {0, 128, 255}


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_grey_named_transparent_is_transparent_at_every_depth(depth: int) -> None:
    rows = noise(SIDE, 1)[:SIDE, : SIDE * depth // 8, 0]
    samples = np.unpackbits(rows, axis=1).reshape(SIDE, SIDE, depth)
    values = samples @ (1 << np.arange(depth)[::-1])  # (SIDE, SIDE) as stored
    named = int(values[3, 3])
    png = raw_png(filtered(rows), depth, 0, chunk(b"tRNS", struct.pack(">H", named)))
    picture = decode(png, "image")
    assert picture.alpha is not None
    np.testing.assert_array_equal(picture.alpha == 0, values == named)
    np.testing.assert_array_equal(picture.pixels[..., 0], values * 255 // (2**depth - 1))


@pytest.mark.parametrize("colour_type", [0, 2])
def test_sixteen_bits_keep_the_high_byte_and_compare_both_for_transparency(
    colour_type: int,
) -> None:
    channels = 1 if colour_type == 0 else 3
    samples = np.random.default_rng(1).integers(0, 2**16, (SIDE, SIDE, channels), dtype=np.uint16)
    samples[0, 1] = samples[0, 0] ^ 1  # equal but for the lowest bit
    rows = samples.astype(">u2").view(np.uint8).reshape(SIDE, -1)
    named = struct.pack(f">{channels}H", *samples[0, 0].tolist())
    picture = decode(raw_png(filtered(rows), 16, colour_type, chunk(b"tRNS", named)), "image")
    assert picture.alpha is not None
    assert picture.alpha[0, 0] == 0
    assert picture.alpha[0, 1] == 255
    high = np.broadcast_to(samples >> 8, (SIDE, SIDE, 3))
    np.testing.assert_array_equal(picture.pixels[..., :3], high)


def test_an_rgb_colour_named_transparent_is_transparent() -> None:
    rgb = noise(SIDE)
    rgb[2:4] = (1, 2, 3)
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "PNG", transparency=(1, 2, 3))
    picture = decode(buffer.getvalue(), "image")
    assert picture.alpha is not None
    np.testing.assert_array_equal(picture.alpha == 0, (rgb == (1, 2, 3)).all(axis=2))


def test_an_interlaced_file_decodes_as_the_plain_one() -> None:
    """Adam7 written by hand, read back by OpenCV as a second reference."""
    rgb = noise(SIDE)
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4)]
    passes += [(2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]  # top, left, row step, column step
    rows = b"".join(
        filtered(part.reshape(len(part), -1))
        for part in (rgb[top::down, left::right] for top, left, down, right in passes)
    )
    png = raw_png(rows, 8, 2, interlace=1)
    np.testing.assert_array_equal(decode(png, "image").pixels, rgb)
    reference = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    np.testing.assert_array_equal(reference[..., ::-1], rgb)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_exif_orientation_turns_the_picture_as_pillow_does(orientation: int, mode: str) -> None:
    image = Image.fromarray(noise(SIDE, 4)).convert(mode)
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    image.save(buffer, "PNG", exif=exif)
    with Image.open(io.BytesIO(buffer.getvalue())) as stored:
        expected = ImageOps.exif_transpose(stored).convert("RGBA" if mode == "RGBA" else "RGB")
    np.testing.assert_array_equal(decode(buffer.getvalue(), "image").pixels, np.asarray(expected))


def test_an_animated_png_is_its_default_image() -> None:
    frames = [Image.fromarray(noise(SIDE, seed=seed)) for seed in range(3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:])
    picture = decode(buffer.getvalue(), "image")
    np.testing.assert_array_equal(picture.pixels, np.asarray(frames[0]))


def test_text_that_inflates_never_reaches_the_decoder() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", "x" * 50_000_000, zip=True)
    buffer = io.BytesIO()
    Image.fromarray(noise(SIDE)).save(buffer, "PNG", pnginfo=text)
    np.testing.assert_array_equal(decode(buffer.getvalue(), "image").pixels, noise(SIDE))


@given(st.data())
def test_a_damaged_file_is_an_error_of_ours_or_a_picture(data: st.DataObject) -> None:
    png = bytearray(png_of(noise(8, 4)))
    for _ in range(data.draw(st.integers(1, 4))):
        png[data.draw(st.integers(0, len(png) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(png[: data.draw(st.integers(0, len(png)))])
    try:
        if max(Header.read(damaged).size) > 64:
            return
    except ValueError:
        return
    with suppress(InvalidImageFileError):
        assert decode(damaged, "image").pixels.dtype == np.uint8


@pytest.mark.parametrize("channels", [3, 4])
def test_what_is_encoded_holds_the_same_pixels_and_nothing_else(channels: int) -> None:
    pixels = noise(SIDE, channels)
    png = encode(pixels, Encoding())
    np.testing.assert_array_equal(pixels_of(png), pixels)
    names, position = [], len(SIGNATURE)
    while position < len(png):
        length, name = struct.unpack_from(">I4s", png, position)
        names.append(name)
        position += 12 + length
    assert set(names) == {b"IHDR", b"IDAT", b"IEND"}
