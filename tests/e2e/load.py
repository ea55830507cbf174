"""The frontend's own count of what it has accepted, as its status page shows it."""

import os
import subprocess

import httpx

from tests.e2e.product import RETOUCH, Product

_FROM_PAGE = {"Retouch-Page": "1"}


async def load(product: Product, model: str) -> dict[str, int]:
    """How many edits and images of a model run and wait."""
    async with httpx.AsyncClient(base_url=product.url, headers=_FROM_PAGE) as browser:
        token = _sign_in_link(product).partition("#sign-in=")[2]
        answer = await browser.post("/admin/api/session", json={"link": token})
        answer.raise_for_status()
        status = (await browser.get("/admin/api/status")).json()
    [found] = [entry for entry in status["models"] if entry["model"] == model]
    counts = ("running_edits", "running_images", "waiting_edits", "waiting_images")
    return {name: found[name] for name in counts}


def _sign_in_link(product: Product) -> str:
    environment = {**os.environ, "RETOUCH_HOME": str(product.home)}
    made = subprocess.run(
        [str(RETOUCH), "admin", "link"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()
