"""Which loads are sent, in the short and in the long form."""

import pytest

from benchmarks.bench import PARTS
from benchmarks.load import Work
from benchmarks.options import parse, setting_of
from benchmarks.parts.closed import clients_loads, images_loads, sizes_loads
from benchmarks.plan import FULL, SHORT, Plan

WORK = Work("retouch-mini", 256, steps=8, edits=24)


@pytest.mark.parametrize("plan", [SHORT, FULL])
def test_a_plan_has_parts_that_there_are(plan: Plan) -> None:
    assert set(plan.parts) <= set(PARTS)


def test_the_long_form_has_all_parts_and_grows_to_64_clients_10_images_and_1024_pixels() -> None:
    assert tuple(FULL.parts) == PARTS
    assert max(FULL.clients) == 64
    assert list(FULL.images) == list(range(1, 11))
    assert max(FULL.sides) == 1024


def test_every_client_has_several_edits() -> None:
    loads = list(clients_loads(WORK, (1, 8, 64)))
    assert [load.clients for load in loads] == [1, 8, 64]
    assert all(load.work.edits >= 2 * load.clients for load in loads)


def test_loads_differ_in_what_their_part_varies_alone() -> None:
    assert {load.work.side for load in images_loads(WORK, (1, 10))} == {256}
    assert [load.work.images for load in images_loads(WORK, (1, 10))] == [1, 10]
    sizes = list(sizes_loads(WORK, (256, 1024)))
    assert [(load.series, load.work.side) for load in sizes] == [
        ("1 client", 256),
        ("1 client", 1024),
        ("8 clients", 256),
        ("8 clients", 1024),
    ]
    assert str(sizes[0]) == "1 client, 1 image of 256 px, 8 steps"


def test_a_row_says_how_it_is_measured_again() -> None:
    words = ["clients", "--full", "--steps", "30", "--model-repository", "my models", "--out", "x"]
    row = setting_of(parse(arguments=words)).row("clients", "8 clients")
    assert (
        row.command
        == "python -m benchmarks clients --full --model-repository 'my models' --steps 30"
    )
    assert setting_of(parse(arguments=[])).row("sizes", "").command == "python -m benchmarks sizes"


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(arguments=["clients", "cliants"])
    assert "no such part: cliants" in capsys.readouterr().err
