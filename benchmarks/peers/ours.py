"""The same task through this product's HTTP interface."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.load import connected
from benchmarks.peers.forms import Form, forms_of
from benchmarks.peers.programs.task import Task
from benchmarks.peers.turns import Edit
from export.default_engine import choose, cpu_has_bf16
from export.request import Engine, Precision
from tests.e2e.product import RETOUCH, Product, running


@dataclass(frozen=True)
class Ours:
    """This product with a checkpoint, exported for its default engine.

    Attributes:
        checkpoint: folder of the checkpoint.
        resolution: of its window, in pixels.
        models: folder for model repositories with exports, kept between runs.
        precision: that is asked for; None = what an export chooses.
    """

    checkpoint: Path
    resolution: int
    models: Path
    precision: Precision | None = None

    @property
    def name(self) -> str:
        """In the table, with engine and precision."""
        return "Retouch, {} {}".format(*self._chosen)

    @property
    def _chosen(self) -> tuple[Engine, Precision]:
        return choose(None, self.precision, None, cpu_has_bf16=cpu_has_bf16())

    @contextmanager
    def painting(self, task: Task) -> Iterator[Edit]:
        """Serve the checkpoint as long as the context lasts."""
        engine, precision = self._chosen
        model = f"{self.checkpoint.resolve().name}-{self.resolution}-{precision}"
        repository = self._exported(model, "--engine", engine, "--precision", precision)
        with tempfile.TemporaryDirectory() as home, running(Path(home), [repository]) as product:

            def edit(count: int, take: int, steps: int) -> float:
                forms = forms_of(replace(task, steps=steps), model, take)
                return asyncio.run(_seconds(product, forms[:count]))

            yield edit

    def _exported(self, model: str, *chosen: str) -> Path:
        """A repository with this model alone: others would take memory from everybody."""
        repository = self.models / model
        if not (repository / model).exists():
            asked = ["--id", model, "--to", str(repository), "--resolution", str(self.resolution)]
            command = [str(RETOUCH), "export", str(self.checkpoint), *asked, *chosen]
            subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 - ours
        return repository


async def _seconds(product: Product, forms: list[Form]) -> float:
    """From the first request until the last answer."""
    async with connected(product) as http:
        start = time.perf_counter()
        answers = await asyncio.gather(
            *(http.post("/v1/images/edits", data=form.fields, files=form.files) for form in forms)
        )
        seconds = time.perf_counter() - start
    for answer in answers:
        answer.raise_for_status()
    return seconds
