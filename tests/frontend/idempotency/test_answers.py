"""Kept answers, in each kind of store: found, lost for good, or out of reach for now."""

from collections.abc import Callable
from pathlib import Path

import obstore
import pytest
from obstore.store import ObjectStore

from frontend.errors.service import UnavailableError
from frontend.idempotency.answers import Answer, Answers
from frontend.results.open_store import open_store
from frontend.settings import Settings

ANSWER = Answer(200, (("content-type", "application/json"),), b"{}\n\x00")


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, settings: Settings) -> ObjectStore:
    if request.param == "folder":
        return open_store(settings)
    request.getfixturevalue("s3_environment")
    return open_store(settings.model_copy(update={"result_store": "s3://results/answers"}))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Without a database: none is asked."""
    return Settings(home=tmp_path)


async def test_a_stored_answer_is_loaded_as_it_was(store: ObjectStore) -> None:
    answers = Answers(store)
    assert await answers.load(await answers.save(ANSWER)) == ANSWER


async def test_one_that_the_store_has_lost_is_none(store: ObjectStore) -> None:
    answers = Answers(store)
    name = await answers.save(ANSWER)
    await obstore.delete_async(store, name)
    assert await answers.load(name) is None


@pytest.mark.parametrize(
    "damaged",
    [lambda _: b"", lambda data: data[:-1], lambda data: bytes(len(data)), lambda _: b"[200, []]"],
)
async def test_one_that_a_power_cut_has_torn_is_none(
    store: ObjectStore, damaged: Callable[[bytes], bytes]
) -> None:
    answers = Answers(store)
    name = await answers.save(ANSWER)
    data = bytes(await (await obstore.get_async(store, name)).bytes_async())
    await obstore.put_async(store, name, damaged(data))
    assert await answers.load(name) is None


@pytest.mark.usefixtures("s3_environment")
async def test_where_the_bucket_is_missing_nobody_knows(settings: Settings) -> None:
    store = open_store(settings.model_copy(update={"result_store": "s3://elsewhere"}))
    with pytest.raises(UnavailableError):
        await Answers(store).load("1-2.answer")
