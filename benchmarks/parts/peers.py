"""What users would pick instead, as rows of the table."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.measurement import Measurement
from benchmarks.peers.comparison import compare
from benchmarks.peers.options import peers_parser
from benchmarks.peers.turns import Seconds
from benchmarks.report.row import Row, Subject


def run_peers(checkpoint: Path) -> Iterator[Row]:
    """Let everybody edit with a diffusers checkpoint: one edit, and several together."""
    options = peers_parser().parse_args([str(checkpoint)])
    task, ours, peers = compare(options)
    command = f"python -m benchmarks.peers {checkpoint}"
    work = f"{options.side} px, {task.steps} steps"
    for name, peer in peers.items():
        subject = Subject(checkpoint.name, name, task.threads)
        if peer.failure:
            yield Row(command, subject, work, failure=peer.failure)
        beside = replace(subject, engine=f"{ours}, in turns with {name}")
        for who, seconds in ((subject, peer.theirs), (beside, peer.ours)):
            for load, edits in _loads(seconds, len(task.pictures)):
                label = f"{edits} together, {work}" if edits > 1 else f"1 edit, {work}"
                yield Row(command, who, label, edits, measurement=load)


def _loads(seconds: Seconds, together: int) -> Iterator[tuple[Measurement, int]]:
    for rounds, edits in ((seconds.alone, 1), (seconds.together, together)):
        if rounds:
            yield Measurement(sum(rounds), tuple(rounds), edits * len(rounds)), edits
