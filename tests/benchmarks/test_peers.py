"""What is ours in the comparison with others: the task, the form, the table, the environments."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.environments import ProgramFailed
from benchmarks.peers import comparison
from benchmarks.peers.difference import difference
from benchmarks.peers.environment import CHECKPOINT, CONVERTED, REQUIREMENTS, Environment
from benchmarks.peers.forms import forms_of
from benchmarks.peers.options import peers_parser
from benchmarks.peers.peer import PEERS, Peer
from benchmarks.peers.programs.task import Task, answer_of, measure
from benchmarks.peers.table import Row, comparison_table
from benchmarks.peers.writing import write_task
from frontend.forms.fields import EditFields
from frontend.pictures.decode import decode
from frontend.pictures.mask import repainted_by

SIDE = 256
SHARE = 0.25


@pytest.fixture
def task(tmp_path: Path) -> Task:
    options = argparse.Namespace(
        checkpoint=tmp_path / "sd", edits=3, side=SIDE, mask=SHARE, steps=7, guidance=4.5, rounds=2
    )
    return write_task(options, tmp_path)


def test_a_task_has_different_pictures_and_masks_of_the_share_that_was_asked_for(
    task: Task,
) -> None:
    assert len({Path(picture).read_bytes() for picture in task.pictures}) == 3
    for mask in task.masks:
        levels = np.asarray(Image.open(mask))
        assert set(np.unique(levels)) == {0, 255}
        assert np.mean(levels == 255) == pytest.approx(SHARE, abs=0.01)


def test_a_form_asks_the_product_for_what_the_task_says(task: Task) -> None:
    for form, picture, prompt in zip(
        forms_of(task, "sd", 0), task.pictures, task.prompts, strict=True
    ):
        fields = EditFields.model_validate(form.fields)
        assert fields.prompt.startswith(prompt)
        assert (fields.model, fields.num_inference_steps, fields.guidance_scale) == ("sd", 7, 4.5)
        assert fields.side_pixels == SIDE
        assert form.files["image"] == Path(picture).read_bytes()


def test_the_product_repaints_by_a_form_what_is_white_in_the_task(task: Task) -> None:
    for form, mask in zip(forms_of(task, "sd", 0), task.masks, strict=True):
        repainted = repainted_by(decode(form.files["mask"], "mask"))
        assert np.array_equal(repainted, np.asarray(Image.open(mask)) == 255)


def test_no_prompt_comes_twice(task: Task) -> None:
    prompts = [prompt for take in range(4) for prompt in task.prompts_of(take)]
    assert len(set(prompts)) == len(prompts)


def test_a_peer_paints_one_edit_and_all_of_them_in_each_round_and_keeps_what_the_mask_keeps(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "task.json"
    task.write(file)
    monkeypatch.setattr(sys, "argv", ["program", str(file)])
    painted: list[int] = []

    def paint(
        pictures: Sequence[Image.Image], _masks: Sequence[Image.Image], _prompts: Sequence[str]
    ) -> list[Image.Image]:
        painted.append(len(pictures))
        return [Image.new("RGB", picture.size, "red") for picture in pictures]

    measure(Task.from_command_line(), paint)
    seconds = json.loads(capsys.readouterr().out)
    assert painted == [1, 3] * 3  # the first round is not counted
    assert {name: len(rounds) for name, rounds in seconds.items()} == {"alone": 2, "together": 2}
    answer, old, mask = (
        np.asarray(Image.open(path)) for path in (answer_of(file), task.pictures[0], task.masks[0])
    )
    assert np.array_equal(answer[mask == 0], old[mask == 0])
    assert (answer[mask == 255] == (255, 0, 0)).all()


def test_pictures_are_compared_where_they_are_repainted(tmp_path: Path) -> None:
    one, other = np.zeros((2, 8, 8, 3), np.uint8)
    mask = np.zeros((8, 8), np.uint8)
    other[:4], mask[:4, :4] = 6, 255
    other[:4, :2] = 2
    files = [tmp_path / name for name in ("one.png", "other.png", "mask.png")]
    for file, pixels in zip(files, (one, other, mask), strict=True):
        Image.fromarray(pixels).save(file)
    assert difference(*files) == 4


def test_the_table_holds_everybody_against_the_first_row(task: Task) -> None:
    rows = {
        "ours": Row({"alone": [2.0, 1.0, 9.0], "together": [4.0, 4.0, 4.0]}),
        "a peer": Row({"alone": [3.0, 5.0, 4.0], "together": [16.0, 2.0, 8.0]}, 0.5),
    }
    columns = [list(column.cells) for column in comparison_table(rows, task, SIDE).columns]
    assert columns == [
        ["ours", "a peer"],
        ["2.00 ±200%", "4.00 ±25%"],
        ["1.00", "2.00"],
        ["4.00", "8.00"],
        ["1.00", "0.50"],
        ["", "0.50"],
    ]


def test_the_table_leaves_out_what_a_single_edit_has_not(task: Task) -> None:
    rows = {"ours": Row({"alone": [2.0], "together": []})}
    alone = replace(task, pictures=task.pictures[:1])
    *_, seconds, rate, _ = comparison_table(rows, alone, SIDE).columns
    assert [*seconds.cells, *rate.cells] == ["", ""]


def test_the_table_names_a_peer_that_has_failed_and_why(task: Task) -> None:
    rows = {"ours": Row({"alone": [2.0], "together": [4.0]}), "a peer": Row.failed("no memory")}
    table = comparison_table(rows, task, SIDE)
    assert [list(column.cells)[1] for column in table.columns] == [
        "a peer",
        "failed",
        "",
        "",
        "",
        "",
    ]
    assert table.caption == "a peer: no memory"


def _program(file: Path, script: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """One that is installed already; its programs are shell scripts."""
    environment = Environment("diffusers", tmp_path / "kept")
    environment.binaries.mkdir(parents=True)
    wanted = (REQUIREMENTS / "diffusers.txt").read_text()
    (environment.binaries.parent / "installed.txt").write_text(wanted)
    environment.install()
    return environment


def test_a_checkpoint_is_converted_once_and_only_whole(
    environment: Environment, tmp_path: Path
) -> None:
    convert = ("convert", CHECKPOINT, CONVERTED)
    _program(environment.binaries / "convert", 'mkdir -p "$2" && exit 1')
    with pytest.raises(ProgramFailed):
        environment.converted(tmp_path / "sd", convert)
    _program(environment.binaries / "convert", 'mkdir -p "$2" && echo "$1" >> "$2/from"')
    folders = {environment.converted(tmp_path / "sd", convert) for _ in range(2)}
    assert [(folder / "from").read_text() for folder in folders] == [f"{tmp_path}/sd\n"]


def test_a_peer_gets_the_task_with_the_converted_checkpoint(
    environment: Environment, task: Task, tmp_path: Path
) -> None:
    _program(environment.binaries / "convert", 'mkdir -p "$2"')
    log = tmp_path / "arguments"
    seconds = {"alone": [1.5], "together": [2.5]}
    answer = f"echo loading; echo '{json.dumps(seconds)}'"
    _program(environment.binaries / "python", f'echo "$@" > {log}; {answer}')
    peer = Peer("it", "diffusers", ("program", "fast"), ("convert", CHECKPOINT, CONVERTED))
    file = tmp_path / "task.json"
    assert peer.run(task, file, environment.kept) == seconds
    assert log.read_text() == f"-m benchmarks.peers.programs.program {file} fast\n"
    model = json.loads(file.read_text())["model"]
    assert Path(model) == environment.converted(Path(task.model), peer.convert)


def test_a_peer_that_fails_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ours:
        name = "ours"

        def __init__(self, *_: object) -> None: ...

        def run(self, _: Task) -> dict[str, list[float]]:
            return {"alone": [1.0], "together": [2.0]}

    class Failing(Peer):
        def run(self, *_: object) -> dict[str, list[float]]:
            raise ProgramFailed("exit code 1: ImportError: no torch")

    class Painting(Peer):
        def run(self, task: Task, file: Path, _: Path) -> dict[str, list[float]]:
            answer_of(file).write_bytes(Path(task.pictures[0]).read_bytes())
            return {"alone": [3.0], "together": [4.0]}

    peers = (Failing("broken", "", ()), Painting("good", "", ()))
    monkeypatch.setattr(comparison, "PEERS", peers)
    monkeypatch.setattr(comparison, "Ours", Ours)
    options = peers_parser().parse_args([str(tmp_path / "sd")])
    _, rows = comparison.compare(options)
    assert list(rows) == ["ours", "broken", "good", "ours, again"]
    assert rows["broken"] == Row.failed("exit code 1: ImportError: no torch")
    assert rows["good"] == Row({"alone": [3.0], "together": [4.0]}, 0.0)


def test_every_peer_has_a_program_and_requirements() -> None:
    for peer in PEERS:
        assert (REQUIREMENTS / f"{peer.environment}.txt").exists()
        assert (REQUIREMENTS.parent / "programs" / f"{peer.program[0]}.py").exists()
