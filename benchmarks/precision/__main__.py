"""`python -m benchmarks.precision`: do numbers stay right in every engine, precision and option?

The built-in checkpoint is exported for each that this machine has, with the settings that it is
served with, and makes the edits of `training.evaluate` in the product's own denoise loop. The
reference is the same loop with the checkpoint's networks in PyTorch in fp32, from the same noise,
which NumPy draws.
"""

import argparse
import json
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks.local.networks import built_in_painter, model_of, published_engines, torch_engines
from benchmarks.precision.outcome import Outcome, evaluate
from benchmarks.precision.table import Row, precision_table
from benchmarks.precision.variants import Variant, variants
from export.contracts import Role
from export.exporter import export_checkpoint
from export.request import ExportRequest
from tests.export.published import Published
from training.edits import GUIDANCE_END
from training.ship import CHECKPOINT

REFERENCE = "PyTorch fp32"

logger = logging.getLogger("benchmarks")


def main() -> None:
    """Export, edit, compare, print the table and write it as JSON."""
    options = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for row in _rows(options.checkpoint, Path(folder), options.part):
            rows.append(row)
            options.out.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    Console().print(precision_table(rows))


def _rows(checkpoint: Path, folder: Path, part: float) -> Iterator[Row]:
    reference: Outcome | None = None
    for variant in variants():
        published = _exported(checkpoint, folder, variant)
        if reference is None:
            logger.info(REFERENCE)
            painter = built_in_painter(model_of(published), torch_engines(published))
            reference = evaluate(painter, part)
            yield Row.of(REFERENCE, reference)
        logger.info(variant.name)
        engines = published_engines(published, variant.engine, variant.precision)
        painter = built_in_painter(variant.of(model_of(published)), engines)
        yield Row.of(variant.name, evaluate(painter, part), reference)


def _exported(checkpoint: Path, folder: Path, variant: Variant) -> Published:
    """The checkpoint's models for an engine, exported once."""
    model_id = f"{variant.engine}-{variant.precision}"
    published = Published(checkpoint, folder / "models", model_id)
    if not published.folder(Role.PUBLIC).exists():
        export_checkpoint(
            ExportRequest(
                str(checkpoint),
                model_id,
                published.repository,
                variant.precision,
                variant.engine,
                guidance_end=GUIDANCE_END,
            )
        )
    return published


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.precision", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=CHECKPOINT, help="of the same kind")
    parser.add_argument("--part", type=float, default=1.0, help="share of the cases")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/precision.json"))
    return parser


if __name__ == "__main__":
    main()
