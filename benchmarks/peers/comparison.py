"""Each peer takes turns with this product."""

import argparse
import itertools
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.environments import ProgramFailed
from benchmarks.peers.difference import difference
from benchmarks.peers.ours import Ours
from benchmarks.peers.peer import PEERS, Peer
from benchmarks.peers.programs.task import Task, answer_of
from benchmarks.peers.table import Row
from benchmarks.peers.turns import Edit, take_turns
from benchmarks.peers.writing import write_task


def compare(options: argparse.Namespace) -> tuple[Task, str, dict[str, Row]]:
    """Return the task, our name, and a row for each peer; of one that fails it says why."""
    models = options.folder.resolve() / "models"
    ours = Ours(options.checkpoint, options.resolution, models, options.precision)
    chosen = [peer for peer in PEERS if _is_asked_for(peer, options.only)]
    rows: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as folder:
        task = write_task(options, Path(folder))
        with ours.painting(task) as edit:
            turns = _Turns(edit, task, Path(folder), options.folder)
            for peer in chosen:
                rows[peer.name] = turns.row(peer)
                print(f"{peer.name}: {rows[peer.name]}", file=sys.stderr)  # noqa: T201 - progress
    return task, ours.name, rows


def _is_asked_for(peer: Peer, words: list[str] | None) -> bool:
    return not words or any(word in peer.name for word in words)


@dataclass
class _Turns:
    """The product, as it meets one peer after the other.

    Attributes:
        ours: the product.
        task: what both do.
        folder: for the tasks that are given to peers, and for their answers.
        kept: folder for environments and converted checkpoints.
        takes: numbers of prompts that nobody has had.
        reference: the picture of the first peer that has not failed.
    """

    ours: Edit
    task: Task
    folder: Path
    kept: Path
    takes: Iterator[int] = field(default_factory=itertools.count)
    reference: Path | None = None

    def row(self, peer: Peer) -> Row:
        """Take turns with a peer."""
        file = self.folder / f"task-{next(self.takes)}.json"
        try:
            with peer.painting(self.task, file, self.kept) as theirs:
                seconds = take_turns(self.ours, theirs, self.task, self.takes)
        except ProgramFailed as failure:
            return Row(failure=str(failure))
        answer = answer_of(file)
        self.reference = self.reference or answer
        return Row(*seconds, difference(answer, self.reference, Path(self.task.masks[0])))
