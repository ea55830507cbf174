"""Clients that edit all the time with the official client, and every answer that they got."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx  # the official client's
from openai import AsyncOpenAI

from tests.frontend.samples import mask_with_hole, noise, png_of
from tests.scale.cluster import Cluster

CLIENTS = 8
STEPS = 12  # long enough for a kill to come in the middle
IMAGE = png_of(noise(256))
MASK = png_of(mask_with_hole(256, 100, 120, 140, 150))


@dataclass(frozen=True)
class Attempt:
    """One request over the wire; times are monotonic seconds."""

    client: int
    began: float
    ended: float
    answer: httpx.Response

    @property
    def is_success(self) -> bool:
        """Whether it was carried out."""
        return self.answer.status_code == httpx.codes.OK

    @property
    def error(self) -> dict[str, Any]:
        """OpenAI's error object."""
        error: dict[str, Any] = json.loads(self.answer.content)["error"]
        return error


@dataclass
class Load:
    """What has happened.

    Attributes:
        attempts: all requests, in the order of their answers.
        calls: of each client, how many edits the official client has returned.
        waiting: the clients that wait for an answer.
        resting: the clients that wait until they may begin another edit.
        may_begin: whether they may.
    """

    attempts: list[Attempt] = field(default_factory=list)
    calls: list[int] = field(default_factory=lambda: [0] * CLIENTS)
    waiting: set[int] = field(default_factory=set)
    resting: set[int] = field(default_factory=set)
    may_begin: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def failures(self) -> list[Attempt]:
        """The requests that were not carried out."""
        return [attempt for attempt in self.attempts if not attempt.is_success]

    async def all_begin(self) -> None:
        """Have all clients begin an edit at once, and wait until every one waits for its answer.

        A proxy that takes servers in turn gives each of them its share then. At any other moment a
        slow one could have them all.
        """
        await self._all_rest()
        await self._begin()

    async def all_begin_and_reach(self, cluster: Cluster, triton: str) -> None:
        """The same, until a Triton has done a step of those that it gets."""
        await self._all_rest()
        before = await cluster.steps_done(triton)
        await self._begin()
        while await cluster.steps_done(triton) == before:
            await asyncio.sleep(0.001)

    async def _all_rest(self) -> None:
        self.may_begin.clear()
        while len(self.resting) < CLIENTS:
            await asyncio.sleep(0.001)

    async def _begin(self) -> None:
        self.may_begin.set()
        while len(self.waiting) < CLIENTS:
            await asyncio.sleep(0.001)

    async def more_calls(self, count: int = 2) -> None:
        """Wait until every client has got that many more pictures; the second was begun since."""
        wanted = [calls + count for calls in self.calls]
        while any(got < want for got, want in zip(self.calls, wanted, strict=True)):
            await asyncio.sleep(0.05)


class _Recorder(httpx.AsyncHTTPTransport):
    """Takes down what goes over the wire below the official client."""

    def __init__(self, load: Load, client: int, **options: Any) -> None:
        super().__init__(**options)
        self._load = load
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        began = time.monotonic()
        self._load.waiting.add(self._client)
        answer = await super().handle_async_request(request)
        await answer.aread()
        self._load.waiting.remove(self._client)
        self._load.attempts.append(Attempt(self._client, began, time.monotonic(), answer))
        return answer


@asynccontextmanager
async def load(cluster: Cluster, key: str) -> AsyncIterator[Load]:
    """Let the clients edit until the end of the context; raises what the official client raises."""
    seen = Load()
    seen.may_begin.set()
    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(_edit_all_the_time(cluster, key, seen, number))
        await seen.more_calls(1)  # all are under way, and have connections
        yield seen
        seen.is_over = True


async def _edit_all_the_time(cluster: Cluster, key: str, seen: Load, number: int) -> None:
    recorder = _Recorder(seen, number, verify=cluster.proxy.tls)
    async with AsyncOpenAI(  # with as many retries as it has by itself
        base_url=f"{cluster.proxy.url}/v1",
        api_key=key,
        http_client=httpx.AsyncClient(transport=recorder, timeout=60),
    ) as openai:
        while not seen.is_over:
            seen.resting.add(number)
            await seen.may_begin.wait()
            seen.resting.remove(number)
            result = await openai.images.edit(
                image=IMAGE,
                mask=MASK,
                prompt="a red circle",
                model="retouch-mini",
                size="256x256",
                response_format="b64_json",
                extra_body={"num_inference_steps": STEPS, "guidance_scale": 1.0},
            )
            assert result.data
            assert result.data[0].b64_json
            seen.calls[number] += 1
