"""The in-flight set: who joins, who leaves, and what it costs."""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouch.denoise import DenoiseLoop, Edit, Model, UNetRows
from tests.retouch.denoise.conftest import StartLoop
from tests.retouch.denoise.fakes import (
    CHANNELS,
    PATIENCE_SECONDS,
    Client,
    FakeEngines,
    Gate,
    edit,
    model,
)

LONG_PROMPT = "a very long prompt " * 3  # two chunks for the fake encoder


def run(loop: DenoiseLoop, *edits: Edit) -> list[Client]:
    """Submits all edits at once and waits for the answers."""
    clients = [Client() for _ in edits]
    for one, client in zip(edits, clients, strict=True):
        loop.submit(one, client)
    return [client.wait() for client in clients]


def alone(one: Edit, numbers: Model | None = None) -> Client:
    """An edit's answers when nobody else is there."""
    loop = DenoiseLoop(numbers or model(), FakeEngines(keeps_features=True))
    try:
        return run(loop, one)[0]
    finally:
        loop.close()


def assert_same_images(client: Client, expected: Client) -> None:
    assert client.errors == []
    assert client.images.keys() == expected.images.keys()
    for index, image in client.images.items():
        np.testing.assert_array_equal(image, expected.images[index])


def test_eight_images_of_twenty_steps_take_at_most_25_calls(start_loop: StartLoop) -> None:
    engines = FakeEngines(on_unet=lambda _: time.sleep(0.005))
    clients = run(start_loop(model(), engines), *(edit(seed, steps=20) for seed in range(8)))
    assert all(client.errors == [] and len(client.images) == 1 for client in clients)
    assert sum(engines.unet_rows) == 8 * 20 * 2
    assert len(engines.unet_rows) <= 25


@settings(max_examples=25, deadline=None)
@given(
    joins_at_call=st.lists(st.integers(0, 8), min_size=1, max_size=5),
    steps=st.lists(st.integers(1, 7), min_size=6, max_size=6),
    inpainting=st.booleans(),
    ancestral=st.booleans(),
    cache_interval=st.integers(1, 3),
)
def test_an_image_alone_equals_the_image_in_company(
    joins_at_call: list[int],
    steps: list[int],
    cache_interval: int,
    *,
    inpainting: bool,
    ancestral: bool,
) -> None:
    name = "EulerAncestralDiscreteScheduler" if ancestral else "DDIMScheduler"
    channels = 2 * CHANNELS + 1 if inpainting else CHANNELS
    numbers = model(
        {"_class_name": name, "clip_sample": False},
        unet_channels=channels,
        max_rows=6,
        cache_interval=cache_interval,
        guidance_end=0.5,
    )
    edits = [
        edit(k, n=1 + k % 2, steps=steps[k], guidance=1 + k % 3, strength=1 if k % 2 else 0.5)
        for k in range(len(joins_at_call))
    ]
    edits.append(edit(99, prompt=LONG_PROMPT))
    clients = [Client() for _ in edits]
    due: dict[int, list[int]] = {}
    for k, call in enumerate(joins_at_call, start=1):
        due.setdefault(call, []).append(k)

    def submit_due(call: int) -> None:
        for k in due.pop(call, []):
            loop.submit(edits[k], clients[k])

    engines = FakeEngines(on_unet=lambda _: submit_due(len(engines.unet_rows)), keeps_features=True)
    loop = DenoiseLoop(numbers, engines)
    loop.submit(edits[0], clients[0])
    clients[0].wait()
    for call in list(due):
        submit_due(call)
    for one, client in zip(edits, clients, strict=True):
        assert_same_images(client.wait(), alone(one, numbers))
    loop.close()
    assert max(engines.unet_rows) <= 6


def test_a_newcomer_joins_at_the_next_step(start_loop: StartLoop) -> None:
    gate = Gate()
    loop = start_loop(model(), FakeEngines(on_unet=gate))
    first, second = Client(), Client()
    loop.submit(edit(0, steps=4), first)
    assert len(gate.next_call().latents) == 2
    loop.submit(edit(1, steps=2, guidance=1.0), second)
    wait_until(lambda: loop.waiting_images == 1)
    gate.let_through()
    assert len(gate.next_call().latents) == 3
    gate.let_through(10)
    first.wait()
    second.wait()
    assert [len(rows.latents) for rows in gate.rows] == [2, 3, 3, 2]


