"""Requests of the playground: who makes them, what is refused, and the same ones elsewhere."""

import json
import os
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import httpx
import numpy as np
import pytest
from playwright.async_api import Page, expect

from tests.conformance.toolchain import NODE
from tests.e2e.edits import random_picture
from tests.e2e.models import BUILT_IN
from tests.e2e.pages.conftest import OpenPage, choose
from tests.e2e.pages.easel import drag, finish, load_square, saved
from tests.e2e.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")
PICTURE = random_picture(np.random.default_rng(9), 256)
# What a shell, a form and three languages could misread.
PROMPT = '@it\'s <a "r\u00e9d" $HOME `circle`; \\ of stone'


async def ready_to_run(page: Page, prompt: str) -> None:
    await load_square(page, PICTURE)
    await drag(page, (0.3, 0.3), (0.6, 0.5))
    await page.get_by_label("What should be there?").fill(prompt)


async def test_the_same_request_elsewhere_makes_the_same_picture(
    open_page: OpenPage, product: Product, tmp_path: Path
) -> None:
    page = await open_page()
    await ready_to_run(page, PROMPT)
    await page.get_by_label("Model").select_option(BUILT_IN)
    await page.get_by_text("More", exact=True).click()
    await page.get_by_label("What should not be there").fill('\'; rm -rf "$HOME"')
    await page.get_by_label("Guidance").fill("2.5")
    await page.get_by_role("button", name="Edit the picture").click()
    await finish(page)
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Download").click()
    painted = await saved(await coming.value)

    await page.get_by_role("button", name="Copy as \u2026").click()
    for name in ("image.png", "mask.png"):
        async with page.expect_download() as coming:
            await page.get_by_role("link", name=name).click()
        (tmp_path / name).write_bytes(await saved(await coming.value))
    codes = {}
    for language in ("curl", "Python", "JavaScript"):
        await choose(page, language)
        codes[language] = await page.locator("#copy-code").inner_text()
    assert product.key not in "".join(codes.values())
    for language, code in codes.items():
        assert repeated(language, code, product, tmp_path) == painted, language


def repeated(language: str, code: str, product: Product, folder: Path) -> bytes:
    """Run the copied code as its reader would, and return the picture that it makes."""
    environment = {**os.environ, "RETOUCH_KEY": product.key}
    commands = {
        "curl": ["bash", "-c", f"{code} --fail-with-body --silent -o answer.json"],
        "Python": [sys.executable, "-c", code],
        "JavaScript": [str(NODE), "--input-type=module", "-e", code],
    }
    ran = subprocess.run(
        commands[language],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    if language == "curl":
        answer = json.loads((folder / "answer.json").read_text())
        return httpx.get(answer["data"][0]["url"]).content
    made = folder / "edit-0.png"
    return made.read_bytes() if made.exists() else b64decode("")


async def test_without_a_session_a_key_by_hand_is_asked_for(
    open_page: OpenPage, product: Product
) -> None:
    page = await open_page(signed_in=False)
    await ready_to_run(page, "sky")
    await page.get_by_role("button", name="Edit the picture").click()
    field = page.get_by_label("Admin secret or API key")
    await field.fill("sk-rt-mistyped")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("not valid")
    await field.fill(product.key)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Model")).to_contain_text("retouch-mini")
    await page.get_by_role("button", name="Edit the picture").click()
    await finish(page)
    await expect(page.get_by_role("button", name="Download")).to_be_visible()
    stored = await page.evaluate("[localStorage, document.cookie].map(JSON.stringify).join()")
    assert product.key not in stored  # with the tab it is gone


async def test_what_is_missing_is_said_in_plain_words(open_page: OpenPage) -> None:
    page = await open_page()
    run, said = page.get_by_role("button", name="Edit the picture"), page.locator("#notices")
    await run.click()
    await expect(said).to_contain_text("There is no picture yet")
    await load_square(page, PICTURE)
    await run.click()
    await expect(said).to_contain_text("Paint over the part that should change")
    await drag(page, (0.3, 0.3), (0.6, 0.5))
    await run.click()
    await expect(said).to_contain_text("Say what should be there")
    await page.get_by_label("What should be there?").fill("sky")
    await page.get_by_label("Pictures").fill("11")
    await run.click()
    await expect(said).to_contain_text("\u201c11\u201d is no pictures")


async def test_a_refusal_says_what_to_do(open_page: OpenPage) -> None:
    page = await open_page()
    await ready_to_run(page, "sky")
    model = page.get_by_label("Model")
    await model.evaluate("select => select.options[0].value = 'gone'")
    await page.get_by_role("button", name="Edit the picture").click()
    await finish(page)
    await expect(page.locator("#notices")).to_contain_text("This model is not served any more.")
    await expect(page.locator("#notices")).to_contain_text("Choose another model.")


async def test_a_server_that_is_gone_is_said_to_be(open_page: OpenPage) -> None:
    page = await open_page()
    await ready_to_run(page, "sky")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Edit the picture").click()
    await finish(page)
    await expect(page.locator("#notices")).to_contain_text("The server cannot be reached.")
