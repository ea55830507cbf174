"""`python -m examples.show` makes the README's picture: the example, its mask, and edits of it."""

import tempfile
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Final

import httpx
from PIL import Image, ImageDraw

from examples.draw import MASK, MEADOW
from tests.e2e.product import Product, running

PROMPTS: Final = ("a red circle", "brick wall", "sunset sky")
SEED: Final = "3"
GAP_PIXELS: Final = 8
LABEL_PIXELS: Final = 24
OUTPUT: Final = Path("docs/images/edit.png")


def edited(product: Product, prompt: str) -> Image.Image:
    """The example, edited through the API as the README's command does."""
    fields = {"model": "retouch-mini", "prompt": prompt, "size": "256x256", "seed": SEED}
    fields["response_format"] = "b64_json"
    answer = httpx.post(
        f"{product.url}/v1/images/edits",
        headers=product.headers,
        data=fields,
        files={"image": MEADOW.read_bytes(), "mask": MASK.read_bytes()},
        timeout=120,
    )
    answer.raise_for_status()
    return Image.open(BytesIO(b64decode(answer.json()["data"][0]["b64_json"])))


def masked() -> Image.Image:
    """The example with its hole shown as a checkerboard."""
    squares = Image.new("L", (32, 32), 255)
    for cell in range(32 * 32):
        squares.putpixel((cell % 32, cell // 32), 255 if (cell % 32 + cell // 32) % 2 else 200)
    board = squares.resize((256, 256), Image.Resampling.NEAREST).convert("RGB")
    board.paste(Image.open(MEADOW), mask=Image.open(MASK).getchannel("A"))
    return board


def row(pictures: dict[str, Image.Image]) -> Image.Image:
    """Pictures side by side, each with its name below."""
    width = len(pictures) * (256 + GAP_PIXELS) - GAP_PIXELS
    sheet = Image.new("RGB", (width, 256 + LABEL_PIXELS), "white")
    draw = ImageDraw.Draw(sheet)
    for index, (name, picture) in enumerate(pictures.items()):
        left = index * (256 + GAP_PIXELS)
        sheet.paste(picture, (left, 0))
        draw.text((left + 128, 256 + LABEL_PIXELS / 2), name, "black", anchor="mm", font_size=15)
    return sheet


def main() -> None:
    """Run the product, edit the example with each prompt, and save the sheet."""
    pictures: dict[str, Image.Image] = {"picture and mask": masked()}
    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home), [Path("model_repository")]) as product,
    ):
        pictures |= {f'"{prompt}"': edited(product, prompt) for prompt in PROMPTS}
    row(pictures).save(OUTPUT, optimize=True)


if __name__ == "__main__":
    main()
