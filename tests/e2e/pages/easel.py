"""What a person does at the easel, and what can be seen of it."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import Download, Page

from tests.e2e.edits import png
from tests.e2e.pages.conftest import eventually

Mask = NDArray[np.bool_]
CANVAS = 300  # the width of a canvas that nobody has set
# The mask as the person sees it: where the overlay has colour.
_OVERLAY = """async () => {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const canvas = document.getElementById("overlay");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let bits = "";
  for (let i = 3; i < data.length; i += 4) bits += data[i] ? "1" : "0";
  return bits;
}"""


async def load(page: Page, picture: Image.Image | bytes, name: str = "picture.png") -> None:
    """Choose a picture file."""
    content = png(picture) if isinstance(picture, Image.Image) else picture
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    await page.locator("#picture-file").set_input_files(file)


async def load_square(page: Page, picture: Image.Image | bytes) -> None:
    """The same for one that needs no crop; waits until it is up."""
    await load(page, picture)
    await is_up(page)


async def is_up(page: Page, side: int | None = None) -> None:
    """Wait until a picture, of `side` pixels if that is given, can be painted on."""

    async def has_side() -> bool:
        width = await page.evaluate("document.getElementById('overlay').width")
        toolbar = page.locator("#toolbar")
        return await toolbar.is_visible() and (width == side if side else width != CANVAS)

    await eventually(has_side)


async def mask_of(page: Page) -> Mask:
    """(side, side): what is painted."""
    bits = await page.evaluate(_OVERLAY)
    side = int(len(bits) ** 0.5)
    return np.equal(np.frombuffer(bits.encode(), np.uint8).reshape(side, side), ord("1"))


async def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where in the window a point of the picture is, in shares of its side."""
    box = await page.locator("#sheet").bounding_box()
    assert box is not None
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


async def drag(page: Page, *points: tuple[float, float], button: Any = "left") -> None:
    """Drag the mouse along points of the picture."""
    await page.mouse.move(*await at(page, *points[0]))
    await page.mouse.down(button=button)
    for point in points[1:]:
        await page.mouse.move(*await at(page, *point), steps=4)
    await page.mouse.up(button=button)


async def saved(download: Download) -> bytes:
    """The bytes of a downloaded file."""
    return Path(await download.path()).read_bytes()


def rgba(file: bytes) -> NDArray[np.uint8]:
    """(height, width, 4): the pixels of a file, read by Pillow."""
    return np.asarray(Image.open(BytesIO(file)).convert("RGBA"))


async def finish(page: Page) -> None:
    """Wait for the end of the run under way."""
    await page.locator("#run").wait_for(timeout=60_000)
