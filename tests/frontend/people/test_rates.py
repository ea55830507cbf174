"""Moving windows, in memory and in Redis, on a clock that the tests move."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from frontend.errors.quotas import AboveLimitError, RateExceededError, RateLimitError
from frontend.quotas.headers import duration
from frontend.quotas.rates import Kind, Quota, Rates
from frontend.quotas.redis_link import RedisLink
from tests.servers.process import free_port

WINDOW_SECONDS = 60


class Clock:
    """A clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.seconds = time.time()

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time as the windows see it: Redis too counts by its client's clock."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.fixture(params=["memory", "redis"])
async def link(request: pytest.FixtureRequest) -> AsyncIterator[RedisLink | None]:
    if request.param == "memory":
        yield None
        return
    link = RedisLink(request.getfixturevalue("redis_url"))
    yield link
    await link.close()


@pytest.fixture
async def rates(link: RedisLink | None) -> Rates:
    return Rates(link, WINDOW_SECONDS)


def quota(limit: int, key_id: str = "key_1", kind: Kind = "images") -> Quota:
    return Quota(kind, key_id, limit)


async def refused(rates: Rates, quota: Quota, cost: int) -> RateLimitError:
    with pytest.raises(RateLimitError) as caught:
        await rates.take(quota, cost)
    return caught.value


async def test_what_fits_is_counted_and_what_does_not_counts_nothing(rates: Rates) -> None:
    assert (await rates.take(quota(5), 3)).remaining == 2
    assert isinstance(await refused(rates, quota(5), 3), RateExceededError)
    assert (await rates.balance(quota(5))).remaining == 2
    assert (await rates.take(quota(5), 2)).remaining == 0


async def test_a_check_counts_nothing(rates: Rates) -> None:
    for _ in range(3):
        assert (await rates.check(quota(5), 5)).remaining == 0
    await rates.take(quota(5), 1)
    with pytest.raises(RateExceededError):
        await rates.check(quota(5), 5)


async def test_keys_and_kinds_are_counted_apart(rates: Rates) -> None:
    await rates.take(quota(1), 1)
    await rates.take(quota(1, "key_2"), 1)
    await rates.take(quota(1, kind="requests"), 1)
    await refused(rates, quota(1), 1)


async def test_no_more_than_the_limit_fits_whoever_comes_at_once(rates: Rates) -> None:
    taken = await asyncio.gather(
        *(rates.take(quota(5), 2) for _ in range(20)), return_exceptions=True
    )
    assert len([balance for balance in taken if not isinstance(balance, BaseException)]) == 2


@pytest.mark.parametrize("cost", [1, 2, 3])
async def test_after_the_named_wait_it_fits_and_shortly_before_it_does_not(
    rates: Rates, clock: Clock, cost: int
) -> None:
    for _ in range(3):  # counted at three moments
        await rates.take(quota(3), 1)
        clock.seconds += 10
    error = await refused(rates, quota(3), cost)
    wait_seconds = int(error.headers["retry-after-ms"]) / 1000
    # The n-th oldest of them leaves after so long.
    assert wait_seconds == pytest.approx(WINDOW_SECONDS - 30 + 10 * (cost - 1), abs=0.01)
    assert int(error.headers["Retry-After"]) >= wait_seconds
    clock.seconds += wait_seconds - 0.1
    await refused(rates, quota(3), cost)
    clock.seconds += 0.1
    await rates.take(quota(3), cost)


async def test_the_message_names_limit_and_current(rates: Rates) -> None:
    await rates.take(quota(5), 5)
    error = await refused(rates, quota(5), 1)
    assert str(error).startswith("Rate limit exceeded for images per minute")
    assert "Limit: 5/1min. Current: 6/1min." in str(error)
    assert error.body["error"]["type"] == "rate_limit_error"
    assert error.body["error"]["code"] == "rate_limit_exceeded"


async def test_what_never_fits_is_not_worth_a_retry(rates: Rates) -> None:
    error = await refused(rates, quota(5), 6)
    assert isinstance(error, AboveLimitError)
    assert error.headers == {"x-should-retry": "false"}


async def test_reset_is_when_more_remains(rates: Rates, clock: Clock) -> None:
    assert (await rates.balance(quota(2))).reset_seconds == 0
    await rates.take(quota(2), 1)
    clock.seconds += 1
    balance = await rates.take(quota(2), 1)
    assert 0 < balance.reset_seconds <= WINDOW_SECONDS
    clock.seconds += balance.reset_seconds + 0.01
    assert (await rates.balance(quota(2))).remaining > 0


async def test_without_redis_each_process_counts_for_itself_and_says_so_once() -> None:
    link = RedisLink(f"redis://127.0.0.1:{free_port()}")
    rates = Rates(link, WINDOW_SECONDS)
    with capture_logs() as logs:
        await rates.take(quota(1), 1)
        await refused(rates, quota(1), 1)
    assert [line["event"] for line in logs] == ["redis_gone"]
    await link.close()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (0.12, "120ms"), (1.2, "1.2s"), (1, "1s"), (59.9996, "1m0s"), (360, "6m0s")],
)
def test_a_duration_is_written_as_openai_does(seconds: float, text: str) -> None:
    assert duration(seconds) == text
