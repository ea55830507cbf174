"""The committed engines are what the committed checkpoint exports to."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest

from export.contracts import GRAPHS, Role
from training.ship import CHECKPOINT, MODEL_ID, REPOSITORY, differences, export_built_in

Array = npt.NDArray[Any]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed checkpoint, exported again."""
    repository = tmp_path_factory.mktemp("again") / "models"
    export_built_in(CHECKPOINT, repository)
    return repository


def test_the_committed_configs_say_what_is_true_of_the_checkpoint(exported: Path) -> None:
    assert differences(exported) == []


@pytest.mark.parametrize("role", GRAPHS)
def test_a_committed_graph_computes_what_the_checkpoint_does(exported: Path, role: Role) -> None:
    version = Path(role.model_name(MODEL_ID)) / "1" / "model.onnx"
    committed = onnxruntime.InferenceSession(REPOSITORY / version)
    again = onnxruntime.InferenceSession(exported / version)
    inputs = random_inputs(committed)
    for one, other in zip(committed.run(None, inputs), again.run(None, inputs), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


def test_the_shipped_files_are_small() -> None:
    folders = [CHECKPOINT, *REPOSITORY.glob(f"{MODEL_ID}*")]
    sizes = [path.stat().st_size for folder in folders for path in folder.rglob("*.*")]
    assert max(sizes) <= 16 * 2**20


def random_inputs(session: onnxruntime.InferenceSession) -> dict[str, Array]:
    """Two rows of anything that the graph accepts."""
    rng = np.random.default_rng(0)
    return {tensor.name: _random(tensor, rng) for tensor in session.get_inputs()}


def _random(tensor: onnxruntime.NodeArg, rng: np.random.Generator) -> Array:
    shape = [size if isinstance(size, int) else 2 for size in tensor.shape]
    match tensor.type:
        case "tensor(uint8)":
            return rng.integers(0, 256, shape, np.uint8)
        case "tensor(int64)":
            return rng.integers(0, 500, shape)
        case _:
            return rng.standard_normal(shape, np.float32)


def test_the_tokenizer_is_the_checkpoints() -> None:
    shipped = REPOSITORY / Role.TOKENIZER.model_name(MODEL_ID) / "1" / "tokenizer.json"
    assert shipped.read_text() == (CHECKPOINT / "tokenizer" / "tokenizer.json").read_text()
