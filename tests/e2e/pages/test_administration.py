"""The administrator's pages: keys from sign-in to revoke, usage, blocks, and the status."""

import re

import httpx
import numpy as np
import pytest
from playwright.async_api import Page, expect

from tests.e2e.edits import random_edit, random_picture
from tests.e2e.models import BUILT_IN
from tests.e2e.pages.conftest import OpenPage, choose, eventually
from tests.e2e.pages.easel import drag, load_square, saved
from tests.e2e.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")
# Names that no other test of the same product uses.
LABEL = "design team"
USER = "mallory@example.com"


async def test_a_key_from_sign_in_to_revoke(open_page: OpenPage, product: Product) -> None:
    page = await open_page("/keys", signed_in=False)
    await sign_in(page, product)
    secret = await create(page)
    edit = random_edit(np.random.default_rng(1), BUILT_IN, user=USER)
    async with httpx.AsyncClient(
        base_url=product.url, headers={"Authorization": f"Bearer {secret}"}, timeout=60
    ) as client:

        async def status() -> int:
            answer = await client.post("/v1/images/edits", data=edit.fields, files=edit.files())
            return answer.status_code

        assert await status() == httpx.codes.OK
        await see_and_block(page)
        assert await status() == httpx.codes.FORBIDDEN
        await page.get_by_role("button", name=f"Unblock {USER}").click()
        await expect(page.locator("#blocked")).to_be_empty()
        assert await status() == httpx.codes.OK
        await revoke(page)
        assert await status() == httpx.codes.UNAUTHORIZED


async def sign_in(page: Page, product: Product) -> None:
    """A wrong secret first, then the one that the terminal printed."""
    printed = re.search(r"Admin secret.*: (\S+)", (product.home / "serve.log").read_text())
    assert printed is not None
    await page.locator("#unlock").click()
    field = page.get_by_label("Admin secret")
    await field.fill("open sesame")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text(
        "This is not the admin secret."
    )
    await field.fill(printed.group(1))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Usage")).to_be_visible()


async def create(page: Page) -> str:
    """Make a key in the page, and return the secret that it shows once."""
    await page.get_by_role("button", name="New key").click()
    await page.get_by_label("Label").fill(LABEL)
    await page.get_by_label("Pictures a minute").fill("60")
    await page.get_by_role("checkbox", name=BUILT_IN).check()
    await page.get_by_role("button", name="Create").click()
    secret = await page.get_by_role("textbox", name="Key", exact=True).input_value()
    assert re.fullmatch(r"sk-rt-\w{42}", secret)
    await page.get_by_role("button", name="Done").click()
    row = page.get_by_role("row").filter(has_text=LABEL)
    await expect(row).to_contain_text("60 pictures a minute")
    await expect(row).to_contain_text(BUILT_IN)
    assert secret not in await page.content()
    return secret


async def see_and_block(page: Page) -> None:
    """Usage by user and by key, as a chart, a table and a file; then keep the user out."""

    async def is_counted() -> bool:
        await page.reload()
        await choose(page, "Key")
        await expect(page.locator("#group-title")).to_have_text("Key")
        return LABEL in await page.locator("#usage").inner_text()

    await eventually(is_counted, seconds=30)  # edits are counted a little after they end
    await choose(page, "User")
    await expect(page.locator("#usage")).to_contain_text(USER)
    await expect(page.locator("#chart svg")).to_contain_text(USER)
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="CSV").click()
    assert USER in (await saved(await coming.value)).decode()
    await page.get_by_role("button", name=f"Block {USER}").click()
    await expect(page.locator("#blocked")).to_contain_text(USER)


async def revoke(page: Page) -> None:
    await page.get_by_role("button", name=f"Revoke {LABEL}").click()
    await page.get_by_role("button", name="Keep it").click()
    row = page.get_by_role("row").filter(has_text=LABEL)
    await expect(row).to_be_visible()
    await page.get_by_role("button", name=f"Revoke {LABEL}").click()
    await page.get_by_role("button", name="Revoke", exact=True).click()
    await expect(row).to_be_hidden()
    await page.get_by_label("Show revoked and expired keys").check()
    await expect(row).to_contain_text("revoked")


async def test_the_status_shows_work_that_is_under_way(open_page: OpenPage) -> None:
    status, playground = await open_page("/status"), await open_page("/")
    row = status.get_by_role("row").filter(has_text=BUILT_IN)
    await expect(row).to_contain_text("onnxruntime")
    await expect(row).to_contain_text("CPU")
    await load_square(playground, random_picture(np.random.default_rng(2), 256))
    await drag(playground, (0.3, 0.3), (0.6, 0.5))
    await playground.get_by_label("Model").select_option(BUILT_IN)
    await playground.get_by_label("What should be there?").fill("sky")
    await playground.get_by_label("Pictures").fill("4")
    await playground.get_by_text("More", exact=True).click()
    await playground.get_by_label("Steps").fill("100")
    await playground.get_by_role("button", name="Edit the picture").click()
    await expect(row).to_contain_text("painting")
    await expect(row).to_contain_text("8 of 16 rows")
    await playground.get_by_role("button", name="Stop").click()
    await expect(row).to_contain_text("0 of 16 rows")
    await expect(row).to_contain_text("ready")


@pytest.mark.parametrize("path", ["/keys", "/status"])
async def test_strangers_see_no_more_than_a_sign_in(open_page: OpenPage, path: str) -> None:
    page = await open_page(path, signed_in=False)
    await expect(page.locator("#locked")).to_be_visible()
    await expect(page.locator("#unlocked")).to_be_hidden()
