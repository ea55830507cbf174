"""What is made of a load's latencies and counts."""

import pytest

from benchmarks.measurement import Measurement
from benchmarks.stages import Snapshot, Stages

TWO_EDITS = Measurement(4.0, (1.0, 3.0), images=6, image_steps=60, unet_calls=20)


def test_throughput_is_what_was_answered_in_the_whole_time() -> None:
    assert TWO_EDITS.edits_per_second == 0.5
    assert TWO_EDITS.images_per_second == 1.5


def test_images_of_a_call_are_their_steps_by_the_calls() -> None:
    assert TWO_EDITS.images_per_call == 3
    assert Measurement(1.0, (1.0,), images=1).images_per_call is None


def test_edits_under_way_follow_littles_law() -> None:
    clients, seconds = 5, 0.25
    busy = Measurement(10 * seconds, (seconds,) * 10 * clients, images=10 * clients)
    assert busy.edits_under_way == pytest.approx(clients)


def _snapshot(frontend: dict[str, float], loop: dict[str, float], times: int) -> Snapshot:
    scaled = (
        {name: times * seconds for name, seconds in each.items()} for each in (frontend, loop)
    )
    return Snapshot(*scaled)


def test_stages_of_an_edit_add_up_to_what_its_client_waited() -> None:
    frontend = {"queue": 0.4, "decode": 0.2, "denoise": 3.0}
    loop = {"unet_seconds": 1.2, "busy_seconds": 1.5, "encode_seconds": 0.6, "decode_seconds": 0.9}
    begin, end = (_snapshot(frontend, loop, n) for n in (7, 8))
    stages = Stages.of(TWO_EDITS, begin, end)
    assert sum(stages.edit.values()) == pytest.approx(2.0)
    assert stages.edit["denoise"] == 1.5
    assert stages.edit["rest"] == pytest.approx(0.2)
    assert stages.image == pytest.approx({"unet": 0.2, "loop": 0.05, "encode": 0.1, "decode": 0.15})
