"""A real Chromium on the pages of the running product, cut off from everything else."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright, expect

from frontend.administration.sessions import Sessions
from frontend.database.database import Database
from frontend.database.engines import serving_engine
from frontend.settings import Settings
from tests.e2e.product import Product

OpenPage = Callable[..., Awaitable[Page]]
ACTION_MILLISECONDS = 30_000
DESKTOP = {"width": 1280, "height": 900}
expect.set_options(timeout=ACTION_MILLISECONDS)
# Software rendering, as on a machine without a graphics card.
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, one for all tests."""
    path = shutil.which("chromium")
    assert path, "the tests of the pages need Chromium: apt-get install chromium"
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, product: Product) -> AsyncIterator[OpenPage]:
    """Opens a path in a browser of its own; what goes wrong inside fails the test at its end."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    async def open_path(path: str = "/", *, signed_in: bool = True, **options: Any) -> Page:
        context = await browser.new_context(**{"viewport": DESKTOP} | options)
        contexts.append(context)
        context.set_default_timeout(ACTION_MILLISECONDS)
        await context.route(lambda url: not url.startswith(product.url), _refuse(faults))
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: _note(faults, message.type, message.text))
        link = f"#sign-in={await new_link(product)}" if signed_in else ""
        await page.goto(f"{product.url}{path}{link}")
        if signed_in:
            await page.get_by_role("button", name="Sign out").wait_for()
        return page

    yield open_path
    for context in contexts:
        await context.close()
    assert faults == []


async def new_link(product: Product) -> str:
    """The token of a link that signs in, as `retouch admin link` makes it."""
    settings = Settings(home=product.home)
    engine = serving_engine(settings.database)  # the product has brought the schema up to date
    try:
        return await Sessions(Database(engine), settings.session_seconds).new_link()
    finally:
        await engine.dispose()


async def choose(page: Page, name: str) -> None:
    """Click a tab as a user does: on its label, once that stands still; the radio is hidden."""
    radio = page.get_by_role("radio", name=name, exact=True)
    await page.locator("label", has=radio).click()
    await expect(radio).to_be_checked()


def _refuse(faults: list[str]) -> Callable[[Route], Awaitable[None]]:
    async def refuse(route: Route) -> None:
        if route.request.url.startswith(("blob:", "data:")):
            await route.continue_()
            return
        faults.append(f"asked another host: {route.request.url}")
        await route.abort()

    return refuse


def _note(faults: list[str], kind: str, text: str) -> None:
    """An answer that is an error is no fault of the page."""
    if kind == "error" and "Failed to load resource" not in text:
        faults.append(text)


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Wait until `check` holds."""
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(0.05)
