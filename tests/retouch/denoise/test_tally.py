"""What the loop says that it has done."""

from retouch.denoise import DenoiseLoop
from tests.retouch.denoise.conftest import StartLoop
from tests.retouch.denoise.fakes import Client, FakeEngines, Gate, edit, model


def finished(loop: DenoiseLoop, client: Client) -> dict[str, float]:
    client.wait()
    loop.close()  # what is counted after the answer is counted then
    return {str(name): value for name, value in loop.tally.read().items()}


def test_steps_images_and_rows_are_counted_by_the_call(start_loop: StartLoop) -> None:
    engines, client = FakeEngines(), Client()
    loop = start_loop(model(), engines)
    loop.submit(edit(n=3, steps=5), client)
    counts = finished(loop, client)
    assert counts["ticks"] == len(engines.unet_rows)
    assert counts["ticked_rows"] == sum(engines.unet_rows) == 30
    assert counts["steps"] == counts["ticked_images"] == 15
    assert counts["images_finished"] == 3
    assert counts["images_cancelled"] == counts["steps_saved"] == 0
    assert counts["unet_seconds"] > 0


def test_steps_that_a_leaving_client_saves_are_counted(start_loop: StartLoop) -> None:
    gate, client = Gate(), Client()
    loop = start_loop(model(max_rows=4), FakeEngines(on_unet=gate))
    loop.submit(edit(n=3, steps=5), client)  # two run, the third waits
    gate.next_call()
    client.has_left = True
    gate.let_through()
    counts = finished(loop, client)
    assert counts["images_finished"] == 0
    assert counts["images_cancelled"] == 3
    assert counts["steps"] == 2
    assert counts["steps_saved"] == 13
