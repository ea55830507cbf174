"""What every page keeps to: it is light, and everybody can use it."""

from typing import Any

import pytest
from playwright.async_api import Page

from tests.e2e.pages.conftest import OpenPage
from tests.e2e.pages.easel import drag
from tests.frontend.pages.npm import package

pytestmark = pytest.mark.asyncio(loop_scope="session")
PATHS = ("/", "/keys", "/status")
SERIOUS = ("serious", "critical")
DIALOGS = {
    "/": ("crop-dialog", "help-dialog", "copy-dialog", "viewer", "sign-in"),
    "/keys": ("key-dialog", "secret-dialog", "revoke-dialog"),
    "/status": (),
}


@pytest.mark.parametrize("path", PATHS)
async def test_the_first_paint_takes_less_than_100_kb(open_page: OpenPage, path: str) -> None:
    page = await open_page("/health/live", signed_in=False)
    network = await page.context.new_cdp_session(page)
    await network.send("Network.enable")
    bytes_of: list[float] = []
    network.on("Network.loadingFinished", lambda event: bytes_of.append(event["encodedDataLength"]))
    await page.goto(page.url.replace("/health/live", path))
    await page.wait_for_load_state("networkidle")
    assert len(bytes_of) > 10
    assert sum(bytes_of) < 100_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
async def test_axe_finds_nothing_serious(open_page: OpenPage, path: str, scheme: str) -> None:
    page = await open_page(path, color_scheme=scheme, reduced_motion="reduce")
    script = (package("axe-core") / "axe.min.js").read_text()
    await page.evaluate(script)
    assert await serious_findings(page) == []
    if path == "/":
        await page.get_by_role("button", name="A meadow with a kite").click()
        await page.locator("#toolbar").wait_for()
        await drag(page, (0.3, 0.3), (0.5, 0.5))
        await page.get_by_text("More", exact=True).click()
        await page.keyboard.press("Control+Enter")
        await page.get_by_text("There is no prompt").wait_for()
        assert await serious_findings(page) == []
    for dialog in DIALOGS[path]:
        await page.evaluate(f"document.getElementById('{dialog}').showModal()")
        assert await serious_findings(page) == [], dialog
        await page.evaluate(f"document.getElementById('{dialog}').close()")


async def serious_findings(page: Page) -> list[Any]:
    result = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (finding["id"], [node["html"] for node in finding["nodes"]])
        for finding in result["violations"]
        if finding["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_is_no_wider_than_a_phone(open_page: OpenPage, path: str) -> None:
    page = await open_page(path, viewport={"width": 360, "height": 740}, is_mobile=True)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_light_and_dark_can_be_chosen_and_stay(open_page: OpenPage) -> None:
    page = await open_page(signed_in=False, color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(background)
    await page.get_by_role("button", name="Switch between light and dark").click()
    dark = await page.evaluate(background)
    assert dark != light
    await page.reload()
    assert await page.evaluate(background) == dark
