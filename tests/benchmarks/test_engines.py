"""The engines that are measured are the product's, with tensors that fit."""

from pathlib import Path

import pytest

from benchmarks.measurement import Measurement
from benchmarks.parts import engines
from benchmarks.parts.engines import load_engine, run_engines
from benchmarks.parts.subject import subject_of
from retouch.backends.engine import EngineError

REPOSITORY = Path("model_repository")


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "SECONDS", 0.0)
    monkeypatch.setattr(engines, "CALLS", 1)


def test_every_graph_is_called_with_every_number_of_rows() -> None:
    found = {str(load): measured for load, measured in run_engines(REPOSITORY, "retouch-mini")}
    assert [name for name in found if name.startswith("unet")] == [
        "unet, 1 row",
        "unet, 2 rows",
        "unet, 4 rows",
        "unet, 8 rows",
        "unet, 16 rows",
    ]
    assert {"vae_encoder, 4 rows", "vae_decoder, 4 rows"} <= set(found)
    for name, measured in found.items():
        assert isinstance(measured, Measurement)
        assert measured.images == int(name.split()[1])


def _config(repository: Path, text: str) -> None:
    folder = repository / "sd.unet"
    folder.mkdir(parents=True)
    (folder / "config.pbtxt").write_text(f'name: "sd.unet"\n{text}')


def test_an_engine_that_runs_in_triton_alone_is_told(tmp_path: Path) -> None:
    _config(tmp_path, 'backend: "tensorrt"')
    with pytest.raises(EngineError, match="tensorrt runs in Triton alone"):
        load_engine(tmp_path, "sd.unet")


def test_a_row_names_engine_precision_and_threads(tmp_path: Path) -> None:
    _config(
        tmp_path,
        'backend: "openvino"\n'
        'parameters { key: "HINT_BF16" value: { string_value: "YES" } }\n'
        'parameters { key: "INFERENCE_NUM_THREADS" value: { string_value: "3" } }\n',
    )
    subject = subject_of(tmp_path, "sd")
    assert subject.checkpoint == "sd"
    assert subject.engine.startswith("openvino 20")
    assert subject.engine.endswith(" bf16")
    assert subject.threads == 3
