"""Pictures of any format and shape become squares that the API takes."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e.edits import png, random_picture
from tests.e2e.pages.conftest import OpenPage
from tests.e2e.pages.easel import is_up, load, load_square, mask_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
SEEN = """() => {
  const canvas = document.getElementById("picture");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const bytes = Array.from(data, (value) => value.toString(16).padStart(2, "0"));
  return [canvas.width, bytes.join("")];
}"""


async def seen(page: Page) -> NDArray[np.uint8]:
    """(side, side, 4): the picture on the easel."""
    side, data = await page.evaluate(SEEN)
    return np.frombuffer(bytes.fromhex(data), np.uint8).reshape(side, side, 4)


def photo(width: int, height: int) -> Image.Image:
    """A picture whose every part differs."""
    y, x = np.mgrid[:height, :width]
    return Image.fromarray(np.stack([x % 256, y % 256, (x + y) % 256], -1).astype(np.uint8))


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


async def test_a_square_png_is_sent_as_it_is(open_page: OpenPage) -> None:
    page = await open_page()
    file = png(random_picture(np.random.default_rng(1), 256))
    await load_square(page, file)
    await page.locator("#stage").focus()
    for key in ("Enter", "ArrowRight", "Enter"):
        await page.keyboard.press(key)
    await page.get_by_label("What should be there?").fill("sky")
    await page.get_by_text("More", exact=True).click()
    await page.get_by_label("Steps").fill("100")  # until it is stopped
    async with page.expect_request("**/v1/images/edits") as sending:
        await page.keyboard.press("Control+Enter")
    body = (await sending.value).post_data_buffer
    assert body is not None
    assert file in body
    await page.get_by_role("button", name="Stop").click()


async def test_common_formats_are_read_and_cropped(open_page: OpenPage) -> None:
    page = await open_page(signed_in=False)
    for height, kind in enumerate(("JPEG", "WEBP", "GIF", "BMP", "PNG"), 116):
        await load(page, encoded(photo(200, height), kind))
        await page.get_by_role("button", name="Use the square").click()
        await is_up(page, height)
        left = (200 - height) // 2
        wanted = np.asarray(photo(200, height).crop((left, 0, left + height, height)))
        difference = np.abs((await seen(page))[..., :3].astype(int) - wanted)
        is_exact = kind in ("BMP", "PNG")
        assert difference.max() == 0 if is_exact else difference.mean() < 16, kind


async def test_the_crop_can_be_moved_and_resized(open_page: OpenPage) -> None:
    page = await open_page(signed_in=False)
    await load(page, png(photo(200, 120)))
    frame = page.get_by_role("application", name="The square that is kept")
    await expect(frame).to_be_focused()
    for _ in range(12):
        await page.keyboard.press("ArrowLeft")
    for _ in range(3):
        await page.keyboard.press("-")
    box = await frame.bounding_box()
    canvas = await page.locator("#crop-picture").bounding_box()
    assert box
    assert canvas
    scale = canvas["width"] / 200
    assert box["x"] == pytest.approx(canvas["x"], abs=1)
    assert box["width"] / scale == pytest.approx(105, abs=1)
    await page.mouse.move(box["x"] + 20, box["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 20 + 50 * scale, box["y"] + 20 + 10 * scale, steps=3)
    await page.mouse.up()
    await page.get_by_role("button", name="Use the square").click()
    await is_up(page, 105)
    wanted = np.asarray(photo(200, 120).crop((50, 10, 155, 115)))
    np.testing.assert_array_equal((await seen(page))[..., :3], wanted)


async def test_the_whole_picture_fits_with_bars_that_are_painted_already(
    open_page: OpenPage,
) -> None:
    page = await open_page(signed_in=False)
    await load(page, png(photo(200, 120)))
    await page.get_by_role("button", name="Keep everything").click()
    await is_up(page, 200)
    bars = np.ones((200, 200), bool)
    bars[40:160] = False
    np.testing.assert_array_equal(await mask_of(page), bars)
    np.testing.assert_array_equal((await seen(page))[40:160, :, :3], np.asarray(photo(200, 120)))


async def test_a_large_picture_is_scaled_to_what_the_api_uses(open_page: OpenPage) -> None:
    page = await open_page(signed_in=False)
    await load(page, encoded(photo(1600, 1600), "JPEG"))
    await is_up(page, 1024)
    await expect(page.locator("#size")).to_have_value("1024x1024")


async def test_a_photograph_is_turned_upright(open_page: OpenPage) -> None:
    upright = Image.new("RGB", (160, 160), "white")
    upright.paste("red", (0, 0, 160, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by 90 degrees
    page = await open_page(signed_in=False)
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    await load(page, encoded(lying, "JPEG", exif=exif, quality=95))
    await is_up(page, 160)
    difference = (await seen(page))[..., :3].astype(int) - np.asarray(upright)
    assert np.abs(difference).mean() < 8


@pytest.mark.parametrize("way", ["paste", "drop"])
async def test_a_picture_is_pasted_or_dropped(open_page: OpenPage, way: str) -> None:
    page = await open_page(signed_in=False)
    file = png(random_picture(np.random.default_rng(3), 128))
    await page.evaluate(
        """([way, bytes]) => {
          const transfer = new DataTransfer();
          const type = { type: "image/png" };
          transfer.items.add(new File([Uint8Array.from(bytes)], "a.png", type));
          const event = way === "paste"
            ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
            : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
          document.body.dispatchEvent(event);
        }""",
        [way, list(file)],
    )
    await is_up(page, 128)


async def test_a_file_that_is_no_picture_is_explained(open_page: OpenPage) -> None:
    page = await open_page(signed_in=False)
    await load(page, b"no picture at all", "notes.txt")
    alert = page.get_by_role("alert").filter(has_text="no picture that the browser can read")
    await expect(alert).to_contain_text("Save it as PNG or JPEG")
