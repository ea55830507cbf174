"""What is compared."""

import argparse
from pathlib import Path

from export.request import Precision


def peers_parser(description: str | None = None) -> argparse.ArgumentParser:
    """The command line's; its defaults are what is compared if nobody says otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=description)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument(
        "--side", type=int, choices=(256, 512, 1024), default=256, help="of pictures and results"
    )
    parser.add_argument("--resolution", type=int, default=256, help="this product's, of its window")
    parser.add_argument(
        "--precision", type=Precision, help="this product's; left out, what an export chooses"
    )
    parser.add_argument("--mask", type=float, default=0.25, help="share of the canvas")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--guidance", type=float, default=7.5)
    parser.add_argument("--edits", type=int, default=8, help="edits that are sent together")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="peers whose names hold one of these words")
    parser.add_argument(
        "--folder", type=Path, default=Path("build/peers"), help="kept between runs"
    )
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/peers.json"))
    return parser
