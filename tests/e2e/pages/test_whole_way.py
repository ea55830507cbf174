"""A person's whole way through the playground, by mouse, by touch and by keyboard."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.async_api import CDPSession, Page, expect

from tests.e2e.edits import png, random_picture
from tests.e2e.pages.conftest import OpenPage, choose, eventually
from tests.e2e.pages.easel import at, drag, finish, is_up, load_square, mask_of, rgba, saved
from tests.e2e.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")
PICTURE = random_picture(np.random.default_rng(5), 256)


async def test_by_mouse_from_the_terminals_link_to_the_next_edit(
    open_page: OpenPage, product: Product
) -> None:
    page = await open_page(signed_in=False)
    link = re.search(r"#sign-in=\S+", (product.home / "serve.log").read_text())
    assert link is not None
    await page.goto("about:blank")
    await page.goto(product.url + "/" + link.group())
    await expect(page.locator("#account")).to_have_text("Sign out")
    assert "sign-in" not in page.url

    await load_square(page, PICTURE)
    await paint_and_undo(page)
    await page.get_by_label("What should be there?").fill("a red circle")
    await watch_and_stop(page, product)
    await run_again(page)
    await compare(page)
    await download(page)
    await go_on(page)


async def paint_and_undo(page: Page) -> None:
    await drag(page, (0.3, 0.3), (0.6, 0.5))
    once = await mask_of(page)
    assert once.any()
    await choose(page, "Rectangle")
    await drag(page, (0.7, 0.7), (0.9, 0.8))
    twice = await mask_of(page)
    assert twice.sum() > once.sum()
    await page.get_by_role("button", name="Undo").click()
    np.testing.assert_array_equal(await mask_of(page), once)
    await page.get_by_role("button", name="Redo").click()
    np.testing.assert_array_equal(await mask_of(page), twice)


async def watch_and_stop(page: Page, product: Product) -> None:
    """Previews and progress come while it paints, and Stop ends the model's work too."""
    await page.get_by_text("More", exact=True).click()
    await page.get_by_label("Steps").fill("100")
    await page.get_by_label("Pictures").fill("4")  # long enough for a busy machine
    await page.get_by_role("button", name="Edit the picture").click()
    await expect(page.locator(".tile img.preview").first).to_be_visible()
    await expect(page.get_by_text(re.compile(r"step \d+ of 100")).first).to_be_visible()
    progress = page.get_by_role("progressbar", name="Progress of picture 1")
    assert 0 < await progress.evaluate("bar => bar.position") < 1
    await page.get_by_role("button", name="Stop").click()
    await expect(page.locator(".run-head").get_by_text("Stopped")).to_be_visible()
    await eventually(lambda: is_idle(page), seconds=5)
    assert product.process.poll() is None


async def is_idle(page: Page) -> bool:
    """Whether the server says that it paints nothing."""
    status = await page.evaluate(
        "fetch('/admin/api/status', {headers: {'Retouch-Page': '1'}}).then((a) => a.json())"
    )
    return all(model["running_images"] == 0 for model in status["models"])


async def run_again(page: Page) -> None:
    await page.get_by_label("Steps").fill("")
    await page.get_by_label("Pictures").fill("2")
    await page.get_by_role("button", name="Edit the picture").click()
    await finish(page)
    newest = page.locator(".run").first
    await expect(newest.get_by_role("button", name="Download")).to_have_count(2)
    await expect(page.locator(".run")).to_have_count(2)


async def compare(page: Page) -> None:
    await page.get_by_role("button", name="Compare", exact=True).first.click()
    before, after = page.get_by_alt_text("Before"), page.get_by_alt_text("After")
    await expect(before).to_be_visible()
    assert await after.evaluate("image => image.decode().then(() => image.naturalWidth)") == 256
    divider = page.get_by_role("slider", name="How much of the picture before is shown")
    await divider.focus()
    await page.keyboard.press("Home")
    await expect(page.locator("#compare")).to_have_attribute("style", re.compile("divider: 0%"))
    await choose(page, "Side by side")
    boxes = [await image.bounding_box() for image in (before, after)]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
    await page.get_by_role("button", name="Close").click()


async def download(page: Page) -> None:
    """What is downloaded differs from the upload inside the painted mask alone."""
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Download").first.click()
    file = await coming.value
    assert re.fullmatch(r"picture-\d+\.png", file.suggested_filename)
    painted, upload = rgba(await saved(file)), rgba(png(PICTURE))
    mask = await mask_of(page)
    np.testing.assert_array_equal(painted[~mask], upload[~mask])
    assert (painted[mask] != upload[mask]).any(axis=-1).mean() > 0.9


