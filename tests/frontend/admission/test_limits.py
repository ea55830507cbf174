"""Who is refused, when, and what it is told."""

import asyncio
from dataclasses import replace
from random import Random

import pytest

from frontend.admission.limits import Limits
from frontend.errors.service import DrainingError
from tests.frontend.admission.simulation import (
    IMAGES_PER_SECOND,
    LIMITS,
    MODEL,
    STEPS,
    Outcome,
    Simulation,
    demand,
    now,
)
from tests.frontend.admission.virtual_time import run

PLACES = 16
SHORT = Limits(waiting_images=1000, wait_seconds=4.0, edit_seconds=10.0)


def retry_after(outcome: Outcome) -> int:
    assert outcome.refusal is not None
    headers = outcome.refusal.headers
    assert float(headers["retry-after-ms"]) / 1000 <= int(headers["Retry-After"])
    return int(headers["Retry-After"])


async def settled(simulation: Simulation) -> None:
    """Let the queue learn the model's pace."""
    await asyncio.gather(*(simulation.edit(demand("warm-up")) for _ in range(60)))


def test_the_wait_that_is_foretold_is_the_wait_that_comes() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        await settled(simulation)
        counts = [1 + 7 * number % 10 for number in range(50)]
        outcomes = await asyncio.gather(*(simulation.edit(demand(images=n)) for n in counts))
        waited = [outcome for outcome in outcomes if outcome.standings]
        assert len(waited) > 40
        for outcome in waited:
            foretold = outcome.standings[0].seconds
            assert foretold is not None
            assert foretold == pytest.approx(outcome.wait_seconds, rel=0.1, abs=0.75)

    run(scenario())


def test_the_wait_is_foretold_as_well_after_many_clients_have_left() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        await settled(simulation)
        rng = Random(3)  # noqa: S311
        for number in range(300):  # twice what the model can do; three of four leave
            edit = simulation.send(demand())
            if number % 4:
                asyncio.get_running_loop().call_later(rng.uniform(0, 1), edit.cancel)
            await asyncio.sleep(0.5 / IMAGES_PER_SECOND)
        outcomes = await asyncio.gather(*(simulation.edit(demand()) for _ in range(100)))
        foretold = [outcome.standings[0].seconds for outcome in outcomes if outcome.standings]
        waited = [outcome.wait_seconds for outcome in outcomes if outcome.standings]
        assert None not in foretold
        assert sum(filter(None, foretold)) == pytest.approx(sum(waited), rel=0.2)

    run(scenario())


def test_the_standing_falls_while_an_edit_waits() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        outcomes = await asyncio.gather(*(simulation.edit(demand()) for _ in range(100)))
        standings = outcomes[-1].standings
        assert standings[0].edits_ahead == standings[0].images_ahead == 99 - PLACES
        ahead = [standing.edits_ahead for standing in standings]
        assert ahead == sorted(ahead, reverse=True)
        assert len(set(ahead)) >= 4

    run(scenario())


def test_an_edit_that_would_wait_too_long_is_refused_at_once_and_told_when_the_queue_is_done() -> (
    None
):
    async def scenario() -> None:
        simulation = Simulation(SHORT)
        await settled(simulation)
        edits = [simulation.send(demand()) for _ in range(150)]
        await asyncio.sleep(0.001)
        refused = [edit.result() for edit in edits if edit.done()]
        assert len(refused) == pytest.approx(150 - PLACES - 4 * IMAGES_PER_SECOND, abs=10)
        in_queue = 150 - len(refused)
        for outcome in refused:
            assert retry_after(outcome) == pytest.approx(in_queue / IMAGES_PER_SECOND, abs=1)
        await asyncio.gather(*edits)

    run(scenario())


@pytest.mark.parametrize("times", [1, 4])
def test_nobody_is_refused_because_the_first_image_of_a_batch_took_as_long_as_all(
    times: int,
) -> None:
    async def scenario() -> None:
        # Which does not know the model's pace yet; the edits have more steps than the model's own.
        simulation = Simulation(replace(SHORT, wait_seconds=3.0 * times))

        async def client() -> list[Outcome]:
            asked = demand(steps=STEPS * times)
            return [await simulation.edit(asked) for _ in range(3)]

        outcomes = await asyncio.gather(*(client() for _ in range(40)))
        assert not [outcome for edits in outcomes for outcome in edits if outcome.refusal]

    run(scenario())


