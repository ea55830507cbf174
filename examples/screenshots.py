"""`python -m examples.screenshots` takes the documentation's pictures of the pages."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from frontend.administration.sessions import Sessions
from frontend.database.database import Database
from frontend.keys.store import Keys
from frontend.settings import Settings
from frontend.usage.table import Usage
from tests.e2e.product import Product, running

FOLDER: Final = Path("docs/images/pages")
DEVICES: Final[Mapping[str, Mapping[str, Any]]] = {
    "desktop": {"viewport": {"width": 1280, "height": 860}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
        "device_scale_factor": 1.5,
    },
}
SCHEMES: Final = ("light", "dark")
DAYS: Final = 30
DAY_SECONDS: Final = 86400
# The outline that is painted, in shares of the picture's side, and what is asked for.
OUTLINE: Final = ((0.24, 0.5), (0.42, 0.42), (0.6, 0.5), (0.62, 0.7), (0.42, 0.8), (0.22, 0.7))
PROMPT: Final = "a red circle"
SEED: Final = "3"


async def paint(page: Page) -> None:
    """Load a sample, paint an outline, and ask for three pictures."""
    await page.get_by_role("button", name="A meadow with a kite").click()
    await page.locator("#toolbar").wait_for()
    await page.get_by_role("radio", name="Lasso").check(force=True)
    box = await page.locator("#sheet").bounding_box()
    if box is None:
        raise RuntimeError("there is no picture")
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in OUTLINE]
    await page.mouse.move(*places[0])
    await page.mouse.down()
    for place in places[1:]:
        await page.mouse.move(*place, steps=4)
    await page.mouse.up()
    await page.get_by_label("What should be there?").fill(PROMPT)
    await page.get_by_label("Pictures").fill("3")
    await page.locator("[name=seed]").evaluate(f"field => (field.value = '{SEED}')")
    await page.get_by_role("button", name="Edit the picture").click()
    await page.locator("#run").wait_for()
    await page.evaluate("scrollTo(0, 0)")


async def wait_for_usage(page: Page) -> None:
    """Wait until the numbers are there."""
    await page.locator("#chart svg").wait_for()


async def wait_for_models(page: Page) -> None:
    """Wait until the models are there."""
    await page.get_by_text("retouch-mini").wait_for()


PAGES: Final[Mapping[str, tuple[str, Callable[[Page], Awaitable[None]]]]] = {
    "playground": ("/", paint),
    "keys": ("/keys", wait_for_usage),
    "status": ("/status", wait_for_models),
}


async def live_a_month(database: Database) -> None:
    """Store keys, and the usage that they might have had."""
    rng = np.random.default_rng(4)
    keys = Keys(database)
    await keys.create("web shop", images_per_minute=60, concurrent_edits=8)
    await keys.create("design team", models=["retouch-mini"])
    ids = [key.id for key in await keys.list()]
    async with database.transaction() as session:
        for number in range(900):
            day = int(DAYS * np.sqrt(rng.random()))
            session.add(_edit(number, int(time.time()) - (DAYS - day) * DAY_SECONDS, rng, ids))


def _edit(number: int, moment: int, rng: np.random.Generator, key_ids: list[str]) -> Usage:
    status = int(rng.choice([200, 400, 499], p=[0.94, 0.03, 0.03]))
    return Usage(
        request_id=f"req_{number}",
        created_at=moment,
        key_id=str(rng.choice(key_ids)),
        end_user=None,
        model="retouch-mini",
        images=int(rng.integers(1, 5)),
        size="512x512",
        status=status,
        code=None if status == 200 else "invalid_value",
        duration_milliseconds=int(rng.integers(700, 2500)),
    )


@asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = shutil.which("chromium")
        chromium = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        await chromium.close()


async def take_all(product: Product) -> None:
    """Take each page on each device in each scheme."""
    settings = Settings(home=product.home)
    async with Database.open(settings) as database, _browser() as browser:
        await live_a_month(database)
        sessions = Sessions(database, settings.session_seconds)
        for device, options in DEVICES.items():
            for scheme in SCHEMES:
                context = await browser.new_context(**options, color_scheme=scheme)
                page = await context.new_page()
                await page.goto(f"{product.url}/#sign-in={await sessions.new_link()}")
                await page.get_by_role("button", name="Sign out").wait_for()
                for name, (path, prepare) in PAGES.items():
                    await page.goto(product.url + path)
                    await prepare(page)
                    await take(page, FOLDER / f"{name}-{device}-{scheme}.webp")
                await context.close()


async def take(page: Page, file: Path) -> None:
    """Save what is seen, and on a desktop what is below, as a small file."""
    is_desktop = "desktop" in file.name
    shot = await page.screenshot(full_page=is_desktop, animations="disabled")
    Image.open(BytesIO(shot)).save(file, quality=72, method=6)


def main() -> None:
    """Run the product with the built-in model, and take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home), [Path("model_repository")]) as product,
    ):
        asyncio.run(take_all(product))


if __name__ == "__main__":
    main()
