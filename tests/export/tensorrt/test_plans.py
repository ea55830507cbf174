"""How plans are built, and what is published with them."""

import json
import sys
from pathlib import Path

import pytest

from export.contracts import GRAPHS, Role
from export.errors import ContractError, ExportError, UnsupportedError
from export.exporter import export_checkpoint
from export.request import EIGHT_BITS, Engine, ExportRequest, Precision
from tests.export.published import Published
from tests.export.tensorrt.conftest import PlanExporter
from tests.export.tensorrt.fake_tensorrt import FakeTensorRt
from tests.retouch.plans.fake_driver import install

GOLDEN = Path(__file__).parent / "golden"


def _request(
    checkpoint: Path,
    folder: Path,
    precision: Precision = Precision.FP16,
    *,
    refit: bool = False,
) -> ExportRequest:
    return ExportRequest(
        str(checkpoint),
        "dog",
        folder / "models",
        precision,
        Engine.TENSORRT,
        refit=refit,
    )


def test_plans_are_built_as_they_should_be(
    sdxl_calm: Path, tmp_path: Path, tensorrt: FakeTensorRt, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("RETOUCH_ENGINE_CACHE", str(cache))
    export_checkpoint(_request(sdxl_calm, tmp_path, refit=True))
    assert tensorrt.calls == json.loads((GOLDEN / "sdxl_calls.json").read_text(encoding="utf-8"))
    timings = cache / "tensorrt" / "NVIDIA-H100-80GB-HBM3-9.0-10.15.1.timings"
    assert [path for path in cache.rglob("*") if path.is_file()] == [timings]
    assert timings.read_text() == "timed " * len(GRAPHS)


@pytest.mark.parametrize("role", GRAPHS)
def test_the_configs_are_as_the_native_backend_takes_them(
    planned: PlanExporter, role: Role
) -> None:
    found = (planned("sd1_inpainting").folder(role) / "config.pbtxt").read_text(encoding="utf-8")
    assert found == (GOLDEN / f"sd1_{role}.pbtxt").read_text(encoding="utf-8")


def test_a_plan_and_what_it_is_bound_to_are_published_alone(planned: PlanExporter) -> None:
    published: Published = planned("sd1_inpainting")
    for role in GRAPHS:
        folder = published.folder(role) / "1"
        assert {path.name for path in folder.iterdir()} == {"model.plan", "plan.json"}
        assert json.loads((folder / "plan.json").read_text(encoding="utf-8")) == {
            "name": "NVIDIA H100 80GB HBM3",
            "compute_capability": "9.0",
            "tensorrt": "10.15.1",
        }


def test_what_the_parser_refuses_is_told(
    sd1_lcm: Path, tmp_path: Path, tensorrt: FakeTensorRt
) -> None:
    tensorrt.complaints = ["no importer for Mystery"]
    with pytest.raises(
        ContractError, match=r"dog\.text_encoder: TensorRT cannot take it: no importer for Mystery"
    ):
        export_checkpoint(_request(sd1_lcm, tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_build_that_fails_publishes_nothing(
    sd1_lcm: Path, tmp_path: Path, tensorrt: FakeTensorRt
) -> None:
    tensorrt.builds = False
    with pytest.raises(ContractError, match=r"dog\.text_encoder: TensorRT builds no plan"):
        export_checkpoint(_request(sd1_lcm, tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_without_tensorrt_the_export_ends_before_it_reads_anything(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"no module tensorrt: .*docker/export\.Dockerfile"):
        export_checkpoint(_request(tmp_path / "nowhere", tmp_path))


@pytest.mark.usefixtures("tensorrt")
def test_without_a_gpu_the_export_ends_before_it_reads_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, [], (10, 15, 1))
    with pytest.raises(ExportError, match="but NVIDIA's driver finds no GPU"):
        export_checkpoint(_request(tmp_path / "nowhere", tmp_path))


def test_other_engines_have_no_weights_to_exchange(tmp_path: Path) -> None:
    request = ExportRequest("nowhere", "dog", tmp_path, refit=True)
    with pytest.raises(UnsupportedError, match="onnxruntime has no plans"):
        export_checkpoint(request)


def test_plans_in_8_bits_are_built_and_served_as_the_others_are(
    sd1_calm: Path, tmp_path: Path, tensorrt: FakeTensorRt
) -> None:
    calls, configs = [], []
    for number, wanted in enumerate((Precision.FP16, Precision.FP8)):
        folder = tmp_path / str(number)
        export_checkpoint(_request(sd1_calm, folder, wanted))
        calls.append(list(tensorrt.calls))
        configs.append((folder / "models" / "dog.unet" / "config.pbtxt").read_text())
        tensorrt.calls.clear()
    assert calls[0] == calls[1]
    assert configs[0] == configs[1]


def test_fp8_is_refused_before_anything_is_read_on_a_gpu_without_it(
    tmp_path: Path, tensorrt: FakeTensorRt, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, [("NVIDIA A100-SXM4-80GB", 8, 0)], (10, 15, 1))
    with pytest.raises(UnsupportedError, match=r"fp8 needs .* 8\.9 or more, not NVIDIA A100-SXM4"):
        export_checkpoint(_request(tmp_path / "nowhere", tmp_path, Precision.FP8))
    assert tensorrt.calls == []


@pytest.mark.usefixtures("tensorrt")
@pytest.mark.parametrize("precision", EIGHT_BITS)
def test_without_modelopt_the_export_ends_before_it_reads_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, precision: Precision
) -> None:
    monkeypatch.setitem(sys.modules, "modelopt.torch.quantization", None)
    with pytest.raises(ExportError, match=r"no module modelopt.*docker/export\.Dockerfile"):
        export_checkpoint(_request(tmp_path / "nowhere", tmp_path, precision))


@pytest.mark.parametrize("precision", EIGHT_BITS)
def test_weights_in_8_bits_cannot_be_exchanged(tmp_path: Path, precision: Precision) -> None:
    with pytest.raises(UnsupportedError, match="cannot be exchanged"):
        export_checkpoint(_request(tmp_path / "nowhere", tmp_path, precision, refit=True))
