"""The same task through this product's HTTP interface."""

import asyncio
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.load import connected
from benchmarks.peers.forms import Form, forms_of
from benchmarks.peers.programs.task import Seconds, Task
from export.default_engine import choose, cpu_has_bf16
from tests.e2e.product import RETOUCH, Product, running


@dataclass(frozen=True)
class Ours:
    """This product with a checkpoint, exported for its default engine.

    Attributes:
        checkpoint: folder of the checkpoint.
        resolution: of its window, in pixels.
        models: model repository for the export, kept between runs.
    """

    checkpoint: Path
    resolution: int
    models: Path

    @property
    def name(self) -> str:
        """In the table, with engine and precision."""
        engine, precision = choose(None, None, None, cpu_has_bf16=cpu_has_bf16())
        return f"Retouch, {engine} {precision}"

    def run(self, task: Task) -> Seconds:
        """Do the task."""
        model = f"{self.checkpoint.resolve().name}-{self.resolution}"
        self._export(model)
        with tempfile.TemporaryDirectory() as home, running(Path(home), [self.models]) as product:
            return asyncio.run(_measure(product, model, task))

    def _export(self, model: str) -> None:
        if (self.models / model).exists():
            return
        asked = ["--id", model, "--to", str(self.models), "--resolution", str(self.resolution)]
        command = [str(RETOUCH), "export", str(self.checkpoint), *asked]
        subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 - ours


async def _measure(product: Product, model: str, task: Task) -> Seconds:
    """As `benchmarks.peers.programs.task.measure` does."""
    alone, together = [], []
    async with connected(product) as http:
        for number in range(task.rounds + 1):
            alone.append(await _seconds(http, forms_of(task, model, 2 * number)[:1]))
            if len(task.pictures) > 1:
                forms = forms_of(task, model, 2 * number + 1)
                together.append(await _seconds(http, forms))
    return {"alone": alone[1:], "together": together[1:]}


async def _seconds(http: httpx.AsyncClient, forms: list[Form]) -> float:
    start = time.perf_counter()
    answers = await asyncio.gather(
        *(http.post("/v1/images/edits", data=form.fields, files=form.files) for form in forms)
    )
    for answer in answers:
        answer.raise_for_status()
    return time.perf_counter() - start
