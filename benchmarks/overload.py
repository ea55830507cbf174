"""`python -m benchmarks.overload`: three times what the model can do, against its peak.

The peak is measured with a closed load that keeps the model's loop full. Then edits arrive three
times as fast, whether or not others are answered, from several keys; goodput is what is answered
with 200 once the queue is full.
"""

import argparse
import asyncio
import math
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.load import CLIENTS_AT_PEAK, REQUEST_SECONDS, Work, measure
from tests.e2e.edits import random_edit
from tests.e2e.product import Product, create_key, running

OVERLOAD = 3
KEYS = 3
WAIT_SECONDS = 15
EDIT_SECONDS = 90
RAMP_SECONDS = 15  # until the queue is full, and answers come as steadily as edits
LATEST_SECONDS = 1.0  # after the deadline


@dataclass(frozen=True)
class Answer:
    """What became of one edit; times are seconds from the load's begin."""

    sent: float
    answered: float
    status: int
    retry_after: int | None


def main() -> None:
    """Start the product, measure its peak, overload it and print the comparison."""
    arguments = _arguments()
    work = Work("retouch-mini", 256, arguments.steps, arguments.edits)
    limits = {
        "RETOUCH_WAIT_TIMEOUT_SECONDS": str(WAIT_SECONDS),
        "RETOUCH_EDIT_TIMEOUT_SECONDS": str(EDIT_SECONDS),
    }
    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home), [Path("model_repository")], environment=limits) as product,
    ):
        peak = asyncio.run(_peak(product, work))
        answers = asyncio.run(_overload(product, work, OVERLOAD * peak, arguments.seconds))
    Console().print(_table(answers, peak, arguments.seconds))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overload", description=__doc__)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--edits", type=int, default=64, help="edits of the measured peak")
    parser.add_argument("--seconds", type=float, default=60, help="how long the overload lasts")
    return parser.parse_args()


async def _peak(product: Product, work: Work) -> float:
    """Edits per second with the loop full; the first calls of a batch size are slow."""
    await measure(product, work, CLIENTS_AT_PEAK)
    return (await measure(product, work, CLIENTS_AT_PEAK)).edits_per_second


async def _overload(product: Product, work: Work, rate: float, seconds: float) -> list[Answer]:
    """Send `rate` edits a second, from several keys in turn."""
    rng = np.random.default_rng(3)
    edit = random_edit(rng, work.model, work.side, num_inference_steps=work.steps)
    request = httpx.Request("POST", product.url, data=edit.fields, files=edit.files())
    body, form = request.read(), request.headers["content-type"]
    headers = [
        {"Authorization": f"Bearer {create_key(product.home)}", "Content-Type": form}
        for _ in range(KEYS)
    ]
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    async with httpx.AsyncClient(
        base_url=product.url, timeout=REQUEST_SECONDS, limits=limits
    ) as http:
        begin, sending = time.perf_counter(), []
        for number in range(math.ceil(rate * seconds)):
            await asyncio.sleep(begin + number / rate - time.perf_counter())
            sending.append(asyncio.create_task(_send(http, body, headers[number % KEYS], begin)))
        return await asyncio.gather(*sending)


async def _send(
    http: httpx.AsyncClient, body: bytes, headers: dict[str, str], begin: float
) -> Answer:
    sent = time.perf_counter() - begin
    answer = await http.post("/v1/images/edits", content=body, headers=headers)
    retry_after = answer.headers.get("retry-after")
    return Answer(
        sent,
        time.perf_counter() - begin,
        answer.status_code,
        None if retry_after is None else int(retry_after),
    )


def _table(answers: list[Answer], peak: float, seconds: float) -> Table:
    good = [a for a in answers if a.status == httpx.codes.OK]
    refused = [a for a in answers if a.status != httpx.codes.OK]
    goodput = sum(RAMP_SECONDS < a.answered <= seconds for a in good) / (seconds - RAMP_SECONDS)
    statuses = ", ".join(
        f"{n} x {status}" for status, n in Counter(a.status for a in answers).items()
    )
    retries = [a.retry_after for a in refused if a.retry_after is not None]
    late = sum(a.answered - a.sent > EDIT_SECONDS + LATEST_SECONDS for a in answers)
    table = Table("", "", title=f"Overload: {OVERLOAD} x the peak for {seconds:.0f} s, {KEYS} keys")
    table.add_row("peak, edits/s", f"{peak:.2f}")
    table.add_row("goodput, edits/s", f"{goodput:.2f}")
    table.add_row("goodput / peak", f"{goodput / peak:.2f}")
    table.add_row("answers", statuses)
    table.add_row("refused without Retry-After of 1-120", str(len(refused) - _right(retries)))
    table.add_row("Retry-After, s", f"{min(retries)} - {max(retries)}" if retries else "-")
    table.add_row("later than the deadline + 1 s", str(late))
    table.add_row("slowest answer, s", f"{max(a.answered - a.sent for a in answers):.1f}")
    return table


def _right(retries: list[int]) -> int:
    return sum(1 <= seconds <= 120 for seconds in retries)


if __name__ == "__main__":
    main()