def test_embeddings_are_stacked_anew_only_when_somebody_joins_or_leaves(
    start_loop: StartLoop,
) -> None:
    gate = Gate()
    loop = start_loop(model(), FakeEngines(on_unet=gate))
    first, second = Client(), Client()
    loop.submit(edit(0, steps=6), first)
    gate.next_call()
    loop.submit(edit(1, steps=2), second)
    wait_until(lambda: loop.waiting_images == 1)
    gate.let_through(6)
    first.wait()
    second.wait()
    stacked = [id(rows.embeddings) for rows in gate.rows]
    assert [stacked.index(one) for one in stacked] == [0, 1, 1, 3, 3, 3]


def test_a_finished_image_is_answered_while_others_go_on(start_loop: StartLoop) -> None:
    gate = Gate()
    loop = start_loop(model(), FakeEngines(on_unet=gate))
    short, long = Client(), Client()
    loop.submit(edit(0, steps=50), long)
    gate.next_call()
    loop.submit(edit(1, steps=1), short)
    wait_until(lambda: loop.waiting_images == 1)
    gate.let_through(2)
    short.wait()
    assert long.closings == 0
    gate.let_through(100)
    long.wait()


def test_every_image_depends_on_its_own_seed_only(start_loop: StartLoop) -> None:
    loop = start_loop(model(), FakeEngines())
    together, single = run(loop, edit(3, n=3), edit(3, seeds=(4,)))
    np.testing.assert_array_equal(together.images[1], single.images[0])
    assert not np.array_equal(together.images[0], together.images[1])


def test_negative_seeds_are_seeds_too(start_loop: StartLoop) -> None:
    client = run(start_loop(model(), FakeEngines()), edit(seeds=(-1, 1, -(2**63))))[0]
    assert len({image.tobytes() for image in client.images.values()}) == 3


def test_a_call_never_has_more_rows_than_allowed(start_loop: StartLoop) -> None:
    engines = FakeEngines()
    loop = start_loop(model(max_rows=5), engines)
    clients = run(loop, *(edit(seed, n=3, guidance=1 + seed % 2) for seed in range(6)))
    assert all(len(client.images) == 3 for client in clients)
    assert max(engines.unet_rows) <= 5


def test_late_steps_go_without_the_negative_prompts_row_where_guidance_ends(
    start_loop: StartLoop,
) -> None:
    numbers = model(guidance_end=0.5)
    edits = [edit(k, steps=5, guidance=1 + 2 * (k % 2), strength=1 - k / 4) for k in range(3)]
    engines = FakeEngines()
    client = run(start_loop(numbers, engines), edits[1])[0]
    assert engines.unet_rows == [2, 2, 1]  # of 5 steps at a strength of 3/4
    assert_same_images(client, alone(edits[1], numbers))
    company = run(start_loop(numbers, FakeEngines()), *edits)
    for one, client in zip(edits, company, strict=True):
        assert_same_images(client, alone(one, numbers))


def test_prompts_of_different_lengths_are_called_separately(start_loop: StartLoop) -> None:
    gate = Gate()
    loop = start_loop(model(), FakeEngines(on_unet=gate))
    gate.let_through(1000)
    run(loop, edit(0), edit(1, prompt=LONG_PROMPT))
    assert {rows.embeddings.shape[1] for rows in gate.rows} == {77, 154}


def test_a_request_for_many_images_does_not_starve_one_for_a_single_image(
    start_loop: StartLoop,
) -> None:
    gate = Gate()
    loop = start_loop(model(max_rows=4), FakeEngines(on_unet=gate))
    many, single = Client(), Client()
    loop.submit(edit(0, n=10, steps=2), many)
    gate.next_call()
    loop.submit(edit(50, steps=2), single)
    wait_until(lambda: loop.waiting_images == 9)
    gate.let_through(4)
    single.wait()
    assert len(many.images) <= 3
    gate.let_through(100)
    assert len(many.wait().images) == 10


def test_a_stream_of_single_images_does_not_starve_a_request_for_many(
    start_loop: StartLoop,
) -> None:
    engines = FakeEngines()
    loop = start_loop(model(max_rows=4), engines)
    singles = [Client() for _ in range(200)]
    answered_before: list[int] = []

    class Many(Client):
        def close(self) -> None:
            answered_before.append(sum(client.closings for client in singles))
            super().close()

    many = Many()
    loop.submit(edit(0, n=4, steps=2), many)
    for seed, client in enumerate(singles, start=10):
        loop.submit(edit(seed, steps=2), client)
    many.wait()
    assert answered_before[0] < 100
    for client in singles:
        client.wait()


