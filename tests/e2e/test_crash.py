"""A killed Triton, or a killed or stopped process of it, costs the edits in it and nothing else."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import pytest

from retouch.server.stubs import stubs_of
from tests.e2e.edits import post, random_edit
from tests.e2e.models import SMALL
from tests.e2e.product import Product, running
from tests.e2e.statistics import executions
from tests.e2e.test_launcher import triton_pid
from tests.export.published import Published

CLIENTS = 6
STEPS = 30
ANSWER_SECONDS = 2.0
READINESS_SECONDS = 1.0
RECOVERY_SECONDS = 90.0
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108


@pytest.fixture(scope="module")
def own_product(
    published: dict[str, Published], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """A product that these tests may damage."""
    with running(tmp_path_factory.mktemp("home"), [published[SMALL].repository]) as product:
        yield product


@dataclass
class Load:
    """Clients that send one edit after the other, and what they got."""

    product: Product
    answers: list[tuple[float, float, httpx.Response]] = field(default_factory=list)
    is_over: bool = False

    async def client(self, http: httpx.AsyncClient, seed: int) -> None:
        edit = random_edit(np.random.default_rng(seed), SMALL, num_inference_steps=STEPS)
        while not self.is_over:
            began = time.monotonic()
            answer = await post(http, edit)
            self.answers.append((began, time.monotonic(), answer))
            if answer.status_code != httpx.codes.OK:
                await asyncio.sleep(0.1)

    def successes_since(self, moment: float) -> int:
        return sum(
            began > moment and answer.status_code == httpx.codes.OK
            for began, _, answer in self.answers
        )


def process(product: Product, victim: str) -> int:
    """The process id of Triton, or of the stub of one of its models."""
    triton = triton_pid(product.process.pid)
    assert triton is not None
    if victim == "triton":
        return triton
    model = {"loop": f"/{SMALL}/1/", "engine": f"/{SMALL}.unet/1/"}[victim]
    lines = {stub.pid: Path(f"/proc/{stub.pid}/cmdline").read_text() for stub in stubs_of(triton)}
    return next(pid for pid, line in lines.items() if model in line)


async def is_ready(http: httpx.AsyncClient) -> bool:
    return (await http.get("/health/ready")).status_code == httpx.codes.OK


@pytest.mark.parametrize(
    ("victim", "blow"),
    [
        ("triton", signal.SIGKILL),
        ("loop", signal.SIGKILL),
        ("engine", signal.SIGKILL),
        ("loop", signal.SIGSTOP),  # alive, but answers no stream
    ],
)
async def test_under_load_a_blow_gives_quick_503s_until_the_service_is_back(
    own_product: Product, victim: str, blow: signal.Signals
) -> None:
    product, load = own_product, Load(own_product)
    triton = triton_pid(product.process.pid)
    assert triton is not None
    regions = {stub.region for stub in stubs_of(triton)}
    async with httpx.AsyncClient(
        base_url=product.url, headers=product.headers, timeout=120
    ) as http:
        clients = [asyncio.create_task(load.client(http, seed)) for seed in range(CLIENTS)]
        while await executions(product.triton, f"{SMALL}.unet") < 3:
            await asyncio.sleep(0.05)
        killed = time.monotonic()
        os.kill(process(product, victim), blow)
        async with asyncio.timeout(ANSWER_SECONDS):
            while await is_ready(http):
                await asyncio.sleep(0.05)
        noticed_seconds = time.monotonic() - killed
        async with asyncio.timeout(RECOVERY_SECONDS):
            while load.successes_since(killed) < CLIENTS:
                await asyncio.sleep(0.1)
        load.is_over = True
        await asyncio.gather(*clients)

    assert triton_pid(product.process.pid) != triton
    assert victim != "triton" or noticed_seconds <= READINESS_SECONDS
    failed = [answers for answers in load.answers if answers[2].status_code != httpx.codes.OK]
    assert len(failed) >= CLIENTS, "nobody noticed the kill"
    for began, ended, answer in failed:
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
        assert 1 <= int(answer.headers["retry-after"]) <= 120
        assert ended - max(began, killed) <= ANSWER_SECONDS
    assert not [region for region in regions if (SHARED_MEMORY / region).exists()]