async def go_on(page: Page) -> None:
    """The result becomes the picture; its seed can be used again."""
    seed = await page.locator(".tile .state span").first.inner_text()
    await page.get_by_role("button", name="Use seed").first.click()
    await expect(page.get_by_label("Seed", exact=True)).to_have_value(seed.removeprefix("seed "))
    await page.get_by_role("button", name="Continue from this").first.click()
    await eventually(lambda: has_nothing_painted(page))
    await drag(page, (0.1, 0.1), (0.2, 0.2))
    await page.get_by_role("button", name="Edit the picture").click()
    await finish(page)
    await expect(page.locator(".run")).to_have_count(3)


async def has_nothing_painted(page: Page) -> bool:
    return not (await mask_of(page)).any()


async def test_by_touch_on_a_phone(open_page: OpenPage) -> None:
    phone = {"width": 390, "height": 844}
    page = await open_page(viewport=phone, has_touch=True, is_mobile=True, device_scale_factor=2)
    assert await page.evaluate("document.documentElement.scrollWidth") <= phone["width"]
    await page.get_by_role("button", name="A meadow with a kite").tap()
    await is_up(page)
    fingers = await page.context.new_cdp_session(page)

    await touch(fingers, [[await at(page, 0.3, 0.4)], [await at(page, 0.6, 0.6)]])
    painted = await mask_of(page)
    assert painted[int(256 * 0.5), int(256 * 0.45)]

    before = await page.locator("#sheet").bounding_box()
    middle = await at(page, 0.5, 0.5)
    apart = [[(middle[0] - d, middle[1]), (middle[0] + d, middle[1])] for d in (20, 40, 60)]
    await touch(fingers, apart)
    after = await page.locator("#sheet").bounding_box()
    assert before
    assert after
    assert after["width"] == pytest.approx(3 * before["width"], rel=0.05)
    np.testing.assert_array_equal(await mask_of(page), painted)

    await page.get_by_label("What should be there?").fill("water")
    await page.get_by_role("button", name="Edit the picture").tap()
    await finish(page)
    await page.get_by_role("button", name="Compare", exact=True).tap()
    await expect(page.get_by_alt_text("After")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= phone["width"]


async def touch(session: CDPSession, steps: list[list[tuple[float, float]]]) -> None:
    """Put fingers down, move them from step to step, and lift them."""
    for number, points in enumerate(steps):
        fingers = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(points)]
        kind = "touchMove" if number else "touchStart"
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def test_by_keyboard_alone(open_page: OpenPage) -> None:
    page = await open_page()
    press = page.keyboard.press
    await tab_to(page, "A brick wall")
    await press("Enter")
    await is_up(page)

    await tab_to(page, "Picture: arrow keys move the cross-hair, Enter paints")
    await press("Enter")
    for _ in range(5):
        await press("ArrowRight")
    await press("Enter")
    painted = await mask_of(page)
    assert painted[128, 128:148].all()
    await press("Enter")
    await press("ArrowDown")
    await press("Escape")
    np.testing.assert_array_equal(await mask_of(page), painted)
    for key, check in undone_and_redone():
        await press(key)
        assert check(bool((await mask_of(page)).any()))

    await tab_to(page, "What should be there?")
    await page.keyboard.type("a red circle")
    await press("Control+Enter")
    await expect(page.locator("#stop")).to_be_visible()
    await finish(page)
    await tab_to(page, "Compare picture 1 with the original")
    await press("Enter")
    await expect(page.get_by_alt_text("After")).to_be_visible()
    await press("Escape")
    await expect(page.get_by_alt_text("After")).to_be_hidden()


def undone_and_redone() -> list[tuple[str, Callable[[bool], bool]]]:
    return [("Control+z", lambda any_painted: not any_painted), ("Control+Shift+z", bool)]


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has this name has the focus, and can be seen to have it."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await page.evaluate(_FOCUSED) == name:
            outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none" or await page.evaluate(
                "document.activeElement.closest('label')?.matches(':has(:focus-visible)')"
            )
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


_FOCUSED = """(() => {
  const { activeElement: focused } = document;
  return focused?.getAttribute("aria-label")
    ?? focused?.labels?.[0]?.querySelector("span")?.textContent
    ?? focused?.querySelector("img")?.alt ?? focused?.textContent?.trim();
})()"""
