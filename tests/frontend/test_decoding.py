"""Every kind of PNG, against the specification and Pillow; and everything that is none."""

import io
import struct
import warnings
from contextlib import suppress
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageOps

from frontend.errors.pictures import InvalidImageFileError
from frontend.pictures.decode import decode
from frontend.pictures.encode import Encoding, encode
from frontend.pictures.header import SIGNATURE, Header
from frontend.pictures.orientation import orientation_of
from tests.corpus import damage
from tests.corpus.damage import Damaged
from tests.corpus.kinds import Sample, animated, decorated, every_kind
from tests.corpus.png import chunk
from tests.frontend.samples import noise, pixels_of, png_of

SIDE = 16
# Pillow compares these by the high byte, or after scaling them.
INEXACT_IN_PILLOW = tuple(
    f"{kind}{interlaced} tRNS"
    for kind in ("grey 2", "grey 4", "rgb 16")
    for interlaced in ("", " interlaced")
)


def decoded(png: bytes) -> NDArray[np.uint8]:
    return np.asarray(decode(png, "image").image)


def refused(png: bytes) -> bool:
    try:
        decode(png, "image")
    except InvalidImageFileError:
        return True
    return False


def by_pillow(png: bytes) -> NDArray[np.uint8]:
    """RGB, or RGBA where Pillow sees transparency of any kind."""
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(png)) as image:
        image.load()
        return np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))


@pytest.mark.parametrize("sample", [*every_kind()], ids=str)
def test_every_kind_of_png_shows_what_the_specification_says(sample: Sample) -> None:
    picture = decode(sample.file, "image")
    np.testing.assert_array_equal(np.asarray(picture.image), sample.shown)
    assert (picture.alpha is not None) == (sample.shown.shape[2] == 4)


@pytest.mark.parametrize("sample", [*every_kind()], ids=str)
def test_pillow_sees_the_same(sample: Sample) -> None:
    if sample.png.bit_depth == 16 and sample.png.colour_type == 0:
        reference = np.asarray(Image.open(io.BytesIO(sample.file))) >> 8
        np.testing.assert_array_equal(decoded(sample.file)[..., 0], reference)
    elif sample.name not in INEXACT_IN_PILLOW:
        np.testing.assert_array_equal(decoded(sample.file), by_pillow(sample.file))


@pytest.mark.parametrize("sample", [*every_kind()], ids=str)
def test_opencv_sees_the_same(sample: Sample) -> None:
    """A second reference, which has libpng; its IMREAD_COLOR shows colours without alpha."""
    reference = cv2.imdecode(np.frombuffer(sample.file, np.uint8), cv2.IMREAD_COLOR)
    assert reference is not None
    np.testing.assert_array_equal(decoded(sample.file)[..., :3], reference[..., ::-1])


@pytest.mark.parametrize("sample", [*decorated(), animated()], ids=str)
def test_chunks_beside_the_picture_change_nothing(sample: Sample) -> None:
    np.testing.assert_array_equal(decoded(sample.file), sample.shown)


def test_bits_of_trns_beyond_the_depth_say_nothing() -> None:
    for name in ("grey 4 tRNS", "rgb 8 tRNS"):
        sample = damage.kind(name)
        [trns] = sample.png.before_data
        [*named] = trns[8:-4]
        dirty = bytes(v | (0x80 if i % 2 == 0 else 0) for i, v in enumerate(named))
        file = replace(sample.png, before_data=[chunk(b"tRNS", dirty)]).write()
        np.testing.assert_array_equal(decoded(file), sample.shown)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_exif_orientation_turns_the_picture_as_pillow_does(orientation: int, mode: str) -> None:
    image = Image.fromarray(noise(SIDE)).convert(mode)
    exif = Image.Exif()
    exif[0x010E] = "a description before it"
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    image.save(buffer, "PNG", exif=exif)
    with Image.open(io.BytesIO(buffer.getvalue())) as stored:
        expected = ImageOps.exif_transpose(stored).convert("RGBA" if mode == "RGBA" else "RGB")
    np.testing.assert_array_equal(decoded(buffer.getvalue()), np.asarray(expected))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
def test_orientation_is_read_in_both_byte_orders(order: str, prefix: bytes) -> None:
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    entry = struct.pack(f"{order}HHHIH2x", 1, 0x0112, 3, 1, 6)
    assert orientation_of(prefix + head + entry) == 6


@given(st.binary(max_size=60))
def test_any_bytes_of_exif_are_an_orientation(content: bytes) -> None:
    for head in (b"", b"II*\0", b"MM\0*\0\0\0\x08"):
        assert 0 <= orientation_of(head + content) < 2**16


@pytest.mark.parametrize("name", ["rgb 8", "rgba 8", "palette 4 tRNS", "grey 16 interlaced tRNS"])
def test_a_truncated_file_is_refused_wherever_it_ends(name: str) -> None:
    for truncated in damage.truncations(damage.kind(name).file):
        assert refused(truncated.file), truncated


@pytest.mark.parametrize("name", ["rgb 8", "palette 4 tRNS"])
def test_a_flipped_bit_is_refused_or_does_not_matter(name: str) -> None:
    sample = damage.kind(name)
    for flipped in damage.bit_flips(sample.file):
        if not refused(flipped.file):
            shown = decoded(flipped.file)
            expected = sample.shown[..., : shown.shape[2]]
            np.testing.assert_array_equal(shown, expected, flipped.name)


@pytest.mark.parametrize("damaged", [*damage.wrong()], ids=str)
def test_what_holds_no_picture_is_refused(damaged: Damaged) -> None:
    assert refused(damaged.file)


@pytest.mark.parametrize("damaged", [*damage.odd()], ids=str)
def test_what_breaks_a_rule_but_holds_a_picture_shows_what_pillow_shows(damaged: Damaged) -> None:
    np.testing.assert_array_equal(decoded(damaged.file), by_pillow(damaged.file))


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
        assert decoded(damaged).dtype == np.uint8


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
