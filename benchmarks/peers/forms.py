"""The task as a client of this product sends it."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from benchmarks.peers.programs.task import Task
from benchmarks.pictures import png_of


@dataclass(frozen=True)
class Form:
    """One edit's form."""

    fields: dict[str, str]
    files: dict[str, bytes]


def forms_of(task: Task, model: str, take: int) -> list[Form]:
    """The task's edits: what a mask repaints is transparent in the form's."""
    return [
        Form(
            {
                "model": model,
                "prompt": prompt,
                "seed": str(seed),
                "num_inference_steps": str(task.steps),
                "guidance_scale": str(task.guidance),
                "response_format": "b64_json",
                "size": _size(picture),
            },
            {"image": Path(picture).read_bytes(), "mask": _transparent(Path(mask))},
        )
        for seed, (picture, mask, prompt) in enumerate(
            zip(task.pictures, task.masks, task.prompts_of(take), strict=True)
        )
    ]


def _size(picture: str) -> str:
    with Image.open(picture) as opened:
        return f"{opened.width}x{opened.height}"


def _transparent(mask: Path) -> bytes:
    repainted = Image.open(mask).convert("L")
    picture = Image.new("RGBA", repainted.size, "white")
    picture.putalpha(repainted.point(lambda level: 255 - level))
    return png_of(picture)