def test_a_cancelled_edit_is_gone_before_the_next_call(start_loop: StartLoop) -> None:
    gate = Gate()
    loop = start_loop(model(), FakeEngines(on_unet=gate))
    leaving, staying = Client(), Client()
    loop.submit(edit(0, n=2, steps=10), leaving)
    gate.next_call()
    loop.submit(edit(1, steps=3), staying)
    wait_until(lambda: loop.waiting_images == 1)
    gate.let_through()
    assert len(gate.next_call().latents) == 6
    leaving.has_left = True
    gate.let_through()
    assert len(gate.next_call().latents) == 2
    gate.let_through(10)
    leaving.wait()
    assert (leaving.images, leaving.errors, leaving.closings) == ({}, [], 1)
    assert len(staying.wait().images) == 1


def test_a_cancelled_edit_that_waits_never_starts(start_loop: StartLoop) -> None:
    gate = Gate()
    loop = start_loop(model(max_rows=2), FakeEngines(on_unet=gate))
    first, second = Client(), Client()
    loop.submit(edit(0, steps=2), first)
    gate.next_call()
    loop.submit(edit(1), second)
    wait_until(lambda: loop.waiting_images == 1)
    second.has_left = True
    gate.let_through(2)
    first.wait()
    second.wait()
    assert len(gate.rows) == 2


def test_an_edit_cancelled_before_it_is_encoded_costs_nothing(start_loop: StartLoop) -> None:
    engines = FakeEngines()
    loop = start_loop(model(), engines)
    client = Client()
    client.has_left = True
    loop.submit(edit(), client)
    client.wait()
    assert (engines.encoded, engines.unet_rows) == ([], [])


