"""Steps that reuse the deep features of an earlier one: whose they are, and when they are made."""

import numpy as np
import pytest

from retouch.denoise import Edit, Model, UNetRows
from retouch.schedulers import FloatArray
from tests.retouch.denoise.conftest import StartLoop
from tests.retouch.denoise.fakes import Client, FakeEngines, Gate, deep_features, edit, model
from tests.retouch.denoise.test_loop import alone, assert_same_images, run, wait_until


class Calls:
    """Remembers the UNet's inputs; use it as `on_unet`."""

    def __init__(self) -> None:
        self.rows: list[UNetRows] = []

    def __call__(self, rows: UNetRows) -> None:
        """Copies them: the loop uses its arrays again."""
        given = {name: tensor for name, tensor in rows._asdict().items() if tensor is not None}
        self.rows.append(rows._replace(**{name: np.array(given[name]) for name in given}))

    @property
    def are_whole(self) -> list[bool]:
        """Of each call, whether it is of the whole UNet."""
        return [rows.features is None for rows in self.rows]


def caching(interval: int, guidance_end: float = 1.0) -> Model:
    """A model that keeps features for so many steps."""
    return model(cache_interval=interval, guidance_end=guidance_end)


def calls_of(start_loop: StartLoop, numbers: Model, one: Edit) -> Calls:
    """The UNet calls of an edit alone."""
    calls = Calls()
    run(start_loop(numbers, FakeEngines(on_unet=calls, keeps_features=True)), one)
    return calls


def features_of(rows: UNetRows) -> FloatArray:
    """Those of a shallow call."""
    assert rows.features is not None
    return rows.features


@pytest.mark.parametrize(
    ("interval", "steps", "whole"),
    [(1, 3, [1, 1, 1]), (2, 5, [1, 0, 1, 0, 1]), (3, 5, [1, 0, 0, 1, 0]), (9, 3, [1, 0, 0])],
)
def test_the_first_of_every_interval_of_an_image_is_a_whole_step(
    interval: int, steps: int, whole: list[int], start_loop: StartLoop
) -> None:
    assert calls_of(start_loop, caching(interval), edit(steps=steps)).are_whole == whole


def test_a_strength_below_1_begins_with_a_whole_step(start_loop: StartLoop) -> None:
    calls = calls_of(start_loop, caching(2), edit(steps=8, strength=0.6))
    assert calls.are_whole == [True, False, True, False]


def test_shallow_steps_take_the_features_of_the_last_whole_one(start_loop: StartLoop) -> None:
    first, *shallow = calls_of(start_loop, caching(3), edit(steps=3, n=2)).rows
    for call in shallow:
        np.testing.assert_array_equal(features_of(call), deep_features(first))


def test_features_lose_the_negative_prompts_row_when_guidance_ends(start_loop: StartLoop) -> None:
    numbers = caching(3, guidance_end=0.5)
    whole, guided, unguided = calls_of(start_loop, numbers, edit(steps=3)).rows
    assert [len(rows.latents) for rows in (whole, guided, unguided)] == [2, 2, 1]
    np.testing.assert_array_equal(features_of(unguided), deep_features(whole)[1:])


def test_images_that_are_at_different_steps_share_calls_of_their_kind(
    start_loop: StartLoop,
) -> None:
    gate = Gate()
    loop = start_loop(caching(2), FakeEngines(on_unet=gate, keeps_features=True))
    early, late, latest = edit(0, steps=4), edit(1, steps=3), edit(2, steps=2)
    clients = [Client() for _ in range(3)]
    loop.submit(early, clients[0])
    gate.next_call()
    loop.submit(late, clients[1])
    loop.submit(latest, clients[2])
    wait_until(lambda: loop.waiting_images == 2)
    gate.let_through(100)
    for one, client in zip((early, late, latest), clients, strict=True):
        assert_same_images(client.wait(), alone(one, caching(2)))
    kinds = [(len(rows.latents), rows.features is None) for rows in gate.rows]
    # Of each tick first the one that came first: it is a step ahead of the other two.
    first, *ticks = kinds
    assert first == (2, True)
    assert ticks == [(2, False), (4, True), (2, True), (4, False), (2, False), (2, True)]


def test_who_stays_keeps_its_features_when_another_leaves_between_whole_steps(
    start_loop: StartLoop,
) -> None:
    gate = Gate()
    loop = start_loop(caching(3), FakeEngines(on_unet=gate, keeps_features=True))
    leaving, staying = Client(), Client()
    one = edit(1, steps=5, previews=2)
    loop.submit(edit(0, steps=50), leaving)
    gate.next_call()
    loop.submit(one, staying)
    wait_until(lambda: loop.waiting_images == 1)
    gate.let_through(4)
    leaving.has_left = True
    gate.let_through(100)
    assert_same_images(staying.wait(), alone(one, caching(3)))
    assert [step for _, step in staying.previews] == [1, 3]
    assert leaving.wait().images == {}


def test_an_interval_below_1_is_refused() -> None:
    with pytest.raises(ValueError, match="cache_interval = 0"):
        caching(0)
