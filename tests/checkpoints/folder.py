"""Writes components as a diffusers pipeline folder, one component in memory at a time."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import diffusers
from transformers import CLIPTokenizer


def _library(component: Any) -> str:
    package = type(component).__module__.split(".")[0]
    return package if package == "transformers" else "diffusers"


def _write_vocabulary(tokenizer: CLIPTokenizer, folder: Path) -> None:
    """vocab.json and merges.txt: published checkpoints have them, and transformers 4 needs them."""
    tokenizer.backend_tokenizer.model.save(str(folder))


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
        component.save_pretrained(folder / name)
        if isinstance(component, CLIPTokenizer):
            _write_vocabulary(component, folder / name)
        entries[name] = [_library(component), type(component).__name__]
    text = json.dumps(entries | index, indent=2) + "\n"
    (folder / "model_index.json").write_text(text, encoding="utf-8")
    return folder
