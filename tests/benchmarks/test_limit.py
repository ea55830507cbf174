"""What is made of a floor, a burst and a steady state."""

import pytest

from benchmarks.limit.burst import Burst
from benchmarks.limit.floor import Floor
from benchmarks.limit.loop_time import LoopTime
from benchmarks.limit.steady import Steady
from benchmarks.limit.table import checks_of
from benchmarks.load import Work
from benchmarks.measurement import Measurement

EDITS, STEPS = 4, 10
WORK = Work("any", 256, STEPS, EDITS)
FLOOR = Floor(unet=1.0, encode=0.5, decode=2.0)  # 20 s in all, 14 s until the first
BEFORE = {"ticks": 5.0, "ticked_images": 9.0, "busy_seconds": 2.0, "engine_seconds": 1.0}
BEFORE |= {"encode_seconds": 0.0, "decode_seconds": 3.0}
AFTER = {"ticks": 15.0, "ticked_images": 49.0, "busy_seconds": 12.5, "engine_seconds": 11.0}
AFTER |= {"encode_seconds": 4.0, "decode_seconds": 9.0}
LOOP = LoopTime.between(BEFORE, AFTER)


def burst(first: float, last: float) -> Burst:
    return Burst(Measurement(last, (last, first, last, last), images=EDITS), LOOP)


def steady(images_per_tick: float) -> Steady:
    loop = LoopTime(ticks=100, images=100 * images_per_tick, busy=60, engine=60, around=30)
    return Steady(clients=EDITS, seconds=60, loop=loop, elsewhere=15)


def test_a_tick_costs_beside_the_unet_what_the_loop_was_busy_longer_than_the_engine() -> None:
    assert LOOP.overhead == pytest.approx(0.05)
    assert LOOP.overhead_seconds == pytest.approx(0.05)
    assert LOOP.images_per_tick == 4


def test_images_at_the_encoders_the_decoder_and_the_frontend_are_not_live() -> None:
    assert steady(3.0).live == EDITS - (30 + 15) / 60


def test_a_product_as_fast_as_its_engines_keeps_to_all_bars() -> None:
    rounds = [(FLOOR, burst(14, 20)), (FLOOR, burst(14, 20))]
    throughput, overhead, first, occupancy = checks_of(rounds, steady(3.2), WORK)
    assert throughput.ratios == [1, 1]
    assert first.ratios == [1, 1]
    assert occupancy.ratios == pytest.approx([3.2 / 3.25])
    assert [check.is_met for check in (throughput, overhead, first, occupancy)] == [
        True,
        False,  # 0.05
        True,
        True,
    ]


def test_the_median_of_the_rounds_decides() -> None:
    slow = [(FLOOR, burst(14, 20)), (FLOOR, burst(28, 40)), (FLOOR, burst(28, 40))]
    throughput, _, first, occupancy = checks_of(slow, steady(3.0), WORK)
    assert not throughput.is_met
    assert not first.is_met
    assert not occupancy.is_met
