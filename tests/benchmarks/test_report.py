"""The table, the file and the plots of results."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.measurement import Measurement
from benchmarks.report.falls import deepest_fall
from benchmarks.report.machine import Machine
from benchmarks.report.row import Results, Row, Subject
from benchmarks.report.table import results_table
from benchmarks.report.write import write
from benchmarks.stages import Stages

SUBJECT = Subject("sd15", "openvino 2026.4 bf16", 2)
STAGES = Stages({"queue": 0.1, "denoise": 0.8, "rest": 0.1}, {"unet": 0.5, "loop": 0.01})
MACHINE = Machine.here()


def _row(part: str, varied: float, series: str = "") -> Row:
    found = Measurement(4.0, (0.5, 1.0, 1.5), images=3, image_steps=30, unet_calls=20)
    return Row(f"bench {part}", SUBJECT, f"{varied} of it", varied, series, found, STAGES)


RESULTS: Results = {
    "clients": [_row("clients", count) for count in (1, 2, 4)],
    "sizes": [_row("sizes", side, clients) for clients in ("1", "8") for side in (256, 512)],
    "arrivals": [_row("arrivals", 0.5)],
    "aiperf": [Row("bench aiperf", SUBJECT, "aiperf", failure="exit code 1: no room")],
}


def _printed(results: Results) -> list[str]:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(results_table(results, MACHINE))
    return captured.get().splitlines()


def test_each_row_names_command_checkpoint_threads_and_engine_and_what_was_found() -> None:
    (line,) = [line for line in _printed(RESULTS) if "0.5 of it" in line]
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    named = ["bench arrivals", "sd15", "2", "openvino 2026.4 bf16", "0.5 of it"]
    assert cells == [*named, "1.00", "1.45", "0.750", "1.50"]


def test_the_deepest_fall_is_held_against_the_highest_throughput_before_it() -> None:
    rates = (2.0, 4.0, 3.0, 5.0, 4.5)
    rows = [
        Row("", SUBJECT, str(rate), measurement=Measurement(1 / rate, (1.0,), images=1))
        for rate in rates
    ]
    share, row = deepest_fall(rows)
    assert share == pytest.approx(0.75)
    assert row.load == "3.0"
    assert deepest_fall(rows[:2])[0] == 1


def test_the_table_tells_the_deepest_falls() -> None:
    assert any("clients: at least 100% of the highest" in line for line in _printed(RESULTS))


def test_a_row_that_has_failed_says_why() -> None:
    assert any("aiperf: exit code 1: no room" in line for line in _printed(RESULTS))


def test_the_table_names_the_machine() -> None:
    assert f"{MACHINE.cores} cores" in _printed(RESULTS)[0]


def test_the_file_holds_the_machine_and_every_latency(tmp_path: Path) -> None:
    write(RESULTS, MACHINE, tmp_path)
    found = json.loads((tmp_path / "results.json").read_text())
    assert found["machine"]["cpu"] == MACHINE.cpu
    assert found["machine"]["versions"]["onnxruntime"]
    row = found["parts"]["clients"][0]
    assert row["measurement"]["latencies"] == [0.5, 1.0, 1.5]
    assert row["subject"]["engine"] == SUBJECT.engine
    assert found["parts"]["aiperf"][0]["failure"] == "exit code 1: no room"


def test_plots_are_drawn_of_the_parts_that_there_are(tmp_path: Path) -> None:
    drawn = write(RESULTS, MACHINE, tmp_path / "all")[1:]
    assert [file.name for file in drawn] == ["load.svg", "stages.svg", "growth.svg"]
    for file in drawn:
        assert ET.parse(file).getroot().tag.endswith("svg")  # noqa: S314 - ours
    without = {"aiperf": RESULTS["aiperf"]}
    assert [file.name for file in write(without, MACHINE, tmp_path / "one")] == ["results.json"]


def test_the_same_results_are_drawn_alike(tmp_path: Path) -> None:
    one, other = (write(RESULTS, MACHINE, tmp_path / name) for name in ("one", "other"))
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in other]
