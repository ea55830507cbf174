"""`python -m benchmarks.soak`: an hour of mixed load, and whether anything grows or is lost.

Edits of all sizes, streams with previews, clients that hang up, refused requests, downloads, pages,
idempotent twins and several keys, at random moments. Exit code 1 if something is not as it should.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.soak.report import print_report, write_samples
from benchmarks.soak.run import soak
from benchmarks.soak.verdict import checks


def main() -> None:
    """Run the soak, print what it came to, and keep its samples, logs and the plot."""
    arguments = _arguments()
    arguments.results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        result = soak(Path(home), arguments.minutes, arguments.rate)
        for log in Path(home).rglob("*.log"):
            shutil.copy(log, arguments.results)
    print_report(result)
    write_samples(result, arguments.results)
    sys.exit(not all(check.holds for check in checks(result)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=0.8, help="exchanges a second")
    parser.add_argument("--results", type=Path, default=Path("benchmarks/results/soak"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
