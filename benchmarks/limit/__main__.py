"""`python -m benchmarks.limit`: how close the product comes to its engines' own time.

Rounds take turns: the engines alone, in this process, then as many edits at once through HTTP as
share a UNet call. At the end a steady state of as many clients, whose edits differ in steps.
"""

import argparse
import asyncio
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks.limit.burst import Burst, send_burst
from benchmarks.limit.floor import EnginesAlone, Floor
from benchmarks.limit.steady import Steady, keep_busy
from benchmarks.limit.table import checks_of, limit_table
from benchmarks.load import Work
from benchmarks.report.machine import Machine
from tests.e2e.product import Product, running


def main() -> None:
    """Measure, print the table and write all of it as JSON."""
    options = _parser().parse_args()
    work = Work(options.model, options.side, options.steps, options.edits)
    alone = EnginesAlone(options.model_repository, options.model, options.edits)
    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home), [options.model_repository]) as product,
    ):
        rounds = asyncio.run(_take_turns(alone, product, work, options.rounds))
        steady = asyncio.run(keep_busy(product, work, options.edits, options.seconds))
    machine = Machine.here()
    Console().print(limit_table(checks_of(rounds, steady, work), work, str(machine)))
    Console().print(_details(rounds, steady, work))
    _write(options.out, machine, work, rounds, steady)


async def _take_turns(
    alone: EnginesAlone, product: Product, work: Work, rounds: int
) -> list[tuple[Floor, Burst]]:
    await send_burst(product, work)  # first calls of a batch size are slow
    return [(alone.measure(), await send_burst(product, work)) for _ in range(rounds)]


def _details(rounds: list[tuple[Floor, Burst]], steady: Steady, work: Work) -> str:
    floor, burst = rounds[-1]
    return "\n".join(
        (
            f"last round: UNet {floor.unet:.3f} s, encoder {floor.encode:.3f} s, decoder "
            f"{floor.decode:.3f} s: {floor.of_all(work.edits, work.steps):.2f} s in all",
            f"through HTTP {burst.last:.2f} s, first answer {burst.first:.2f} s, a tick beside the "
            f"UNet {1000 * burst.loop.overhead_seconds:.1f} ms",
            f"steady state: {steady.live:.2f} live images, "
            f"{steady.loop.images_per_tick:.2f} in a call",
        )
    )


def _write(
    file: Path,
    machine: Machine,
    work: Work,
    rounds: list[tuple[Floor, Burst]],
    steady: Steady,
) -> None:
    result = {
        "machine": asdict(machine),
        "work": asdict(work),
        "rounds": [{"floor": asdict(floor), "burst": asdict(burst)} for floor, burst in rounds],
        "steady": asdict(steady),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limit", description=__doc__)
    parser.add_argument("--model-repository", type=Path, default=Path("model_repository"))
    parser.add_argument("--model", default="retouch-mini")
    parser.add_argument("--side", type=int, default=256, help="of pictures and results")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--edits", type=int, default=8, help="at once; two rows each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60, help="of the steady state")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/limit.json"))
    return parser


if __name__ == "__main__":
    main()
