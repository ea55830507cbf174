"""What is ours in the comparison with others: the task, the form, the table, the environments."""

import argparse
import io
import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from benchmarks.peers.programs.task import READY, SAYS, Pictures, Task, answer_of, measure
from benchmarks.peers.table import Row, comparison_table
from benchmarks.peers.turns import Edit, Seconds, take_turns
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


def test_a_peer_paints_what_it_is_asked_for_and_keeps_what_the_mask_keeps(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "task.json"
    task.write(file)
    monkeypatch.setattr(sys, "argv", ["program", str(file)])
    monkeypatch.setattr(sys, "stdin", io.StringIO("1 0 7\n3 1 2\n"))
    painted: list[tuple[Sequence[str], int]] = []

    def paint(
        pictures: Pictures, _masks: Pictures, prompts: Sequence[str], steps: int
    ) -> list[Image.Image]:
        painted.append((prompts, steps))
        return [Image.new("RGB", picture.size, "red") for picture in pictures]

    measure(Task.from_command_line(), paint)
    ready, *seconds = capsys.readouterr().out.splitlines()
    assert ready == f"{SAYS} {READY}"
    assert [float(line.removeprefix(SAYS)) > 0 for line in seconds] == [True, True]
    assert painted == [(task.prompts_of(0)[:1], 7), (task.prompts_of(1), 2)]
    answer, old, mask = (
        np.asarray(Image.open(path)) for path in (answer_of(file), task.pictures[0], task.masks[0])
    )
    assert np.array_equal(answer[mask == 0], old[mask == 0])
    assert (answer[mask == 255] == (255, 0, 0)).all()


def test_in_each_round_both_edit_one_picture_and_then_all_and_the_first_is_not_counted(
    task: Task,
) -> None:
    turns: list[tuple[str, int, int, int]] = []

    def editor(name: str, seconds: float) -> Edit:
        def edit(count: int, take: int, steps: int) -> float:
            turns.append((name, count, take, steps))
            return seconds * count

        return edit

    ours, theirs = take_turns(editor("we", 1), editor("they", 2), task, itertools.count(10))
    assert [turn[:2] for turn in turns] == [
        ("we", 1), ("they", 1), ("we", 3), ("they", 3),
    ] * 3  # fmt: skip
    assert [take for name, _, take, _ in turns if name == "we"] == list(range(10, 16))
    assert [take for name, _, take, _ in turns if name == "they"] == list(range(6))
    assert [steps for *_, steps in turns] == [2] * 4 + [7] * 8
    assert (ours, theirs) == (Seconds([1, 1], [3, 3]), Seconds([2, 2], [6, 6]))


def test_with_a_single_picture_nothing_is_edited_together(task: Task) -> None:
    single = replace(task, pictures=task.pictures[:1])
    ours, _ = take_turns(lambda *_: 1.0, lambda *_: 1.0, single, itertools.count())
    assert ours == Seconds([1.0, 1.0], [])


def test_pictures_are_compared_where_they_are_repainted(tmp_path: Path) -> None:
    one, other = np.zeros((2, 8, 8, 3), np.uint8)
    mask = np.zeros((8, 8), np.uint8)
    other[:4], mask[:4, :4] = 6, 255
    other[:4, :2] = 2
    files = [tmp_path / name for name in ("one.png", "other.png", "mask.png")]
    for file, pixels in zip(files, (one, other, mask), strict=True):
        Image.fromarray(pixels).save(file)
    assert difference(*files) == 4


def test_the_table_holds_each_peer_against_the_product_in_the_same_rounds(task: Task) -> None:
    row = Row(Seconds([1.0, 2.0, 3.0], [4.0, 4.0]), Seconds([2.0, 2.0, 9.0], [8.0, 6.0]), 0.5)
    table = comparison_table({"a peer": row}, "Retouch", task, SIDE)
    assert [next(iter(column.cells)) for column in table.columns] == [
        "a peer",
        "2.00 / 2.00 = 2.00 ±1.00",
        "7.00 / 4.00 = 1.75 ±0.25",
        "0.50",
    ]


def test_the_table_leaves_out_what_a_single_edit_has_not(task: Task) -> None:
    rows = {"a peer": Row(Seconds([2.0]), Seconds([2.0]))}
    *_, together, _ = comparison_table(rows, "Retouch", task, SIDE).columns
    assert list(together.cells) == [""]


def test_the_table_names_a_peer_that_has_failed_and_why(task: Task) -> None:
    table = comparison_table({"a peer": Row(failure="no memory")}, "Retouch", task, SIDE)
    cells = [next(iter(column.cells)) for column in table.columns]
    assert cells == ["a peer", "failed", "", ""]
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


def test_a_peer_gets_the_task_with_the_converted_checkpoint_and_answers_in_its_turns(
    environment: Environment, task: Task, tmp_path: Path
) -> None:
    _program(environment.binaries / "convert", 'mkdir -p "$2"')
    log = tmp_path / "arguments"
    answers = f'while read asked; do echo "$asked" >> {log}; echo noise; echo "{SAYS} 1.5"; done'
    says_ready = f'echo loading; echo "{SAYS} {READY}"'
    _program(environment.binaries / "python", f'echo "$@" > {log}; {says_ready}; {answers}')
    peer = Peer("it", "diffusers", ("program", "fast"), ("convert", CHECKPOINT, CONVERTED))
    file = tmp_path / "task.json"
    with peer.painting(task, file, environment.kept) as edit:
        assert [edit(1, 0, 2), edit(3, 1, 7)] == [1.5, 1.5]
    asked = f"-m benchmarks.peers.programs.program {file} fast"
    assert log.read_text().splitlines() == [asked, "1 0 2", "3 1 7"]
    model = json.loads(file.read_text())["model"]
    assert Path(model) == environment.converted(Path(task.model), peer.convert)


@pytest.mark.parametrize("first", ["", f'echo "{SAYS} {READY}"; read asked;'])
def test_a_peer_that_ends_before_it_has_answered_says_why(
    environment: Environment, task: Task, tmp_path: Path, first: str
) -> None:
    _program(environment.binaries / "python", f"{first} echo 'no memory' >&2; exit 3")
    peer = Peer("it", "diffusers", ("program",))
    with (
        pytest.raises(ProgramFailed, match="exit code 3: no memory"),
        peer.painting(task, tmp_path / "task.json", environment.kept) as edit,
    ):
        edit(1, 0, 2)


def test_a_peer_that_fails_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ours:
        name = "ours"

        def __init__(self, *_: object) -> None: ...

        @contextmanager
        def painting(self, _: Task) -> Iterator[Edit]:
            yield lambda *_: 1.0

    class Failing(Peer):
        @contextmanager
        def painting(self, *_: object) -> Iterator[Edit]:
            raise ProgramFailed("exit code 1: ImportError: no torch")
            yield

    class Painting(Peer):
        @contextmanager
        def painting(self, task: Task, file: Path, _: Path) -> Iterator[Edit]:
            answer_of(file).write_bytes(Path(task.pictures[0]).read_bytes())
            yield lambda *_: 3.0

    peers = (Failing("broken", "", ()), Painting("good", "", ()))
    monkeypatch.setattr(comparison, "PEERS", peers)
    monkeypatch.setattr(comparison, "Ours", Ours)
    options = peers_parser().parse_args([str(tmp_path / "sd"), "--rounds", "1"])
    _, _, rows = comparison.compare(options)
    assert rows["broken"] == Row(failure="exit code 1: ImportError: no torch")
    assert rows["good"] == Row(Seconds([1.0], [1.0]), Seconds([3.0], [3.0]), 0.0)


def test_every_peer_has_a_program_and_requirements() -> None:
    for peer in PEERS:
        assert (REQUIREMENTS / f"{peer.environment}.txt").exists()
        assert (REQUIREMENTS.parent / "programs" / f"{peer.program[0]}.py").exists()
