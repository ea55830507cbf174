"""`retouch export`: options, progress, and one clear line for every error."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import diffusers
import transformers
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from export.components import Precision
from export.errors import ExportError
from export.exporter import ExportRequest, Stage, export_checkpoint


class Engine(StrEnum):
    """What runs the graphs."""

    ONNXRUNTIME = "onnxruntime"


def default_repository() -> Path:
    """The folder for exported models: `models` in RETOUCH_HOME."""
    return Path(os.environ.get("RETOUCH_HOME", ".retouch")) / "models"


def export(
    checkpoint: Annotated[
        str, typer.Argument(help="A diffusers folder, or a name on the Hugging Face Hub.")
    ],
    model_id: Annotated[
        str, typer.Option("--id", metavar="NAME", help="The model's name for clients.")
    ],
    engine: Annotated[Engine, typer.Option(help="What runs the graphs.")] = Engine.ONNXRUNTIME,  # noqa: ARG001
    precision: Annotated[
        Precision, typer.Option(help="What the graphs compute in.")
    ] = Precision.FP32,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Model repository to publish into.  [default: $RETOUCH_HOME/models]"
        ),
    ] = None,
    resolution: Annotated[
        int | None,
        typer.Option(min=8, help="Working resolution in pixels.  [default: the checkpoint's]"),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(min=1, help="Default number of steps.  [default: 30, LCM 4]"),
    ] = None,
    guidance: Annotated[
        float | None,
        typer.Option(min=0, help="Default guidance scale.  [default: 7.5, LCM 1]"),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a model of the same name.")
    ] = False,
) -> None:
    """Make a Stable Diffusion checkpoint into served models."""
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    request = ExportRequest(
        checkpoint=checkpoint,
        model_id=model_id,
        repository=to or default_repository(),
        precision=precision,
        resolution=resolution,
        steps=steps,
        guidance=guidance,
        force=force,
    )
    console = Console(stderr=True)
    try:
        with _progress(console) as stage:
            export_checkpoint(request, stage)
    except ExportError as error:
        console.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    console.print(f"{model_id} is in {request.repository}", highlight=False, soft_wrap=True)


@contextmanager
def _progress(console: Console) -> Iterator[Stage]:
    """One line for each stage, with the time it takes."""
    columns = (SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:

        @contextmanager
        def stage(title: str) -> Iterator[None]:
            task = progress.add_task(title, total=1)
            yield
            progress.update(task, completed=1)

        yield stage