def test_an_edit_that_has_waited_too_long_is_refused_then_and_no_later() -> None:
    async def scenario() -> None:
        simulation = Simulation(SHORT)  # which does not know the model's pace yet
        outcomes = await asyncio.gather(*(simulation.edit(demand()) for _ in range(150)))
        refused = [outcome for outcome in outcomes if outcome.refusal]
        assert refused
        for outcome in refused:
            assert outcome.ended_at == pytest.approx(SHORT.wait_seconds)
            assert 1 <= retry_after(outcome) <= 120

    run(scenario())


def test_a_full_queue_refuses_the_newcomer() -> None:
    async def scenario() -> None:
        simulation = Simulation(replace(LIMITS, waiting_images=5))
        edits = [simulation.send(demand()) for _ in range(PLACES + 7)]
        await asyncio.sleep(0.001)
        assert [edit.done() for edit in edits] == [False] * (PLACES + 5) + [True] * 2
        assert all(1 <= retry_after(edit.result()) <= 120 for edit in edits[-2:])
        await asyncio.gather(*edits)

    run(scenario())


def test_in_a_full_queue_the_greediest_keys_newest_edit_gives_way_to_another_keys_first() -> None:
    async def scenario() -> None:
        simulation = Simulation(replace(LIMITS, waiting_images=5))
        greedy = [simulation.send(demand("greedy")) for _ in range(PLACES + 5)]
        await asyncio.sleep(0.001)
        modest = simulation.send(demand("modest"))
        await asyncio.sleep(0.001)
        assert [edit.done() for edit in greedy] == [False] * (PLACES + 4) + [True]
        assert 1 <= retry_after(greedy[-1].result()) <= 120
        assert (await modest).refusal is None
        await asyncio.gather(*greedy)

    run(scenario())


def test_at_three_times_the_capacity_the_model_does_as_much_as_at_its_peak() -> None:
    seconds = 60.0

    async def load(rate: float) -> list[Outcome]:
        simulation = Simulation(SHORT)
        edits: list[asyncio.Task[Outcome]] = []
        while now() < seconds:
            edits.append(simulation.send(demand(f"key-{len(edits) % 5}")))
            await asyncio.sleep(1 / rate)
        return await asyncio.gather(*edits)

    peak = sum(outcome.refusal is None for outcome in run(load(IMAGES_PER_SECOND)))
    outcomes = run(load(3 * IMAGES_PER_SECOND))
    answered = [outcome for outcome in outcomes if outcome.refusal is None]
    assert len(answered) >= 0.95 * peak
    assert len(answered) < 0.5 * len(outcomes)
    for outcome in outcomes:
        assert outcome.ended_at is not None
        assert outcome.ended_at - outcome.arrived_at <= SHORT.edit_seconds
        assert outcome.refusal is None or 1 <= retry_after(outcome) <= 120


def test_the_state_counts_what_waits_runs_and_was_done() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        edits = [simulation.send(demand(images=2)) for _ in range(10)]
        await asyncio.sleep(0.01)
        [state] = simulation.admission.state
        assert state.model == MODEL.id
        assert (state.running_edits, state.running_images) == (8, 16)
        assert (state.waiting_edits, state.waiting_images) == (2, 4)
        assert (state.images_per_minute, state.mean_wait_seconds) == (0, 0.0)
        await asyncio.gather(*edits)
        [state] = simulation.admission.state
        assert (state.running_edits, state.waiting_edits, state.images_per_minute) == (0, 0, 20)
        assert state.mean_wait_seconds is not None
        assert 0 < state.mean_wait_seconds < 2
        await asyncio.sleep(61)
        [state] = simulation.admission.state
        assert (state.images_per_minute, state.mean_wait_seconds) == (0, None)

    run(scenario())


def test_a_draining_server_finishes_what_it_accepted_and_refuses_the_rest() -> None:
    async def scenario() -> None:
        simulation = Simulation()
        edits = [simulation.send(demand()) for _ in range(PLACES + 20)]
        await asyncio.sleep(0.01)
        simulation.admission.drain()
        with pytest.raises(DrainingError) as refusal:
            await simulation.edit(demand())
        assert refusal.value.headers["Connection"] == "close"
        await simulation.admission.idle()
        await asyncio.sleep(0)
        assert all(edit.done() and edit.result().refusal is None for edit in edits)

    run(scenario())
