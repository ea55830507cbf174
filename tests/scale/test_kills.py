"""Whichever process is killed under load, the official client's users notice nothing."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest

from retouch.server.stubs import stubs_of
from tests.scale.cluster import FRONTENDS, MODEL, TRITONS, Cluster
from tests.scale.load import CLIENTS, Load, load
from tests.scale.service import Service

ANSWER_SECONDS = 2.0
# A dead process' connections close by themselves, but who holds their other ends must get to it.
NOTICE_SECONDS = 0.5
RETURN_SECONDS = 5.0
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Victim:
    """What is killed, and how the service goes on without it.

    Attributes:
        name: of the service that has the process.
        kill: does it.
        is_noticed_at_once: whether nothing is sent there any more when its connections are closed.
    """

    name: str
    kill: Callable[[Service], None]
    is_noticed_at_once: bool = True


def kill_loop(triton: Service) -> None:
    """Kill the process of the denoise loop: its Triton lives on, and does not notice."""
    [loop] = [stub for stub in stubs_of(triton.pid) if stub.model == MODEL]
    os.kill(loop.pid, signal.SIGKILL)


VICTIMS = [
    *(Victim(name, Service.kill) for name in (*FRONTENDS, *TRITONS)),
    Victim(TRITONS[0], kill_loop, is_noticed_at_once=False),
]


@pytest.mark.parametrize("victim", VICTIMS, ids=lambda v: f"{v.name}-{v.kill.__name__}")
async def test_a_kill_costs_the_edits_there_a_503_and_their_retries_succeed(
    cluster: Cluster, key: str, victim: Victim
) -> None:
    service = {**cluster.frontends, **cluster.tritons}[victim.name]
    async with asyncio.timeout(PATIENCE_SECONDS), load(cluster, key) as seen:
        if victim.name in TRITONS:
            await seen.all_begin_and_reach(cluster, victim.name)
        else:
            await seen.all_begin()
        killed = time.monotonic()
        victim.kill(service)
        noticed = time.monotonic() + NOTICE_SECONDS
        await seen.more_calls()
        try:
            check(seen, killed, noticed, victim)
        finally:  # the others are to find it
            await asyncio.to_thread(service.restart)
        before = await usage(cluster, victim.name)
        async with asyncio.timeout(RETURN_SECONDS):
            while await usage(cluster, victim.name) == before:
                await asyncio.sleep(0.1)


def check(seen: Load, killed: float, noticed: float, victim: Victim) -> None:
    """The edits at the victim, and no others, were answered with 503 in time."""
    there = [attempt for attempt in seen.attempts if attempt.began <= killed < attempt.ended]
    assert len(there) == CLIENTS
    assert 0 < sum(not attempt.is_success for attempt in there) < CLIENTS
    for failed in seen.failures():
        assert failed.ended > killed
        assert failed.answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, failed.answer.text
        assert failed.error["code"] == "service_unavailable"
        assert 1 <= int(failed.answer.headers["retry-after"]) <= 120
        assert failed.ended - max(failed.began, killed) <= ANSWER_SECONDS
        assert failed.began <= noticed or not victim.is_noticed_at_once


async def usage(cluster: Cluster, name: str) -> int:
    """How much a service has done."""
    if name in cluster.tritons:
        return await cluster.steps_done(name)
    lines = map(json.loads, cluster.proxy.log.read_text().splitlines())
    address = cluster.frontends[name].host.address
    served = (line for line in lines if line["status"] == httpx.codes.OK)
    return sum(str(line["frontend"]).startswith(f"{address}:") for line in served)
