"""The documentation is a site that mkdocs builds, and reads the same at a code host."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = Path("mkdocs.yml")
DOCS = Path("docs")
# Loaded with a page, unlike what a link leads to.
LOADED = re.compile(r"<(?:script|link|img)\b[^>]*?(?:src|href)=\"([^\"]+)\"")
SWALLOWED_LIST = re.compile(r"<p>[^<]*(?:<(?!/p>)[^<]*)*\n(?:- |\d+\. )")
RELATIVE_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
SOURCE_FOLDERS = "benchmarks|docker|examples|export|frontend|retouch|stubs|tests|training"
SOURCE_PATH = re.compile(rf"`((?:{SOURCE_FOLDERS})/[\w./-]*)`")


def build(config: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build the site, warnings being errors."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", config, "-d", site],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The built pages' HTML."""
    site = tmp_path_factory.mktemp("site")
    built = build(CONFIG, site)
    assert built.returncode == 0, built.stderr
    return {str(page.relative_to(site)): page.read_text() for page in site.rglob("*.html")}


def test_every_page_is_built_and_every_link_leads_somewhere(pages: dict[str, str]) -> None:
    sources = {page.relative_to(DOCS).with_suffix("") for page in DOCS.rglob("*.md")}
    expected = {"index.html" if str(s) == "index" else f"{s}/index.html" for s in sources}
    assert set(pages) == expected | {"404.html"}


def test_a_broken_link_a_broken_anchor_and_a_page_outside_the_menu_are_found(
    tmp_path: Path,
) -> None:
    shutil.copytree(DOCS, tmp_path / DOCS)
    shutil.copy(CONFIG, tmp_path)
    (tmp_path / "docs" / "lost.md").write_text(
        "# Lost\n\n[a](absent.md) [b](api.md#absent) [c](../README.md) [d](/api.md) [e](absent/)\n"
    )
    built = build(tmp_path / CONFIG, tmp_path / "site")
    assert built.returncode != 0
    faults = ("lost.md\n", "'absent.md'", "'#absent'", "'../README.md'", "'/api.md'", "'absent/'")
    assert [fault for fault in faults if fault not in built.stderr] == []
    assert built.stderr.count("WARNING") == len(faults)


def test_the_site_loads_nothing_from_elsewhere(pages: dict[str, str]) -> None:
    loaded = {url for html in pages.values() for url in LOADED.findall(html)}
    assert any(url.endswith(".css") for url in loaded)
    assert not {url for url in loaded if "//" in url}


def test_lists_and_tables_are_read_as_a_code_host_reads_them(pages: dict[str, str]) -> None:
    # mkdocs wants an empty line before a list, and shows the backslash of an escaped bar.
    for page, html in pages.items():
        assert not SWALLOWED_LIST.search(html), page
        assert "\\|" not in html, page


def test_every_source_that_a_page_names_exists() -> None:
    named = {
        (str(page), path)
        for page in DOCS.rglob("*.md")
        for path in SOURCE_PATH.findall(page.read_text())
    }
    assert named
    assert {(page, path) for page, path in named if not Path(path).exists()} == set()


def test_every_link_of_the_readme_leads_to_a_file() -> None:
    targets = RELATIVE_LINK.findall(Path("README.md").read_text())
    assert targets
    assert [target for target in targets if not Path(target).exists()] == []
