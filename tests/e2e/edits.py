"""Edits as a client sends them: random pictures and masks, and what a request for them holds."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

WORDS = ("red", "blue", "circle", "square", "sky", "grass", "a", "of", "with", "stone")


@dataclass(frozen=True)
class Edit:
    """One request: a picture, a mask with transparent holes, and the fields of the form."""

    picture: Image.Image
    mask: Image.Image
    fields: dict[str, str]

    @property
    def repainted(self) -> NDArray[np.bool_]:
        """(side, side): where the mask is fully transparent."""
        return np.asarray(self.mask.getchannel("A")) == 0

    def files(self) -> dict[str, Any]:
        """The form's files, for httpx."""
        return {
            "image": ("image.png", png(self.picture), "image/png"),
            "mask": ("mask.png", png(self.mask), "image/png"),
        }


def random_edit(rng: np.random.Generator, model: str, side: int = 256, **fields: Any) -> Edit:
    """A smooth random picture, a few random holes, a random prompt and seed."""
    prompt = " ".join(rng.choice(WORDS, 4))
    defaults = {"model": model, "prompt": prompt, "size": f"{side}x{side}"}
    defaults |= {"seed": int(rng.integers(2**40)), "response_format": "b64_json"}
    return Edit(
        random_picture(rng, side),
        random_mask(rng, side),
        {name: str(value) for name, value in (defaults | fields).items()},
    )


def random_picture(rng: np.random.Generator, side: int) -> Image.Image:
    """Coloured noise, blurred, so that it has edges and areas."""
    noise = rng.integers(0, 256, (16, 16, 3), np.uint8)
    picture = Image.fromarray(noise).resize((side, side), Image.Resampling.BICUBIC)
    return picture.filter(ImageFilter.DETAIL)


def random_mask(rng: np.random.Generator, side: int) -> Image.Image:
    """One to three elliptic holes in an opaque picture."""
    alpha = Image.new("L", (side, side), 255)
    for _ in range(rng.integers(1, 4)):
        left, top = rng.integers(0, side * 3 // 4, 2)
        width, height = rng.integers(side // 8, side // 4, 2)
        ImageDraw.Draw(alpha).ellipse((left, top, left + width, top + height), 0)
    mask = Image.new("RGBA", (side, side))
    mask.putalpha(alpha)
    return mask


def png(picture: Image.Image) -> bytes:
    """The picture as a PNG file."""
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def pixels(data: bytes) -> NDArray[np.uint8]:
    """(side, side, 3): the RGB pixels of a PNG file, read by Pillow."""
    return np.asarray(Image.open(BytesIO(data), formats=("PNG",)).convert("RGB"))


async def post(http: httpx.AsyncClient, edit: Edit) -> httpx.Response:
    """Send the edit."""
    return await http.post("/v1/images/edits", data=edit.fields, files=edit.files())
