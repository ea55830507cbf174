"""The pages' files, as a browser gets them."""

import re
from pathlib import Path

import pytest
from httpx import AsyncClient, codes

STATIC = Path("frontend/pages/static")
PAGES = {"/": "playground.html", "/keys": "keys.html", "/status": "status.html"}


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_needs_no_key(anonymous: AsyncClient, path: str) -> None:
    page = await anonymous.get(path)
    assert page.status_code == codes.OK
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text == (STATIC / PAGES[path]).read_text()


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_may_be_loaded_from_elsewhere_or_run_from_within_a_page(
    anonymous: AsyncClient, path: str
) -> None:
    policy = (await anonymous.get(path)).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert "unsafe" not in policy
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == "'none'"
    assert "script-src" not in rules


async def test_every_file_that_a_page_names_is_served(anonymous: AsyncClient) -> None:
    named = {
        name
        for page in STATIC.glob("*.html")
        for name in re.findall(r'(?:href|src)="(static/[^"#]+)', page.read_text())
    }
    assert named
    for name in sorted(named):
        answer = await anonymous.get(f"/{name}")
        assert answer.status_code == codes.OK, name
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_file_that_the_browser_has_is_not_sent_again(anonymous: AsyncClient) -> None:
    first = await anonymous.get("/static/css/base.css")
    again = await anonymous.get(
        "/static/css/base.css", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (codes.NOT_MODIFIED, b"")
    other = await anonymous.get("/static/css/base.css", headers={"If-None-Match": '"other"'})
    assert other.content == first.content


async def test_text_is_compressed_for_browsers_that_want_it(anonymous: AsyncClient) -> None:
    path, content = "/static/css/base.css", (STATIC / "css/base.css").read_bytes()
    compressed = await anonymous.get(path)
    plain = await anonymous.get(path, headers={"Accept-Encoding": "identity"})
    assert compressed.headers["content-encoding"] == "gzip"
    assert int(compressed.headers["content-length"]) < len(content)
    assert "content-encoding" not in plain.headers
    assert compressed.content == plain.content == content


@pytest.mark.parametrize("path", ["none.js", "../routes.py", "%2e%2e/routes.py", "js", ""])
async def test_there_is_nothing_else_below_static(anonymous: AsyncClient, path: str) -> None:
    answer = await anonymous.get(f"/static/{path}")
    assert answer.status_code == codes.NOT_FOUND
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_no_file_names_an_absolute_address() -> None:
    """So that the pages work below any path of a proxy."""
    for file in (*STATIC.rglob("*.html"), *STATIC.rglob("*.js"), *STATIC.rglob("*.css")):
        absolute = re.findall(r'(?:href|src|action)="/|fetch\(["`]/|url\(/', file.read_text())
        assert absolute == [], file
