"""Writes components as a diffusers pipeline folder, one component in memory at a time."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import diffusers
from safetensors.torch import load_file, save_file
from transformers import CLIPTextModel, CLIPTokenizer


def _library(component: Any) -> str:
    package = type(component).__module__.split(".")[0]
    return package if package == "transformers" else "diffusers"


def _save(component: Any, folder: Path) -> None:
    """As published checkpoints are: transformers 4 cannot read what 5 writes of its own accord."""
    component.save_pretrained(folder)
    if isinstance(component, CLIPTokenizer):
        component.backend_tokenizer.model.save(str(folder))  # vocab.json and merges.txt
    if isinstance(component, CLIPTextModel):
        (weights,) = folder.glob("*.safetensors")
        published = {f"text_model.{name}": w for name, w in load_file(weights).items()}
        save_file(published, weights, metadata={"format": "pt"})


def write_folder(
    folder: Path,
    pipeline: str,
    components: Mapping[str, Callable[[], Any]],
    **index: object,
) -> Path:
    """Writes `folder` so that `DiffusionPipeline.from_pretrained(folder)` loads it.

    Args:
        folder: Made when missing.
        pipeline: Name of the pipeline's class.
        components: Makes each component; called one after the other, nothing is kept.
        index: Further entries of model_index.json.

    Returns:
        The folder.
    """
    entries: dict[str, object] = {
        "_class_name": pipeline,
        "_diffusers_version": diffusers.__version__,
    }
    for name, make in components.items():
        component = make()
        _save(component, folder / name)
        entries[name] = [_library(component), type(component).__name__]
    text = json.dumps(entries | index, indent=2) + "\n"
    (folder / "model_index.json").write_text(text, encoding="utf-8")
    return folder
