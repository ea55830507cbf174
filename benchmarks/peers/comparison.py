"""Everybody does the task, one after the other."""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.environments import ProgramFailed
from benchmarks.peers.difference import difference
from benchmarks.peers.ours import Ours
from benchmarks.peers.peer import PEERS, Peer
from benchmarks.peers.programs.task import Task, answer_of
from benchmarks.peers.table import Row
from benchmarks.peers.writing import write_task


def compare(options: argparse.Namespace) -> tuple[Task, dict[str, Row]]:
    """Run everybody, ourselves first and last; a peer that fails has a row that says so."""
    ours = Ours(options.checkpoint, options.resolution, options.folder.resolve() / "models")
    with tempfile.TemporaryDirectory() as folder:
        task = write_task(options, Path(folder))
        rows = {ours.name: Row(ours.run(task))}
        rows |= _peers(task, Path(folder), options)
        rows[f"{ours.name}, again"] = Row(ours.run(task))
    return task, rows


def _peers(task: Task, folder: Path, options: argparse.Namespace) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    reference: Path | None = None
    for number, peer in enumerate(PEERS):
        if options.only and not any(word in peer.name for word in options.only):
            continue
        file = folder / f"task-{number}.json"
        rows[peer.name] = _row(peer, task, file, reference, options.folder)
        if not rows[peer.name].failure:
            reference = reference or answer_of(file)
        print(f"{peer.name}: {rows[peer.name]}", file=sys.stderr)  # noqa: T201 - progress
    return rows


def _row(peer: Peer, task: Task, file: Path, reference: Path | None, kept: Path) -> Row:
    try:
        seconds = peer.run(task, file, kept)
    except ProgramFailed as failure:
        return Row.failed(str(failure))
    answer = answer_of(file)
    return Row(seconds, difference(answer, reference or answer, Path(task.masks[0])))
