"""What users would pick instead, as rows of the table."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measurement import Measurement
from benchmarks.peers.comparison import compare
from benchmarks.peers.options import peers_parser
from benchmarks.peers.table import Row as Peer
from benchmarks.report.row import Row, Subject


def run_peers(checkpoint: Path) -> Iterator[Row]:
    """Let everybody edit with a diffusers checkpoint: one edit, and several together."""
    options = peers_parser().parse_args([str(checkpoint)])
    task, peers = compare(options)
    command = f"python -m benchmarks.peers {checkpoint}"
    for name, peer in peers.items():
        subject = Subject(checkpoint.name, name, task.threads)
        work = f"{options.side} px, {task.steps} steps"
        if peer.failure:
            yield Row(command, subject, work, failure=peer.failure)
        for load, edits in _loads(peer, len(task.pictures)):
            label = f"{edits} together, {work}" if edits > 1 else f"1 edit, {work}"
            yield Row(command, subject, label, edits, measurement=load)


def _loads(peer: Peer, together: int) -> Iterator[tuple[Measurement, int]]:
    for name, edits in (("alone", 1), ("together", together)):
        rounds = peer.seconds[name]
        if rounds:
            yield Measurement(sum(rounds), tuple(rounds), edits * len(rounds)), edits
