"""Who starts when."""

import asyncio

import pytest

from tests.frontend.admission.simulation import MODEL, STEPS, TICK_SECONDS, Simulation, demand
from tests.frontend.admission.virtual_time import run

BATCH_SECONDS = STEPS * TICK_SECONDS
PLACES = 16  # the loop's 8 rows and as many again


def test_an_edit_that_need_not_wait_starts_at_once_and_hears_of_no_queue() -> None:
    async def scenario() -> None:
        outcome = await Simulation().edit(demand())
        assert (outcome.wait_seconds, outcome.standings) == (0, [])

    run(scenario())


def test_edits_of_one_key_start_in_the_order_in_which_they_came() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        edits = [simulation.send(demand(images=1 + number % 3)) for number in range(40)]
        outcomes = await asyncio.gather(*edits)
        starts = [outcome.started_at for outcome in outcomes]
        assert starts == sorted(starts, key=lambda start: start or 0)

    run(scenario())


@pytest.mark.parametrize("images", [1, 10])
def test_a_key_with_fifty_waiting_edits_does_not_hold_up_another_keys_first(images: int) -> None:
    async def scenario() -> None:
        simulation = Simulation()
        rest = [simulation.send(demand("greedy")) for _ in range(PLACES + 50)]
        await asyncio.sleep(0.01)
        modest = await simulation.edit(demand("modest", images))
        assert modest.wait_seconds <= BATCH_SECONDS
        assert [standing.edits_ahead for standing in modest.standings] == [0]
        await asyncio.gather(*rest)

    run(scenario())


def test_large_and_small_edits_of_two_keys_share_the_model_by_images() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        rest = [simulation.send(demand("large", 10)) for _ in range(40)]
        rest += [simulation.send(demand("small", 1)) for _ in range(400)]
        await asyncio.sleep(40 * BATCH_SECONDS)
        large, small = (
            simulation.images_done(key, 20 * BATCH_SECONDS) for key in ("large", "small")
        )
        assert large + small >= 0.9 * 20 * MODEL.max_rows
        assert abs(large - small) <= 20  # two of the large edits
        for edit in rest:
            edit.cancel()

    run(scenario())


def test_a_large_edit_is_not_overtaken_by_small_ones_that_come_later() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        rest = [simulation.send(demand()) for _ in range(PLACES)]
        large = simulation.send(demand(images=10))
        rest += [simulation.send(demand()) for _ in range(100)]
        assert (await large).wait_seconds <= BATCH_SECONDS
        for edit in rest:
            edit.cancel()

    run(scenario())


def test_a_key_that_was_alone_before_does_not_pay_for_it() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        await asyncio.gather(*(simulation.edit(demand("early")) for _ in range(100)))
        rest = [simulation.send(demand("late")) for _ in range(PLACES + 50)]
        await asyncio.sleep(0.01)
        assert (await simulation.edit(demand("early"))).wait_seconds <= BATCH_SECONDS
        for edit in rest:
            edit.cancel()

    run(scenario())


def test_the_loop_is_full_as_long_as_anybody_waits() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        counts = [1 + number % 10 for number in range(60)]
        await asyncio.gather(*(simulation.edit(demand(images=count)) for count in counts))
        ticks = simulation.loop.rows_of_ticks
        assert sum(ticks) == sum(counts) * STEPS
        assert ticks[: -2 * STEPS] == [MODEL.max_rows] * (len(ticks) - 2 * STEPS)

    run(scenario())


def test_when_a_waiting_client_leaves_those_behind_move_up_at_once() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        edits = [simulation.send(demand()) for _ in range(PLACES + 3)]
        await asyncio.sleep(0.01)
        assert simulation.admission.state[0].waiting_edits == 3
        edits[PLACES].cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert simulation.admission.state[0].waiting_edits == 2
        last = await edits[-1]
        assert [standing.edits_ahead for standing in last.standings] == [2]
        assert last.wait_seconds <= BATCH_SECONDS

    run(scenario())


def test_when_a_running_client_leaves_its_room_is_free_at_once() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        edits = [simulation.send(demand()) for _ in range(PLACES + 1)]
        await asyncio.sleep(0.01)
        edits[0].cancel()
        outcome = await edits[-1]
        assert outcome.wait_seconds == pytest.approx(0.01)

    run(scenario())
