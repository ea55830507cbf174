"""What clients do: each exchange returns what it came to, and what it may have come to."""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import httpx

from benchmarks.soak.refused import refused
from benchmarks.soak.visitor import PATH, Visitor

LONGEST_STAY_SECONDS: Final = 1.5
TWINS: Final = 3
LEFT: Final = 0  # in place of a status: the client has hung up
PAGES: Final = (
    ("/v1/models", 200),
    ("/v1/models/retouch-mini", 200),
    ("/health/live", 200),
    ("/health/ready", 200),
    ("/", 200),
    ("/keys", 200),
    ("/status", 200),
    ("/docs", 200),
    ("/openapi.json", 200),
    ("/nowhere", 404),
    ("/v1/images/results/nothing.png", 404),
)


@dataclass(frozen=True)
class Outcome:
    """How an exchange ended: an HTTP status, or `LEFT`."""

    status: int
    expected: frozenset[int]
    said: str = ""

    @property
    def is_expected(self) -> bool:
        """Whether that may be."""
        return self.status in self.expected


def _outcome(answer: httpx.Response, *expected: int) -> Outcome:
    said = "" if answer.status_code in expected else answer.text[:300]
    return Outcome(answer.status_code, frozenset(expected), said)


async def inline(visitor: Visitor) -> Outcome:
    """An edit whose pictures come in the answer."""
    return _outcome(await visitor.post(visitor.form()), 200)


async def by_url(visitor: Visitor) -> Outcome:
    """An edit whose pictures are downloaded, as a whole and in part."""
    answer = await visitor.post(visitor.form(response_format="url"))
    if answer.status_code != httpx.codes.OK:
        return _outcome(answer, 200)
    for number, image in enumerate(answer.json()["data"]):
        ranged = {"Range": "bytes=0-99"} if number % 2 else {}
        picture = await visitor.http.get(image["url"], headers=ranged)
        if not picture.is_success:
            return _outcome(picture, 200, 206)
    return _outcome(answer, 200)


async def stream(visitor: Visitor) -> Outcome:
    """An edit as a stream with previews, which is read slowly."""
    form = visitor.form(stream="true", partial_images=visitor.rng.integers(4))
    async with visitor.http.stream(
        "POST", PATH, **form.request(), headers=visitor.headers()
    ) as answer:
        completed = 0
        async for line in answer.aiter_lines():
            completed += line == "event: image_edit.completed"
            await visitor.pause(0.002)
    whole = completed == int(form.fields["n"])
    said = "" if whole else f"{completed} of {form.fields['n']} pictures"
    return Outcome(answer.status_code, frozenset({200} if whole else ()), said)


async def left(visitor: Visitor) -> Outcome:
    """An edit, plain or as a stream, whose client hangs up."""
    streamed = visitor.rng.random() < 0.5
    form = visitor.form(num_inference_steps=30, n=2, **({"stream": "true"} if streamed else {}))
    stay_seconds = visitor.rng.uniform(0, LONGEST_STAY_SECONDS)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(stay_seconds):
            return _outcome(await visitor.post(form), 200)
    return Outcome(LEFT, frozenset({LEFT}))


async def limited(visitor: Visitor) -> Outcome:
    """An edit with the key that may ask for few."""
    return _outcome(
        await visitor.post(visitor.form(n=1), visitor.headers(visitor.keys.tight)), 200, 429
    )


async def twins(visitor: Visitor) -> Outcome:
    """The same edit several times at once, and once more, by one idempotency key."""
    form, headers = visitor.form(n=1), visitor.headers(**{"Idempotency-Key": uuid.uuid4().hex})
    answers = await asyncio.gather(*(visitor.post(form, headers) for _ in range(TWINS)))
    answers.append(await visitor.post(form, headers))
    alike = len({answer.content for answer in answers}) == 1
    outcome = _outcome(answers[-1], 200)
    return outcome if alike else Outcome(outcome.status, frozenset(), "twins differ")


async def bad(visitor: Visitor) -> Outcome:
    """A request that must be refused."""
    answer, status = await refused(visitor)
    return _outcome(answer, status)


async def page(visitor: Visitor) -> Outcome:
    """Anything that is not an edit."""
    path, status = PAGES[visitor.rng.integers(len(PAGES))]
    return _outcome(await visitor.http.get(path, headers=visitor.headers()), status)


Exchange = Callable[[Visitor], Awaitable[Outcome]]
# How often each is done, of a hundred.
SHARES: Final[Mapping[Exchange, int]] = {
    inline: 18,
    by_url: 18,
    stream: 14,
    left: 14,
    limited: 4,
    twins: 4,
    bad: 12,
    page: 16,
}
