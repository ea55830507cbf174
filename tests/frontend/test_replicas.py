"""Several Triton servers are one, and one of them may break."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import replace

import pytest

from frontend.errors.service import UnavailableError
from frontend.inference.addresses import Target, targets_of
from frontend.inference.models import Answer, EditModel, WindowEdit
from frontend.inference.triton import TritonModels
from tests.frontend.fake_triton import FakeTriton
from tests.frontend.test_triton import EDIT, MODEL
from tests.frontend.waiting import until

SECONDS = 20.0
ONE = replace(EDIT, seeds=(1,))
THREE = replace(EDIT, seeds=(1, 2, 3))


class Fleet:
    """Servers, the client of all of them, and edits at them."""

    def __init__(self, tritons: list[FakeTriton], models: TritonModels) -> None:
        self.tritons = tritons
        self.models = models
        self.editing: list[asyncio.Task[list[Answer]]] = []

    async def begin(self, edit: WindowEdit = ONE, model: EditModel = MODEL) -> FakeTriton:
        """Start an edit, and return the server that gets it."""
        before = [len(triton.requests) for triton in self.tritons]
        self.editing.append(asyncio.create_task(consume(self.models.edit(model, edit, SECONDS))))

        def got() -> list[FakeTriton]:
            pairs = zip(self.tritons, before, strict=True)
            return [triton for triton, count in pairs if len(triton.requests) > count]

        await until(lambda: bool(got()))
        [triton] = got()
        return triton


async def consume(edit: AsyncGenerator[Answer, None]) -> list[Answer]:
    async with aclosing(edit) as answers:
        return [answer async for answer in answers]


def connect(*targets: Target) -> TritonModels:
    return TritonModels(targets, catalogue_lifetime_seconds=0.2)


async def fleet_of(stack: AsyncExitStack, *tritons: FakeTriton) -> Fleet:
    for triton in tritons:
        await triton.start()
        stack.push_async_callback(triton.kill)
    models = connect(*targets_of(",".join(triton.address for triton in tritons)))
    stack.push_async_callback(models.close)
    return Fleet(list(tritons), models)


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


@pytest.fixture
async def fleet(stack: AsyncExitStack) -> AsyncIterator[Fleet]:
    made = await fleet_of(stack, FakeTriton(), FakeTriton())
    yield made
    for task in made.editing:
        task.cancel()
    await asyncio.gather(*made.editing, return_exceptions=True)


async def begin_until(fleet: Fleet, wanted: FakeTriton) -> None:
    """Start edits until the server has one."""
    while await fleet.begin() is not wanted:
        pass


def hold(fleet: Fleet, answers: int = 0) -> None:
    """Let edits hang after some answers."""
    for triton in fleet.tritons:
        triton.most_answers, triton.hangs = answers, True


async def test_an_edit_goes_to_the_server_that_has_the_fewest_rows_to_do(fleet: Fleet) -> None:
    hold(fleet)
    large = await fleet.begin(THREE)
    small = [await fleet.begin(ONE) for _ in range(3)]
    assert large not in small
    unguided = replace(ONE, guidance=1.0)  # a row instead of two
    last = [await fleet.begin(unguided) for _ in range(4)]
    assert {id(triton) for triton in last[:2]} == {id(triton) for triton in fleet.tritons}
    assert {id(triton) for triton in last[2:]} == {id(triton) for triton in fleet.tritons}


async def test_finished_images_no_longer_count(fleet: Fleet) -> None:
    hold(fleet, answers=4)  # of three images two
    large = await fleet.begin(THREE)
    await asyncio.sleep(0.2)
    hold(fleet)
    others = [await fleet.begin(THREE), await fleet.begin(ONE)]
    assert others[0] is not large
    assert others[1] is large


async def test_equally_busy_servers_are_chosen_by_lot(fleet: Fleet) -> None:
    chosen = set()
    for _ in range(30):  # both but for one case in half a billion
        chosen.add(id(await fleet.begin()))
        await fleet.editing[-1]
    assert len(chosen) == 2


async def test_a_server_with_half_the_rows_gets_half_the_edits(stack: AsyncExitStack) -> None:
    fleet = await fleet_of(stack, FakeTriton(max_rows="8"), FakeTriton(max_rows="16"))
    hold(fleet)
    for _ in range(9):
        await fleet.begin()
    assert [len(triton.requests) for triton in fleet.tritons] == [3, 6]
    for task in fleet.editing:
        task.cancel()


async def test_the_catalogue_is_what_the_servers_have_together(stack: AsyncExitStack) -> None:
    tritons = (FakeTriton(), FakeTriton(max_rows="8"), FakeTriton("other"))
    fleet = await fleet_of(stack, *tritons)
    both, other = replace(MODEL, max_rows=24, servers=2), replace(MODEL, id="other", parts="other")
    assert await fleet.models.catalogue() == {"retouch-mini": both, "other": other}
    assert await fleet.begin(model=other) is tritons[2]
    await asyncio.gather(*fleet.editing)

    await tritons[1].kill()
    await tritons[2].kill()
    await until_seen(fleet.models, {"retouch-mini": MODEL, "other": replace(other, servers=0)})
    with pytest.raises(UnavailableError):
        await consume(fleet.models.edit(other, ONE, SECONDS))


async def until_seen(models: TritonModels, catalogue: dict[str, EditModel]) -> None:
    async with asyncio.timeout(5):
        while await models.catalogue() != catalogue:
            await asyncio.sleep(0.05)


async def test_of_two_windows_that_of_most_servers_counts_and_the_others_get_no_edits(
    stack: AsyncExitStack,
) -> None:
    new = {"resolution": "512", "created": "2"}
    fleet = await fleet_of(stack, FakeTriton(), FakeTriton(), FakeTriton(**new))
    old = replace(MODEL, max_rows=32, servers=2)
    assert await fleet.models.catalogue() == {"retouch-mini": old}
    for _ in range(12):
        assert await fleet.begin() is not fleet.tritons[2]
        await fleet.editing[-1]


async def test_of_as_many_servers_the_newer_window_counts(stack: AsyncExitStack) -> None:
    new = {"resolution": "512", "created": "2"}
    fleet = await fleet_of(stack, FakeTriton(), FakeTriton(**new))
    assert (await fleet.models.catalogue())["retouch-mini"].resolution == 512


async def test_an_edit_passes_over_a_server_that_cannot_be_reached(fleet: Fleet) -> None:
    dead, other = fleet.tritons
    await fleet.models.catalogue()
    await dead.kill()
    for _ in range(12):
        assert await fleet.begin() is other
        await fleet.editing[-1]
    assert dead.requests == []


async def test_an_edit_passes_over_a_server_whose_model_is_not_ready(fleet: Fleet) -> None:
    loading, other = fleet.tritons
    await fleet.models.catalogue()
    loading.is_model_ready = False
    for _ in range(12):
        assert await fleet.begin() is other
        await fleet.editing[-1]
    assert loading.requests == []


async def test_an_edit_that_a_server_may_have_begun_is_not_sent_to_another(fleet: Fleet) -> None:
    hold(fleet)
    taker = await fleet.begin()
    await taker.kill()
    with pytest.raises(UnavailableError):
        await fleet.editing[0]
    assert [len(triton.requests) for triton in fleet.tritons if triton is not taker] == [0]


async def test_a_server_that_dies_costs_its_edits_and_no_others(fleet: Fleet) -> None:
    hold(fleet, answers=1)
    takers = [await fleet.begin(), await fleet.begin()]
    assert takers[0] is not takers[1]
    began = time.monotonic()
    await takers[0].kill()
    with pytest.raises(UnavailableError) as caught:
        await fleet.editing[0]
    assert time.monotonic() - began < 2
    assert caught.value.status == 503
    assert 1 <= int(caught.value.headers["Retry-After"]) <= 120
    assert not fleet.editing[1].done()


@pytest.mark.parametrize("sign", ["is_loop_dead", "is_loop_silent"])
async def test_a_dead_loop_costs_its_edits_and_gets_no_others_though_its_server_lives(
    fleet: Fleet, sign: str
) -> None:
    hold(fleet, answers=1)
    takers = [await fleet.begin(), await fleet.begin()]
    began = time.monotonic()
    setattr(takers[0], sign, True)
    with pytest.raises(UnavailableError):
        await fleet.editing[0]
    assert time.monotonic() - began < 2
    assert [await fleet.begin() for _ in range(3)] == [takers[1]] * 3
    assert not fleet.editing[1].done()
    setattr(takers[1], sign, True)
    await until_seen(fleet.models, {"retouch-mini": replace(MODEL, servers=0)})


async def test_a_task_that_is_cancelled_while_its_loop_dies_is_cancelled(fleet: Fleet) -> None:
    hold(fleet, answers=1)
    taker = await fleet.begin()
    fleet.editing[0].cancel()
    taker.is_loop_dead = True
    with pytest.raises(asyncio.CancelledError):
        await fleet.editing[0]


async def test_a_server_that_comes_back_is_used_again(fleet: Fleet) -> None:
    victim = fleet.tritons[0]
    port = int(victim.address.partition(":")[2])
    await victim.kill()
    both, one = replace(MODEL, max_rows=32, servers=2), {"retouch-mini": MODEL}
    await until_seen(fleet.models, one)
    await victim.start(port)
    began = time.monotonic()
    await until_seen(fleet.models, {"retouch-mini": both})
    hold(fleet)
    await begin_until(fleet, victim)
    assert time.monotonic() - began < 4


async def test_tokens_are_counted_by_another_server_when_one_breaks(fleet: Fleet) -> None:
    await fleet.models.catalogue()
    await fleet.tritons[0].kill()
    for _ in range(6):
        assert await fleet.models.text_tokens(MODEL, "ein Vöglein im Baum", "kein Hund") == 6


async def test_cancelling_reaches_the_server_that_has_the_edit(fleet: Fleet) -> None:
    hold(fleet)
    takers = [await fleet.begin(), await fleet.begin()]
    fleet.editing[1].cancel()
    with suppress(asyncio.CancelledError):
        await fleet.editing[1]
    await asyncio.wait_for(takers[1].cancelled.wait(), 5)
    assert not takers[0].cancelled.is_set()


async def test_as_long_as_one_server_lives_a_ping_succeeds(fleet: Fleet) -> None:
    await fleet.models.ping()
    await fleet.tritons[0].kill()
    await fleet.models.ping()
    await fleet.tritons[1].kill()
    with pytest.raises(UnavailableError):
        await fleet.models.ping()
    await asyncio.sleep(1)
    with pytest.raises(UnavailableError):
        await fleet.models.catalogue()


class Name(Target):
    """A name whose addresses change."""

    found: tuple[str, ...] = ()

    async def addresses(self) -> list[str]:
        if not Name.found:
            raise OSError("no such name")
        return list(Name.found)


async def test_servers_that_are_added_to_a_name_are_used_and_those_removed_finish_their_edits(
    stack: AsyncExitStack,
) -> None:
    tritons = [FakeTriton(), FakeTriton()]
    for triton in tritons:
        await triton.start()
        stack.push_async_callback(triton.kill)
    first, second = tritons
    Name.found = (first.address,)
    models = connect(Name("triton", 8001, is_several=True))
    stack.push_async_callback(models.close)
    fleet = Fleet(tritons, models)
    await until_seen(models, {"retouch-mini": MODEL})
    hold(fleet, answers=1)
    assert await fleet.begin() is first

    Name.found = (first.address, second.address)
    await until_seen(models, {"retouch-mini": replace(MODEL, max_rows=32, servers=2)})
    assert await fleet.begin() is second

    Name.found = (second.address,)
    await until_seen(models, {"retouch-mini": MODEL})
    assert [await fleet.begin() for _ in range(3)] == [second] * 3
    assert not first.cancelled.is_set()

    Name.found = ()  # the resolver is down: nothing changes
    await asyncio.sleep(0.5)
    assert await fleet.begin() is second
    for task in fleet.editing:
        task.cancel()
    await asyncio.wait_for(first.cancelled.wait(), 5)


@pytest.mark.parametrize(
    ("setting", "targets"),
    [
        ("grpc://triton:8001", [Target("triton", 8001, is_several=False)]),
        ("10.0.0.1:8001", [Target("10.0.0.1", 8001, is_several=False)]),
        ("grpc://[fd00::1]:8001", [Target("[fd00::1]", 8001, is_several=False)]),
        ("dns:///triton.ai:8001", [Target("triton.ai", 8001, is_several=True)]),
        (
            "grpc://a:1, dns:///b:2",
            [Target("a", 1, is_several=False), Target("b", 2, is_several=True)],
        ),
    ],
)
def test_targets_are_read(setting: str, targets: list[Target]) -> None:
    assert targets_of(setting) == targets


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "triton",
        "grpc://triton",
        "http://triton:8001",
        "dns://resolver/triton:8001",
        "grpc://user@triton:8001",
        "grpc://triton:0",
        "grpc://triton:65536",
        "grpc://a:1,",
    ],
)
def test_what_names_no_server_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="expected grpc://HOST:PORT or dns:///NAME:PORT"):
        targets_of(setting)


async def test_a_name_stands_for_its_addresses_of_one_family() -> None:
    assert await Target("localhost", 1, is_several=True).addresses() in (
        ["127.0.0.1:1"],
        ["[::1]:1"],
    )
    assert await Target("localhost", 1, is_several=False).addresses() == ["localhost:1"]
