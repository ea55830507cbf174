"""The edits that aiperf sends, as its dataset of single turns."""

import base64
import json
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.load import Work
from tests.e2e.edits import png, random_edit

DIFFERENT_EDITS = 8


def write_inputs(file: Path, work: Work) -> None:
    """Write edits to a file, one JSON object a line: the prompt, and the picture with its mask."""
    rng = np.random.default_rng(3)
    edits = [random_edit(rng, work.model, work.side) for _ in range(DIFFERENT_EDITS)]
    lines = [
        {"text": edit.fields["prompt"], "images": [_data_url(edit.picture), _data_url(edit.mask)]}
        for edit in edits
    ]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def _data_url(picture: Image.Image) -> str:
    return f"data:image/png;base64,{base64.b64encode(png(picture)).decode()}"
