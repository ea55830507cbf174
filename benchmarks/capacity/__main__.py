"""`python -m benchmarks.capacity`: measure costs, plan with them, check the plan.

measure  costs of a model on this machine, from closed loads, into a file
plan     what 1, 2, ... GPUs with these costs make of a load
check    measures, then sends loads that come at random moments, and compares with the simulation
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.capacity.calibration import calibrate
from benchmarks.capacity.check import Comparison, comparison_table
from benchmarks.capacity.costs import Costs
from benchmarks.capacity.plan import plan_table
from benchmarks.capacity.simulation import simulate
from benchmarks.load import Work
from benchmarks.open_load import send
from tests.e2e.product import Product, running

CONCURRENCIES = (1, 2, 4, 8)
SHARES = (0.3, 0.6, 0.85)  # of what full calls finish


def main() -> None:
    """Do what the command line says."""
    options = _parser().parse_args()
    if options.command == "plan":
        Console().print(
            plan_table(Costs.read(options.costs), options.rate, options.steps, options.gpus)
        )
        return
    work = Work(options.model, options.side, options.steps, options.edits)
    with tempfile.TemporaryDirectory() as home, running(Path(home), options.repositories) as here:
        costs = asyncio.run(calibrate(here, work, CONCURRENCIES))
        costs.write(options.costs)
        Console().print(f"{costs}\nWritten to {options.costs}")
        if options.command == "check":
            compared = asyncio.run(_compare(here, work, costs, options.arrivals))
            Console().print(comparison_table(compared, work))


async def _compare(product: Product, work: Work, costs: Costs, count: int) -> list[Comparison]:
    compared = []
    for seed, share in enumerate(SHARES):
        arrivals = Comparison.arrivals(costs, work.steps, share, count, seed)
        real = await send(product, work.model, work.side, arrivals)
        compared.append(Comparison(share, arrivals, simulate(arrivals, costs, gpus=1), real))
    return compared


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.capacity",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _add_plan(commands.add_parser("plan"))
    _add_measuring(commands.add_parser("measure"))
    check = commands.add_parser("check")
    _add_measuring(check)
    check.add_argument("--arrivals", type=int, default=60, help="edits of each load")
    return parser


def _add_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--costs", type=Path, required=True, help="file that measure has written")
    parser.add_argument("--rate", type=float, nargs="+", required=True, help="edits per second")
    parser.add_argument("--steps", type=int, nargs="+", default=[20], help="each equally likely")
    parser.add_argument("--gpus", type=int, nargs="+", default=[1, 2, 4])


def _add_measuring(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--costs", type=Path, default=Path("costs.json"), help="file to write")
    parser.add_argument("--model", default="retouch-mini")
    parser.add_argument("--side", type=int, default=256, help="size of picture and result")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--edits", type=int, default=24, help="edits at each number of clients")
    parser.add_argument(
        "--model-repository",
        dest="repositories",
        type=Path,
        action="append",
        default=[Path("model_repository")],
    )


if __name__ == "__main__":
    main()
