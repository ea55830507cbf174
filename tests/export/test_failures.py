"""An export that fails says why and leaves nothing behind."""

import json
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import onnx
import pytest
from safetensors.torch import load_file, save_file

from export.contracts import Role
from export.errors import CheckpointError, ContractError, ExportError, UnsupportedError
from export.exporter import export_checkpoint
from export.request import ExportRequest, Stage
from export.tracer import TITLES


def _export(checkpoint: Path, tmp_path: Path, stage: Stage | None = None) -> None:
    request = ExportRequest(str(checkpoint), "dog", tmp_path / "served" / "models")
    if stage is None:
        export_checkpoint(request)
    else:
        export_checkpoint(request, stage)


def _left(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "served").iterdir()]


@pytest.fixture
def copied(sd1_plain: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sd1_plain, tmp_path / "checkpoint"))


def _edit(file: Path, **changes: Any) -> None:
    content = json.loads(file.read_text(encoding="utf-8")) | changes
    file.write_text(json.dumps(content), encoding="utf-8")


def test_an_interrupt_leaves_nothing(sd1_plain: Path, tmp_path: Path) -> None:
    def stage(title: str) -> AbstractContextManager[None]:
        if title == f"{TITLES[Role.VAE_ENCODER]}: load":
            raise KeyboardInterrupt
        return _pass(title)

    with pytest.raises(KeyboardInterrupt):
        _export(sd1_plain, tmp_path, stage)
    assert _left(tmp_path) == []


@contextmanager
def _pass(_title: str) -> Iterator[None]:
    yield


def test_broken_weights_leave_nothing(copied: Path, tmp_path: Path) -> None:
    weights = copied / "vae" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match="vae cannot be loaded"):
        _export(copied, tmp_path)
    assert _left(tmp_path) == []


@pytest.mark.parametrize(
    "file", ["unet/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"]
)
def test_missing_weights_are_not_replaced_by_random_ones(
    copied: Path, tmp_path: Path, file: str
) -> None:
    weights = load_file(copied / file)
    weights.pop(next(key for key in weights if key.endswith("norm1.weight")))
    save_file(weights, copied / file, metadata={"format": "pt"})
    with pytest.raises(CheckpointError, match=r"lacks 1 weights, .*norm1\.weight"):
        _export(copied, tmp_path)
    assert _left(tmp_path) == []


def test_all_broken_graphs_are_told_together(sd1_plain: Path, tmp_path: Path) -> None:
    """Two staged graphs are spoilt after they were written."""

    def stage(title: str) -> AbstractContextManager[None]:
        for role in (Role.VAE_ENCODER, Role.VAE_DECODER):
            if title == f"{TITLES[role]}: compare with torch":
                _rename_output(next((tmp_path / "served").glob(f".*/dog.{role}/1/model.onnx")))
        return _pass(title)

    with pytest.raises(ContractError) as caught:
        _export(sd1_plain, tmp_path, stage)
    assert caught.value.problems == [
        "dog.vae_encoder: output LATENTS is missing in the graph",
        "dog.vae_encoder: output SPOILT is not declared",
        "dog.vae_decoder: output IMAGE is missing in the graph",
        "dog.vae_decoder: output SPOILT is not declared",
    ]
    assert _left(tmp_path) == []


def _rename_output(path: Path) -> None:
    model = onnx.load(path)
    model.graph.output[0].name = "SPOILT"
    onnx.save(model, path)


@pytest.mark.parametrize(
    ("file", "changes", "error", "message"),
    [
        ("model_index.json", {"_class_name": "FluxPipeline"}, UnsupportedError, "FluxPipeline"),
        ("model_index.json", {"vae": ["diffusers", "VQModel"]}, UnsupportedError, "VQModel"),
        ("model_index.json", {"unet": [None, None]}, CheckpointError, "no component unet"),
        (
            "scheduler/scheduler_config.json",
            {"_class_name": "HeunDiscreteScheduler"},
            UnsupportedError,
            "HeunDiscreteScheduler",
        ),
        ("unet/config.json", {"in_channels": 7}, UnsupportedError, "7 channels"),
        ("unet/config.json", {"time_cond_proj_dim": 256}, UnsupportedError, "time_cond_proj_dim"),
        ("unet/config.json", {"sample_size": [8, 16]}, UnsupportedError, "sample_size"),
        (
            "tokenizer/tokenizer_config.json",
            {"model_max_length": 256},
            UnsupportedError,
            "256 tokens",
        ),
    ],
)
def test_checkpoints_that_cannot_be_served_are_refused(
    copied: Path,
    tmp_path: Path,
    file: str,
    changes: dict[str, Any],
    error: type[ExportError],
    message: str,
) -> None:
    _edit(copied / file, **changes)
    with pytest.raises(error, match=message):
        _export(copied, tmp_path)


def test_a_missing_settings_file_is_named(copied: Path, tmp_path: Path) -> None:
    (copied / "unet" / "config.json").unlink()
    with pytest.raises(CheckpointError, match=r"unet.config\.json is missing"):
        _export(copied, tmp_path)


def test_a_resolution_that_is_no_multiple_of_a_latent_pixel_is_refused(
    sd1_plain: Path, tmp_path: Path
) -> None:
    with pytest.raises(UnsupportedError, match="100"):
        export_checkpoint(ExportRequest(str(sd1_plain), "dog", tmp_path / "m", resolution=100))
