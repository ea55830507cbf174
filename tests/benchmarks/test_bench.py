"""The run of all parts: what fails in one ends no other."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from benchmarks import bench
from benchmarks.environments import ProgramFailed
from benchmarks.options import parse, setting_of
from benchmarks.report.row import Row
from benchmarks.setting import Setting

SETTING = setting_of(parse(arguments=[]))


@pytest.fixture(autouse=True)
def _parts(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(setting: Setting, _: object) -> Iterator[Row]:
        yield setting.row("clients", "1 client")
        raise ProgramFailed("exit code 1: no room")

    async def measure(*_: object) -> None: ...

    parts = {"clients": rows, "images": rows}
    monkeypatch.setattr(bench, "OF_PRODUCT", parts)
    monkeypatch.setattr(bench, "served", lambda *_: nullcontext())
    monkeypatch.setattr(bench, "measure", measure)
    monkeypatch.setattr(bench, "run_peers", lambda _: [SETTING.row("peers", "1 edit")])


def test_a_part_that_fails_says_why_in_its_last_row_and_the_next_one_follows() -> None:
    found = [(part, row.failure) for part, row in bench.run(SETTING, ["clients", "images"], None)]
    failure = "exit code 1: no room"
    assert found == [("clients", ""), ("clients", failure), ("images", ""), ("images", failure)]


@pytest.mark.parametrize(("checkpoint", "parts"), [(None, []), (Path("sd"), ["peers"])])
def test_peers_need_a_checkpoint(checkpoint: Path | None, parts: list[str]) -> None:
    assert [part for part, _ in bench.run(SETTING, ["peers"], checkpoint)] == parts
