"""The edit that the suite asks for, and pictures that no server may take."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.conformance.official import File
from tests.frontend.samples import mask_with_hole, noise, png_of

SIDE = 256
STEPS = 2  # enough to see that something was painted
IMAGE = noise(SIDE)
MASK = mask_with_hole(SIDE, 100, 120, 140, 150)
KEPT = MASK[..., 3] != 0


@dataclass(frozen=True)
class Sample:
    """A request for a model."""

    model: str

    def fields(self, **changes: Any) -> dict[str, Any]:
        """The request's fields; `changes` replace some, those that are None are left out."""
        fields: dict[str, Any] = {
            "image": File(png_of(IMAGE), "image.png"),
            "mask": File(png_of(MASK), "mask.png"),
            "prompt": "a red circle",
            "model": self.model,
            "size": f"{SIDE}x{SIDE}",
            "num_inference_steps": STEPS,
        }
        return {name: value for name, value in (fields | changes).items() if value is not None}


def check_edited(picture: NDArray[np.uint8]) -> None:
    """The picture is painted under the mask, and the same everywhere else."""
    np.testing.assert_array_equal(picture[KEPT], IMAGE[KEPT])
    assert (picture[~KEPT] != IMAGE[~KEPT]).any()


def see_through() -> NDArray[np.uint8]:
    """The image with the mask's hole in it."""
    return np.dstack([IMAGE, MASK[..., 3]])


def jpeg() -> bytes:
    """The image as another kind of file."""
    buffer = io.BytesIO()
    Image.fromarray(IMAGE).save(buffer, "JPEG")
    return buffer.getvalue()


def padded(png: bytes, size_bytes: int) -> bytes:
    """A PNG file of a chosen size: what follows its end is not part of the picture."""
    return png + bytes(size_bytes - len(png))
