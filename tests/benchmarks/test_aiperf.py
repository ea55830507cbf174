"""What aiperf sends for us, and what is made of its notes."""

import base64
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from benchmarks.aiperf.inputs import write_inputs
from benchmarks.aiperf.program import measurement_of
from benchmarks.environments import ProgramFailed
from benchmarks.load import Work
from tests.e2e.edits import pixels, random_edit

WORK = Work("retouch-mini", 64, steps=5, edits=2)
SECOND = 1_000_000_000
ENDPOINT = Path("benchmarks/aiperf/endpoint")


def test_each_edit_has_a_prompt_a_picture_and_its_mask(tmp_path: Path) -> None:
    write_inputs(tmp_path / "edits.jsonl", WORK)
    lines = [json.loads(line) for line in (tmp_path / "edits.jsonl").read_text().splitlines()]
    edit = random_edit(np.random.default_rng(3), WORK.model, WORK.side)
    picture, mask = (base64.b64decode(url.partition(",")[2]) for url in lines[0]["images"])
    assert lines[0]["text"] == edit.fields["prompt"]
    assert np.array_equal(pixels(picture), np.asarray(edit.picture))
    assert mask == edit.files()["mask"][1]
    assert len({line["images"][0] for line in lines}) == len(lines)


def _note(start: int, end: int, **more: object) -> dict[str, object]:
    times = {"request_start_ns": start * SECOND, "request_end_ns": end * SECOND}
    return {"metadata": times, **more}


def test_its_notes_become_a_measurement() -> None:
    found = measurement_of([_note(10, 12), _note(11, 14, error=None)], WORK, calls=8)
    assert found.latencies == (2, 3)
    assert found.seconds == 4
    assert found.images_per_second == 0.5
    assert found.images_per_call == 1.25


def test_an_edit_that_has_failed_is_no_measurement() -> None:
    with pytest.raises(ProgramFailed, match="1 edits have failed"):
        measurement_of([_note(1, 2), _note(1, 2, error={"code": 503})], WORK, calls=8)


def test_its_endpoint_is_found_by_the_name_that_it_is_asked_for() -> None:
    project = tomllib.loads((ENDPOINT / "pyproject.toml").read_text())
    (manifest,) = project["project"]["entry-points"]["aiperf.plugins"].values()
    package, _, file = manifest.partition(":")
    assert "masked_image_edit:" in (ENDPOINT / package / file).read_text()
