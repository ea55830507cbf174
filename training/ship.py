"""`python -m training.ship CHECKPOINT` makes a checkpoint the product's built-in model.

The checkpoint goes to `training/checkpoint/`, its graphs and tokenizer into `model_repository/`.
The configs there are written by hand and stay as they are; that what they say of the checkpoint is
true is checked before anything is replaced.
"""

import argparse
import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import onnx
from google.protobuf import text_format
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.contracts import ROLES, Role
from export.exporter import export_checkpoint
from export.request import ExportRequest
from training.halves import keep_halves

MODEL_ID: Final = "retouch-mini"
REPOSITORY: Final = Path("model_repository")
CHECKPOINT: Final = Path(__file__).parent / "checkpoint"


def export_built_in(checkpoint: Path, repository: Path) -> None:
    """Export `checkpoint` into `repository` with the defaults of the committed config."""
    defaults = parameters(REPOSITORY, Role.PUBLIC)
    export_checkpoint(
        ExportRequest(
            checkpoint=str(checkpoint),
            model_id=MODEL_ID,
            repository=repository,
            steps=int(defaults["steps"]),
            guidance=float(defaults["guidance"]),
            guidance_end=float(defaults["guidance_end"]),
        )
    )


def ship(checkpoint: Path) -> None:
    """Replace the built-in model; ends the program where a committed config has to be changed."""
    with TemporaryDirectory() as folder:
        exported = Path(folder) / "models"
        export_built_in(checkpoint, exported)
        if problems := differences(exported):
            raise SystemExit("\n".join(problems))
        for role in ROLES:
            _copy_artefacts(exported, role)
    if checkpoint.resolve() != CHECKPOINT.resolve():
        shutil.rmtree(CHECKPOINT, ignore_errors=True)
        shutil.copytree(checkpoint, CHECKPOINT)


def differences(exported: Path) -> list[str]:
    """What the committed configs say otherwise than the exported ones."""
    return [
        f"{role.model_name(MODEL_ID)}: parameter {name} must be {value!r}"
        for role in ROLES
        for name, value in parameters(exported, role).items()
        if _comparable(value) != _comparable(parameters(REPOSITORY, role).get(name, ""))
    ]


def parameters(repository: Path, role: Role) -> dict[str, str]:
    """The parameters of the built-in model of a role, as the repository's config has them."""
    path = repository / role.model_name(MODEL_ID) / "config.pbtxt"
    config = text_format.Parse(path.read_text(), ModelConfig())
    return {name: value.string_value for name, value in config.parameters.items()}


def _comparable(value: str) -> object:
    """The same for equal JSON however it is written; the scheduler is an object of many keys."""
    try:
        parsed = json.loads(value)
    except json.JSONDecodeError:
        return value
    if isinstance(parsed, dict):
        parsed.pop("_diffusers_version", None)
    return parsed


def _copy_artefacts(exported: Path, role: Role) -> None:
    version = Path(role.model_name(MODEL_ID)) / "1"
    for path in (exported / version).iterdir():
        if path.suffix == ".onnx":
            graph = onnx.load(path)
            keep_halves(graph)
            onnx.save(graph, REPOSITORY / version / path.name)
        elif path.suffix != ".py":
            shutil.copyfile(path, REPOSITORY / version / path.name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m training.ship", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    ship(parser.parse_args().checkpoint)
