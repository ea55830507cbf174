"""`python -m benchmarks.frontend_cost`: the frontend's work for an edit, in Pillow's.

The whole frontend answers edits of 1024 pixels in this process, in front of a model that takes no
time; and Pillow decodes the same image and mask and encodes the image, with its own defaults. Both
take turns, and their CPU seconds are compared: at most 1.5 of ours for 1 of Pillow's.
"""

import argparse
import asyncio
import io
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import httpx
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks.instant_model import MODEL_ID, InstantModel
from benchmarks.pictures import MASK_SHARES, PICTURES, mask_of, png_of
from frontend.app import create_app
from frontend.settings import Settings

SIDE = 1024
CHUNK_BYTES = 65_536  # what a server reads at once


@dataclass(frozen=True)
class Case:
    """One edit to be measured, and what it cost in each round.

    Attributes:
        name: the kind of picture, the share of the mask and the form of the answer.
        ours: CPU seconds of the frontend.
        pillows: CPU seconds of Pillow for the same files.
    """

    name: tuple[str, ...]
    ours: list[float]
    pillows: list[float]

    @property
    def ratios(self) -> list[float]:
        """Ours in Pillow's, round by round."""
        return [ours / pillows for ours, pillows in zip(self.ours, self.pillows, strict=True)]


def main() -> None:
    """Measure every kind of picture and mask and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.frontend_cost", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--resolution", type=int, default=512, help="the model's, in pixels")
    arguments = parser.parse_args()
    with (
        Path(os.devnull).open("w") as nowhere,
        redirect_stderr(nowhere),
    ):  # the log, one line an edit
        cases = asyncio.run(_measure(arguments.rounds, arguments.resolution))
    Console().print(_table(cases, arguments.rounds, arguments.resolution))


async def _measure(rounds: int, resolution: int) -> list[Case]:
    with tempfile.TemporaryDirectory() as home:
        app = create_app(Settings(home=Path(home)), lambda _: InstantModel(resolution))
        async with app.router.lifespan_context(app):
            key = await app.state.services.keys.create("benchmark")
            headers = {"Authorization": f"Bearer {key}"}
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://here", headers=headers
            ) as client:
                return [await _measured(client, rounds, *names) for names in _names()]


def _names() -> Iterator[tuple[str, float, str]]:
    for picture in PICTURES:
        for share in MASK_SHARES:
            for answer in ("url", "b64_json"):
                yield picture, share, answer


async def _measured(
    client: httpx.AsyncClient, rounds: int, picture: str, share: float, answer: str
) -> Case:
    image, mask = png_of(PICTURES[picture](SIDE)), png_of(mask_of(SIDE, share))
    fields = {"prompt": "a bird", "model": MODEL_ID, "response_format": answer}
    form = httpx.Request("POST", "/", data=fields, files={"image": image, "mask": mask})
    case = Case((picture, f"{share:.0%}", answer), [], [])
    await _edit(client, form)  # the first is slow
    for _ in range(rounds):
        case.pillows.append(await _cpu_seconds(lambda: asyncio.to_thread(_pillow, image, mask)))
        case.ours.append(await _cpu_seconds(lambda: _edit(client, form)))
    return case


async def _edit(client: httpx.AsyncClient, form: httpx.Request) -> None:
    content, headers = _in_pieces(form.read()), {"Content-Type": form.headers["Content-Type"]}
    answer = await client.post("/v1/images/edits", content=content, headers=headers)
    answer.raise_for_status()


async def _in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), CHUNK_BYTES):
        yield body[start : start + CHUNK_BYTES]


def _pillow(image: bytes, mask: bytes) -> None:
    with Image.open(io.BytesIO(image)) as picture, Image.open(io.BytesIO(mask)) as alpha:
        alpha.load()
        picture.save(io.BytesIO(), "PNG")


async def _cpu_seconds(work: Callable[[], Awaitable[None]]) -> float:
    before = time.process_time()  # of all threads
    await work()
    return time.process_time() - before


def _table(cases: list[Case], rounds: int, resolution: int) -> Table:
    title = f"{SIDE} px, a model of {resolution} px, medians of {rounds} rounds"
    table = Table(
        "picture", "mask", "answer", "ours ms", "Pillow ms", "ratio", "quartiles", title=title
    )
    for case in cases:
        low, middle, high = quantiles(case.ratios, n=4)
        table.add_row(
            *case.name,
            f"{median(case.ours) * 1000:.0f}",
            f"{median(case.pillows) * 1000:.0f}",
            f"{middle:.2f}",
            f"{low:.2f} - {high:.2f}",
        )
    return table


if __name__ == "__main__":
    main()
