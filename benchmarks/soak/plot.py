"""What the product held over time, as a picture."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.soak.sample import Sample

INCHES = (8, 6)


def plot(samples: Sequence[Sample], file: Path) -> None:
    """Draw memory, descriptors and threads, and what is stored, one above the other."""
    minutes = [(sample.moment - samples[0].moment) / 60 for sample in samples]
    figure = Figure(figsize=INCHES, layout="constrained")
    memory, counts, stored = figure.subplots(3, sharex=True)
    for name in samples[0].processes:
        memory.plot(minutes, [sample.processes[name].rss for sample in samples], label=name)
    memory.set_ylabel("resident, MiB")
    counts.plot(minutes, [sample.total.descriptors for sample in samples], label="descriptors")
    counts.plot(minutes, [sample.total.threads for sample in samples], label="threads")
    stored.plot(minutes, [sample.result_mebibytes for sample in samples], label="results, MiB")
    stored.plot(minutes, [sample.database_mebibytes for sample in samples], label="database, MiB")
    stored.plot(
        minutes, [sample.region_mebibytes for sample in samples], label="shared memory, MiB"
    )
    stored.set_xlabel("minutes")
    for axes in (memory, counts, stored):
        axes.set_ylim(bottom=0)
        axes.legend(fontsize="x-small", loc="center left", bbox_to_anchor=(1, 0.5))
        axes.grid(alpha=0.3)
    figure.savefig(file)
