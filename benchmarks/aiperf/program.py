"""The aiperf program: where it comes from, one run of it, and its notes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.aiperf.inputs import write_inputs
from benchmarks.environments import ProgramFailed, installed, run
from benchmarks.load import Work
from benchmarks.measurement import Measurement
from tests.e2e.product import Product

_REQUIREMENTS: Final = Path(__file__).with_name("requirements.txt")
_ENVIRONMENT: Final = Path("build/aiperf")
# It counts tokens of prompts; which, does not matter here. This one needs no download.
_TOKENIZER: Final = Path("training/checkpoint/tokenizer")
_OFFLINE: Final = ("--tokenizer", str(_TOKENIZER), "--no-gpu-telemetry", "--no-server-metrics")
_NANOSECONDS: Final = 1e9


class Aiperf:
    """The program, installed beside the project unless it is.

    Raises:
        ProgramFailed: it cannot be installed.
    """

    def __init__(self) -> None:
        self._program = installed(_ENVIRONMENT, _REQUIREMENTS) / "aiperf"

    def run(self, product: Product, work: Work, clients: int) -> Sequence[Any]:
        """Send a closed load to a running product and return aiperf's note of each edit.

        Raises:
            ProgramFailed: as it says.
        """
        inputs, notes = product.home / "aiperf.jsonl", product.home / "aiperf"
        write_inputs(inputs, work)
        endpoint = ["--url", product.url, "--endpoint-type", "masked_image_edit"]
        form = {"size": f"{work.side}x{work.side}", "num_inference_steps": work.steps}
        command = [
            *(str(self._program), "profile", "--model", work.model, "--api-key", product.key),
            *(*endpoint, *_OFFLINE, "--ui", "none", "--artifact-dir", str(notes)),
            *("--input-file", str(inputs), "--custom-dataset-type", "single_turn"),
            *("--extra-inputs", json.dumps(form)),
            *("--concurrency", str(clients), "--request-count", str(work.edits)),
        ]
        run(command)
        lines = (notes / "profile_export.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]


def measurement_of(notes: Sequence[Any], work: Work, calls: int) -> Measurement:
    """What a load came to.

    Args:
        notes: of each edit: `metadata` with its begin and end in ns.
        work: what they asked for.
        calls: of the UNet, in the meantime.

    Raises:
        ProgramFailed: an edit has failed.
    """
    failed = [note["error"] for note in notes if note.get("error")]
    if failed:
        raise ProgramFailed(f"{len(failed)} edits have failed: {failed[0]}")
    starts = [note["metadata"]["request_start_ns"] for note in notes]
    ends = [note["metadata"]["request_end_ns"] for note in notes]
    return Measurement(
        seconds=(max(ends) - min(starts)) / _NANOSECONDS,
        latencies=tuple((e - s) / _NANOSECONDS for s, e in zip(starts, ends, strict=True)),
        images=len(notes),
        image_steps=len(notes) * work.steps,
        unet_calls=calls,
    )
