"""The page of telemetry says what there is."""

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from retouch.denoise import COUNTS
from tests.telemetry.scrape import Scrape

PAGE = Path("docs/telemetry.md")


async def test_every_metric_has_its_row_and_no_other(scrape: Scrape) -> None:
    text = await scrape.text()
    families = list(text_string_to_metric_families(text))
    there = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in families
        if family.name.startswith("retouch_")
    }
    there |= {f"retouch_loop_{count}_total" for count in COUNTS} | {"retouch_loop_max_rows"}
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `retouch_")]
    documented = {name for row in rows for name in re.findall(r"`(retouch_\w+)`", row)}
    assert documented == there
