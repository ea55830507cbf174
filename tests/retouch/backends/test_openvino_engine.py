"""Precision and cache of the OpenVINO engine."""

import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from retouch.backends import openvino_compiled
from retouch.backends.compiled_cache import FOLDER_VARIABLE
from retouch.backends.engine import Array, EngineError
from retouch.backends.openvino_compiled import has_bf16
from retouch.backends.openvino_engine import OpenVinoEngine
from tests.retouch.backends.declarations import declaration, parameters
from tests.retouch.backends.graphs import save_product, save_square, save_sum

PROCESSES = 3
VALUES = np.random.default_rng(0).standard_normal((64, 64), np.float32)


def product(folder: Path, **values: str) -> Array:
    """VALUES multiplied by themselves as matrices, as the engine computes it."""
    engine = OpenVinoEngine(declaration(folder, **parameters(**values)))
    return engine.run({"X": VALUES}, ["Y"])["Y"]


def error_of(found: Array) -> float:
    """The largest, relative to the largest value."""
    exact = VALUES.astype(np.float64) @ VALUES
    return float(np.abs(found - exact).max() / np.abs(exact).max())


def test_a_graph_computes_in_fp32_unless_the_config_says_otherwise(tmp_path: Path) -> None:
    save_product(tmp_path / "1" / "model.onnx", VALUES)
    assert error_of(product(tmp_path)) < 1e-5


@pytest.mark.skipif(not has_bf16(), reason="this CPU has no bfloat16")
def test_the_bf16_hint_makes_a_graph_compute_in_bf16(tmp_path: Path) -> None:
    save_product(tmp_path / "1" / "model.onnx", VALUES)
    assert 1e-4 < error_of(product(tmp_path, HINT_BF16="YES")) < 1e-2


def test_without_bf16_in_the_cpu_the_hint_leaves_fp32_and_a_line_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    save_product(tmp_path / "1" / "model.onnx", VALUES)
    monkeypatch.setattr(openvino_compiled, "has_bf16", lambda: False)
    assert error_of(product(tmp_path, HINT_BF16="YES")) < 1e-5
    assert "square: this CPU has no bfloat16" in caplog.text


def test_a_hint_that_the_native_backend_refuses_is_refused(tmp_path: Path) -> None:
    save_square(tmp_path / "1" / "model.onnx")
    with pytest.raises(EngineError, match="HINT_BF16 = 'maybe' must be YES or left out"):
        OpenVinoEngine(declaration(tmp_path, **parameters(HINT_BF16="maybe")))


@pytest.mark.parametrize(
    ("x", "v", "message"),
    [
        ((2, 4), (3, 4), r"the inputs differ in rows: \{'X': 2, 'V': 3\}"),
        ((2, 4), (2, 4, 1), r"V is of shape \[2, 4, 1\], not \[\?,\?\]"),
        ((2, 4), (2, 5), "mismatch"),  # OpenVINO's own
    ],
)
def test_inputs_that_do_not_fit_are_told_and_leave_nothing_behind(
    tmp_path: Path, x: tuple[int, ...], v: tuple[int, ...], message: str
) -> None:
    save_sum(tmp_path / "1" / "model.onnx")
    engine = OpenVinoEngine(declaration(tmp_path, input=[{"name": "X"}, {"name": "V"}]))
    for _ in range(2):
        good = {name: np.ones(x, np.float32) for name in ("X", "V")}
        assert (engine.run(good, ["Y"])["Y"] == 2).all()
        with pytest.raises((ValueError, RuntimeError), match=message):
            engine.run({"X": np.ones(x, np.float32), "V": np.ones(v, np.float32)}, ["Y"])


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def blobs(cache: Path) -> list[Path]:
    """The compiled models in the cache."""
    return sorted(cache.rglob("*.blob"))


def test_a_second_start_loads_what_the_first_has_compiled(tmp_path: Path, cache: Path) -> None:
    save_product(tmp_path / "1" / "model.onnx", VALUES)
    first = product(tmp_path)
    [blob] = blobs(cache)
    written = blob.stat()
    np.testing.assert_array_equal(product(tmp_path), first)
    assert blobs(cache) == [blob]
    assert blob.stat().st_mtime_ns == written.st_mtime_ns
    assert [path.name for path in cache.iterdir()] == ["square"]


def test_another_graph_in_its_place_is_compiled_anew_and_the_old_one_is_dropped(
    tmp_path: Path, cache: Path
) -> None:
    save_product(tmp_path / "1" / "model.onnx", VALUES)
    product(tmp_path)
    [old] = blobs(cache)
    save_product(tmp_path / "1" / "model.onnx", 2 * VALUES)
    assert error_of(product(tmp_path) / 2) < 1e-5
    [new] = blobs(cache)
    assert new.parent != old.parent


def start(folder: Path, barrier: "multiprocessing.synchronize.Barrier") -> None:
    """What each of several processes does at the same time."""
    barrier.wait()
    os._exit(0 if error_of(product(folder)) < 1e-5 else 1)


def test_processes_that_start_together_share_a_cache(tmp_path: Path, cache: Path) -> None:
    save_product(tmp_path / "1" / "model.onnx", VALUES)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PROCESSES)
    processes = [context.Process(target=start, args=(tmp_path, barrier)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    assert len(blobs(cache)) == 1
    assert len(list((cache / "square").iterdir())) == 1


def test_a_cache_that_cannot_be_written_costs_a_line_in_the_log_only(
    tmp_path: Path, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.write_text("a file, where a folder should be")
    save_product(tmp_path / "1" / "model.onnx", VALUES)
    assert error_of(product(tmp_path)) < 1e-5
    assert "square: the compiled model is not kept" in caplog.text


def test_an_empty_name_of_the_cache_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, "")
    monkeypatch.chdir(tmp_path)
    save_product(tmp_path / "1" / "model.onnx", VALUES)
    product(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["1"]


def test_a_graph_that_fails_leaves_nothing_in_the_cache(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(EngineError, match="square: "):
        OpenVinoEngine(declaration(tmp_path))
    assert list((cache / "square").iterdir()) == []
