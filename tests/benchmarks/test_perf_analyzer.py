"""What is sent by perf_analyzer, and what is made of its notes."""

import json
from pathlib import Path

import numpy as np
import pytest
from google.protobuf import text_format
from tritonclient.grpc.model_config_pb2 import ModelConfig

from benchmarks.load import Work
from benchmarks.perf_analyzer.inputs import write_inputs
from benchmarks.perf_analyzer.outcome import Outcome
from benchmarks.perf_analyzer.program import Load
from tests.e2e.edits import random_edit

MODEL = "retouch-mini"
SIDE = 64
SECOND = 1_000_000_000


def test_its_requests_have_the_tensors_of_the_models_config(tmp_path: Path) -> None:
    text = (Path("model_repository") / MODEL / "config.pbtxt").read_text()
    config = text_format.Parse(text, ModelConfig())
    write_inputs(tmp_path / "inputs.json", Work(MODEL, SIDE, steps=5, edits=9, images=3), count=2)
    edits = json.loads((tmp_path / "inputs.json").read_text())["data"]
    assert len(edits) == 2
    known = {tensor.name: list(tensor.dims) for tensor in config.input}
    needed = {tensor.name for tensor in config.input if not tensor.optional}
    for edit in edits:
        assert needed <= set(edit) <= set(known)
        for name, tensor in edit.items():
            assert len(tensor["content"]) == np.prod(tensor["shape"])
            pairs = zip(known[name], tensor["shape"], strict=True)
            assert all(dim in (-1, size) for dim, size in pairs)


def test_its_masks_repaint_what_a_client_left_transparent(tmp_path: Path) -> None:
    write_inputs(tmp_path / "inputs.json", Work(MODEL, SIDE, steps=5, edits=9), count=1)
    (sent,) = json.loads((tmp_path / "inputs.json").read_text())["data"]
    edit = random_edit(np.random.default_rng(3), MODEL, SIDE)
    mask = np.reshape(sent["MASK"]["content"], (SIDE, SIDE))
    np.testing.assert_array_equal(mask, 255 - np.asarray(edit.mask.getchannel("A"), np.int64))


def test_an_edit_lasts_until_its_last_picture() -> None:
    requests = [
        {"timestamp": 0, "response_timestamps": [1 * SECOND, 3 * SECOND]},
        {"timestamp": 2 * SECOND, "response_timestamps": [4 * SECOND, 5 * SECOND]},
    ]
    outcome = Outcome.of(requests, Work(MODEL, SIDE, steps=4, edits=2, images=2), calls=8)
    assert outcome.first == (1, 2)
    assert outcome.whole.latencies == (3, 3)
    assert outcome.whole.edits_per_second == pytest.approx(2 / 5)
    assert outcome.whole.images_per_second == pytest.approx(4 / 5)
    assert outcome.whole.images_per_call == 2


def test_a_load_has_either_clients_or_a_rate() -> None:
    assert "--concurrency-range" in Load(4, 0, 10).options()
    poisson = Load(0, 1.5, 10).options()
    assert "--concurrency-range" not in poisson
    assert poisson[poisson.index("--request-rate-range") + 1] == "1.500"
    assert poisson[poisson.index("--request-distribution") + 1] == "poisson"
