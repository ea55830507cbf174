"""The simulation against queueing theory, and against what cannot be otherwise."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.simulation import simulate
from benchmarks.traffic import Arrival, poisson

ONE_AT_A_TIME = Costs(1, 1, (1.0,), (0.1,), beside_seconds=0.0)
BATCHED = Costs(16, 2, (2.0, 8.0, 16.0), (0.02, 0.03, 0.05), beside_seconds=0.2)


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
def test_one_server_without_batches_waits_as_the_pollaczek_khinchine_formula_says(
    load: float,
) -> None:
    service = 5 * 0.1
    arrivals = poisson(load / service, 40_000, [5], 1, np.random.default_rng(1))
    outcome = simulate(arrivals, ONE_AT_A_TIME, gpus=1)
    waited = np.mean(outcome.latencies) - service
    assert waited == pytest.approx(load * service / (2 * (1 - load)), rel=0.07)
    assert outcome.busy == pytest.approx(load, rel=0.03)


def test_an_edit_that_is_alone_takes_its_steps_and_what_is_beside_them() -> None:
    outcome = simulate([Arrival(3.0, 20)], BATCHED, gpus=2)
    assert list(outcome.latencies) == pytest.approx([20 * 0.02 + 0.2])
    assert outcome.images_per_call == 1


def test_edits_that_come_together_share_their_steps() -> None:
    outcome = simulate([Arrival(0.0, 20)] * 4, BATCHED, gpus=1)
    assert outcome.percentile(100) < 1.6 * (20 * 0.02 + 0.2)


def test_full_calls_finish_what_the_costs_say() -> None:
    outcome = simulate([Arrival(0.0, 20)] * 800, BATCHED, gpus=1)
    assert outcome.images_per_second == pytest.approx(BATCHED.images_per_second(20), rel=0.01)


@given(
    st.lists(
        st.builds(Arrival, st.floats(0, 5), st.integers(1, 9), st.integers(1, 10)),
        min_size=1,
        max_size=40,
    ),
    st.integers(1, 3),
)
def test_every_edit_is_answered_and_none_sooner_than_it_can_be(
    arrivals: list[Arrival], gpus: int
) -> None:
    outcome = simulate(sorted(arrivals, key=lambda a: a.second), BATCHED, gpus)
    assert len(outcome.latencies) == len(arrivals)
    soonest = min(a.steps for a in arrivals) * BATCHED.tick(2) + BATCHED.beside_seconds
    assert min(outcome.latencies) >= soonest - 1e-9
    assert 0 < outcome.busy <= 1


@pytest.mark.parametrize("gpus", [1, 2, 3])
def test_more_gpus_make_nobody_wait_longer_on_average(gpus: int) -> None:
    arrivals = poisson(12.0, 2000, [10, 30], 2, np.random.default_rng(2))
    fewer, more = (simulate(arrivals, BATCHED, count) for count in (gpus, gpus + 1))
    assert np.mean(more.latencies) <= np.mean(fewer.latencies)


def test_costs_come_back_from_their_file(tmp_path: Path) -> None:
    BATCHED.write(tmp_path / "costs.json")
    assert Costs.read(tmp_path / "costs.json") == BATCHED
