"""`retouch export`: options, progress, and one clear line for every error."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from export.default_engine import choose, cpu_has_bf16
from export.errors import ExportError
from export.request import Device, Engine, ExportRequest, Precision, Stage


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
    engine: Annotated[
        Engine | None,
        typer.Option(help="What runs the graphs.  [default: the fastest on this machine's CPU]"),
    ] = None,
    precision: Annotated[
        Precision | None,
        typer.Option(help="What the graphs compute in.  [default: the engine's fastest]"),
    ] = None,
    device: Annotated[
        Device | None,
        typer.Option(help="Where they run.  [default: gpu with TensorRT, else cpu]"),
    ] = None,
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
    guidance_end: Annotated[
        float,
        typer.Option(
            min=0.01, max=1, help="Share of the steps that are guided; the rest cost half."
        ),
    ] = 1.0,
    cache_interval: Annotated[
        int,
        typer.Option(min=1, help="Of so many steps one is whole; the others reuse its features."),
    ] = 1,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a model of the same name.")
    ] = False,
    refit: Annotated[
        bool, typer.Option("--refit", help="TensorRT: make plans whose weights can be exchanged.")
    ] = False,
) -> None:
    """Make a Stable Diffusion checkpoint into served models."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    has_bf16 = cpu_has_bf16()
    chosen_engine, chosen_precision = choose(engine, precision, device, cpu_has_bf16=has_bf16)
    request = ExportRequest(
        checkpoint=checkpoint,
        model_id=model_id,
        repository=to or default_repository(),
        precision=chosen_precision,
        engine=chosen_engine,
        device=device,
        resolution=resolution,
        steps=steps,
        guidance=guidance,
        guidance_end=guidance_end,
        cache_interval=cache_interval,
        force=force,
        refit=refit,
    )
    try:
        _export(request, console)
    except ExportError as error:
        console.print(f"[red]error:[/red] {escape(str(error))}")
        raise typer.Exit(1) from error
    runs = f"for {request.engine} in {request.precision}"
    console.print(escape(f"{model_id} is in {request.repository}, {runs}"))


def _export(request: ExportRequest, console: Console) -> None:
    """Run the export. PyTorch and diffusers are imported here: no other command needs them."""
    try:
        from export.exporter import export_checkpoint
        from export.quiet import quiet
    except ModuleNotFoundError as error:
        raise ExportError(f"no module {error.name}: run `make export-environment`") from error
    quiet()
    with _progress(console) as stage:
        export_checkpoint(request, stage)


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
