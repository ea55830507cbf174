"""Opens a diffusers folder or Hub name and reads its settings; no weights are loaded here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from diffusers import DiffusionPipeline

from export.errors import CheckpointError, UnsupportedError

Settings = Mapping[str, Any]


class Family(StrEnum):
    """What a pipeline of the family is made of."""

    SD = "Stable Diffusion 1 or 2"
    SDXL = "Stable Diffusion XL"


PIPELINES = {
    "StableDiffusionPipeline": Family.SD,
    "StableDiffusionImg2ImgPipeline": Family.SD,
    "StableDiffusionInpaintPipeline": Family.SD,
    "LatentConsistencyModelPipeline": Family.SD,
    "StableDiffusionXLPipeline": Family.SDXL,
    "StableDiffusionXLImg2ImgPipeline": Family.SDXL,
    "StableDiffusionXLInpaintPipeline": Family.SDXL,
}
CONFIG_FILES = {"scheduler": "scheduler_config.json"}
COMPONENTS = {
    Family.SD: ("tokenizer", "text_encoder", "vae", "unet", "scheduler"),
    Family.SDXL: (
        "tokenizer",
        "tokenizer_2",
        "text_encoder",
        "text_encoder_2",
        "vae",
        "unet",
        "scheduler",
    ),
}


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on disk.

    Attributes:
        folder: The diffusers pipeline folder.
        family: What it is made of.
        index: Content of model_index.json.
    """

    folder: Path
    family: Family
    index: Settings

    def settings(self, component: str) -> Settings:
        """The component's own settings file.

        Raises:
            CheckpointError: it is missing or broken.
        """
        return _read_json(self.folder / component / CONFIG_FILES.get(component, "config.json"))

    def class_name(self, component: str) -> str:
        """The component's class, as model_index.json names it."""
        return str(self.index[component][1])


def open_checkpoint(source: str) -> Checkpoint:
    """Finds the checkpoint and checks that it is a family that can be served.

    Args:
        source: A folder, or a name on the Hugging Face Hub, which is downloaded.

    Raises:
        CheckpointError: there is no such checkpoint, or a component is missing.
        UnsupportedError: its pipeline is of another family.
    """
    folder = Path(source) if Path(source).is_dir() else _download(source)
    index = _read_json(folder / "model_index.json")
    name = index.get("_class_name")
    if name not in PIPELINES:
        raise UnsupportedError(
            f"pipelines of class {name} cannot be served; those of {', '.join(PIPELINES)} can"
        )
    family = PIPELINES[name]
    for component in COMPONENTS[family]:
        if (index.get(component) or [None])[0] is None or not (folder / component).is_dir():
            raise CheckpointError(f"{folder} has no component {component}")
    return Checkpoint(folder, family, index)


def _download(name: str) -> Path:
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise CheckpointError(f"there is no folder {name}")
    try:
        return Path(DiffusionPipeline.download(name))
    except Exception as error:  # the Hub client raises many kinds
        raise CheckpointError(
            f"{name} is neither a folder nor a checkpoint that the Hub gives out"
        ) from error


def _read_json(path: Path) -> Settings:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CheckpointError(f"{path} is missing") from error
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise CheckpointError(f"{path} holds no settings")
    return content
