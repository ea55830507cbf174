"""The file beside a plan that says what it was built for.

TensorRT's plans run with the version that built them, and were timed on one kind of GPU. Triton's
own message about a plan that does not fit names neither, so the loop's model checks them first.
"""

import json
from dataclasses import asdict
from pathlib import Path

from retouch.plans.machine import Gpu, NoGpuError, gpus

BINDING_FILE = "plan.json"


class PlanMismatchError(ValueError):
    """A plan was built for another GPU or another TensorRT."""


def bind(plan: Path, gpu: Gpu) -> None:
    """Writes beside a plan what it was built for."""
    text = json.dumps(asdict(gpu), indent=2)
    plan.with_name(BINDING_FILE).write_text(f"{text}\n", encoding="utf-8")


def check_plans(repository: Path, model_id: str) -> None:
    """Compares what a model's plans were built for with what is here.

    Does nothing for a model without plans.

    Args:
        repository: The folder of all models.
        model_id: The public model's name.

    Raises:
        PlanMismatchError: with a line for the operator, which names both sides and the remedy.
    """
    for file in sorted(repository.glob(f"{model_id}.*/*/{BINDING_FILE}")):
        _check(file, f"{file.parents[1].name}: the plan")


def _check(file: Path, label: str) -> None:
    try:
        built_for = Gpu(**json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise PlanMismatchError(f"{label}'s {file.name} cannot be read: {error}") from error
    wanted = f"{label} is for {built_for}"
    remedy = "export the checkpoint again on this machine"
    try:
        here = gpus()
    except NoGpuError as error:
        raise PlanMismatchError(f"{wanted}, but here {error}") from error
    for gpu in here:
        if gpu != built_for:
            raise PlanMismatchError(f"{wanted}, not for {gpu}: {remedy}")