class Watched(dict[Any, Any]):
    """Remembers which threads have looked through it."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[str] = set()

    def items(self) -> Any:
        self.threads.add(threading.current_thread().name)
        return super().items()


def test_only_the_denoise_thread_looks_at_what_is_in_flight(start_loop: StartLoop) -> None:
    gate = Gate()
    loop = start_loop(model(), FakeEngines(on_unet=gate))
    loop._in_flight = watched = Watched()
    staying, leaving = Client(), Client()
    loop.submit(edit(0, steps=2), staying)
    gate.next_call()
    leaving.has_left = True
    loop.submit(edit(1, n=3), leaving)
    leaving.wait()
    gate.let_through(2)
    staying.wait()
    assert watched.threads == {"denoise"}
    assert loop.tally.read()["images_cancelled"] == 3


def fail_encode(prompt: str) -> None:
    if "bad" in prompt:
        raise RuntimeError("encoder broke")


def test_a_failing_encoder_is_the_answer_to_its_edit_alone(start_loop: StartLoop) -> None:
    loop = start_loop(model(), FakeEngines(on_encode=fail_encode))
    bad, good = run(loop, edit(0, prompt="bad"), edit(1))
    assert [str(error) for error in bad.errors] == ["encoder broke"]
    assert_same_images(good, alone(edit(1)))


def test_a_failing_unet_call_is_the_answer_to_its_images_alone(start_loop: StartLoop) -> None:
    def fail_on_long_prompts(rows: UNetRows) -> None:
        if rows.embeddings.shape[1] > 77:
            raise RuntimeError("out of memory")

    loop = start_loop(model(), FakeEngines(on_unet=fail_on_long_prompts))
    bad, good = run(loop, edit(0, n=2, prompt=LONG_PROMPT), edit(1))
    assert [str(error) for error in bad.errors] == ["out of memory"]
    assert_same_images(good, alone(edit(1)))
    assert_same_images(run(loop, edit(2))[0], alone(edit(2)))


def test_a_failing_decoder_is_the_answer_to_its_images_and_the_loop_goes_on(
    start_loop: StartLoop,
) -> None:
    failures = iter([True])

    def fail_once(_: object) -> None:
        if next(failures, False):
            raise RuntimeError("decoder broke")

    loop = start_loop(model(), FakeEngines(on_decode=fail_once))
    bad = run(loop, edit(0))[0]
    assert [str(error) for error in bad.errors] == ["decoder broke"]
    assert_same_images(run(loop, edit(1))[0], alone(edit(1)))


def test_latents_of_a_wrong_shape_are_an_error_of_their_edit(start_loop: StartLoop) -> None:
    loop = start_loop(model(resolution=32), FakeEngines())
    client = run(loop, edit(0, strength=0.5))[0]
    assert len(client.errors) == 1


def test_too_many_steps_are_refused_at_once(start_loop: StartLoop) -> None:
    loop = start_loop(model(), FakeEngines())
    with pytest.raises(ValueError, match="1001 steps"):
        loop.submit(edit(steps=1001), Client())


def test_finished_images_that_wait_are_decoded_together(start_loop: StartLoop) -> None:
    engines = FakeEngines(on_decode=lambda _: time.sleep(0.05))
    client = run(start_loop(model(max_rows=18), engines), edit(n=9, steps=1))[0]
    assert len(client.images) == 9
    assert sum(engines.decoded) == 9
    assert max(engines.decoded) == 4


def test_a_decoder_that_takes_one_picture_gets_one(start_loop: StartLoop) -> None:
    engines = FakeEngines(on_decode=lambda _: time.sleep(0.02))
    run(start_loop(model(decoder_rows=1), engines), edit(n=3))
    assert engines.decoded == [1, 1, 1]


def test_large_pictures_are_decoded_one_at_a_time(start_loop: StartLoop) -> None:
    engines = FakeEngines(on_decode=lambda _: time.sleep(0.05))
    side = 1024
    pixels = np.zeros((side, side, 3), np.uint8)
    large = edit(n=3, steps=1, image=pixels, mask=pixels[..., 0])
    client = run(start_loop(model(resolution=side), engines), large)[0]
    assert len(client.images) == 3
    assert engines.decoded == [1, 1, 1]


def test_neither_encoding_nor_decoding_holds_up_a_step(start_loop: StartLoop) -> None:
    stuck = threading.Event()
    gate = Gate()

    def wait_if_slow(prompt: str) -> None:
        if prompt == "slow":
            stuck.wait()

    engines = FakeEngines(on_unet=gate, on_encode=wait_if_slow, on_decode=lambda _: wait_for(stuck))
    loop = start_loop(model(), engines)
    clients = [Client() for _ in range(3)]
    loop.submit(edit(0, prompt="slow"), clients[0])
    loop.submit(edit(1, steps=1), clients[1])
    gate.next_call()
    loop.submit(edit(2, steps=30), clients[2])
    wait_until(lambda: loop.waiting_images == 1)
    gate.let_through(31)
    wait_until(lambda: len(gate.rows) == 31)
    stuck.set()
    gate.let_through(100)
    for client in clients:
        client.wait()


def wait_for(event: threading.Event) -> None:
    event.wait()


def test_previews_and_progress_come_in_order_and_stop_before_the_last_step(
    start_loop: StartLoop,
) -> None:
    loop = start_loop(model(), FakeEngines())
    client = run(loop, edit(n=2, steps=8, previews=3, progress=True))[0]
    for index in range(2):
        assert [step for i, step in client.previews if i == index] == [2, 4, 6]
        assert [p for p in client.progress if p[0] == index] == [
            (index, step, 8) for step in range(1, 9)
        ]


def test_nothing_but_pictures_comes_unasked(start_loop: StartLoop) -> None:
    client = run(start_loop(model(), FakeEngines()), edit(n=2))[0]
    assert (client.previews, client.progress, len(client.images)) == ([], [], 2)


def test_an_idle_loop_sleeps(start_loop: StartLoop) -> None:
    loop = start_loop(model(), FakeEngines())
    run(loop, edit())
    before = time.process_time()
    time.sleep(0.2)
    assert time.process_time() - before < 0.05


def test_closing_answers_what_is_left_and_stops_all_threads() -> None:
    threads = set(threading.enumerate())
    gate = Gate()
    loop = DenoiseLoop(model(max_rows=2), FakeEngines(on_unet=gate))
    clients = [Client(), Client()]
    for seed, client in enumerate(clients):
        loop.submit(edit(seed, steps=50), client)
    gate.next_call()
    wait_until(lambda: loop.waiting_images == 1)
    closer = threading.Thread(target=loop.close)
    closer.start()
    gate.let_through(50)
    closer.join()
    for client in clients:
        assert "shutting down" in str(client.wait().errors[0])
    assert set(threading.enumerate()) == threads
    with pytest.raises(RuntimeError):
        loop.submit(edit(), Client())


def wait_until(condition: Callable[[], bool]) -> None:
    """Waits for something that another thread does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)
