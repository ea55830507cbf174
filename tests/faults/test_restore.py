"""A database is lost and restored from its backup, by the commands of the documentation."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

import httpx
import pytest

from frontend.administration.admin_secret import reset_secret
from frontend.blocks.store import Blocks
from frontend.database.database import Database
from frontend.keys.store import Keys
from frontend.usage.report import UsageLine, usage_report
from tests.e2e.edits import post
from tests.e2e.product import Product, running
from tests.faults.answers import edit
from tests.faults.backup import Site, postgresql_site, sqlite_site

COUNTING_SECONDS = 10


@dataclass(frozen=True)
class Before:
    """What there was at the backup.

    Attributes:
        keys: by name, `revoked_since` and `new` of after it too.
        secrets: the administrator's, and the one that was put in its place after it.
        answer: that of an edit with an idempotency key.
        usage: what was counted.
    """

    keys: dict[str, str]
    secrets: tuple[str, str]
    answer: httpx.Response
    usage: Sequence[UsageLine]


@dataclass(frozen=True)
class Restored:
    """A product on a restored database.

    Attributes:
        product: it runs.
        before: what is expected of it.
        usage: what was counted when it started.
        has_results: whether pictures and kept answers were not lost.
    """

    product: Product
    before: Before
    usage: Sequence[UsageLine]
    has_results: bool


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def restored(
    request: pytest.FixtureRequest, triton: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Restored]:
    """A machine has died, its database is lost and restored, and the product runs again."""
    folder = tmp_path_factory.mktemp("site")
    if request.param == "sqlite":
        site = sqlite_site(folder)
    else:
        site = postgresql_site(folder, request.getfixturevalue("postgresql"))
    with running(site.home, [], triton, environment=site.variables) as product:
        before = asyncio.run(lived(site, product))
        product.process.kill()
        product.process.wait()
    site.lose()
    site.run(site.restore)
    with running(site.home, [], triton, environment=site.variables) as product:
        usage = asyncio.run(counted(site))
        yield Restored(product, before, usage, has_results=request.param != "sqlite")


async def lived(site: Site, product: Product) -> Before:
    """Let things happen, make the backup while the product runs, and let more happen."""
    async with Database.open(site.settings) as database, client_of(product, product.key) as http:
        stored, blocks = Keys(database), Blocks(database)
        keys = {name: await stored.create(name) for name in ("valid", "revoked", "revoked_since")}
        await stored.revoke("revoked")
        await blocks.block("mallory")
        secret = await reset_secret(database)
        answer = await edited(http, "restored")
        usage = await counted(site, images=1)
        await asyncio.to_thread(site.run, site.save)
        keys |= {"new": await stored.create("new"), "of_the_answer": product.key}
        await stored.revoke("revoked_since")
        await blocks.unblock("mallory")
        await blocks.block("trent")
        secrets = (secret, await reset_secret(database))
        await edited(http, "another")
        await counted(site, images=2)
    return Before(keys, secrets, answer, usage)


async def edited(http: httpx.AsyncClient, name: str) -> httpx.Response:
    """The answer of an edit with an idempotency key."""
    http.headers["Idempotency-Key"] = name
    answer = await post(http, edit())
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer


async def counted(site: Site, images: int = 0) -> Sequence[UsageLine]:
    """The operator's report, when it has that many images: usage is written every second."""
    async with asyncio.timeout(COUNTING_SECONDS), Database.open(site.settings) as database:
        while images_of(lines := await usage_report(database, "key")) < images:
            await asyncio.sleep(0.1)
        return lines


def images_of(lines: Sequence[UsageLine]) -> int:
    return sum(line.images for line in lines)


@contextlib.asynccontextmanager
async def client_of(product: Product, key: str) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=product.url, headers=headers, timeout=60) as client:
        yield client


async def test_keys_are_valid_and_revoked_as_they_were_at_the_backup(restored: Restored) -> None:
    told = {}
    for name, key in restored.before.keys.items():
        async with client_of(restored.product, key) as http:
            told[name] = (await http.get("/v1/models")).status_code
    valid = {"valid": 200, "revoked_since": 200, "of_the_answer": 200}
    assert told == valid | {"revoked": 401, "new": 401}


async def test_the_administrators_secret_is_that_of_the_backup(restored: Restored) -> None:
    async with client_of(restored.product, "none") as http:
        http.headers["Retouch-Page"] = "1"
        told = [
            (await http.post("/admin/api/session", json={"secret": secret})).status_code
            for secret in restored.before.secrets
        ]
    assert told == [200, 401]


def test_usage_is_that_of_the_backup(restored: Restored) -> None:
    assert restored.usage == restored.before.usage


async def test_the_users_are_blocked_that_were_blocked_at_the_backup(restored: Restored) -> None:
    async with client_of(restored.product, restored.before.keys["valid"]) as http:
        told = [(await post(http, edit(user=user))).status_code for user in ("mallory", "trent")]
    assert told == [403, 200]


async def test_a_url_that_was_handed_out_works_if_its_picture_is_there(restored: Restored) -> None:
    path = httpx.URL(restored.before.answer.json()["data"][0]["url"]).path
    async with client_of(restored.product, "none") as http:
        answer = await http.get(path)
    if restored.has_results:
        assert answer.status_code == httpx.codes.OK
    else:
        assert answer.json()["error"]["code"] == "result_not_found"


async def test_an_idempotent_request_gets_the_kept_answer_or_is_carried_out_anew(
    restored: Restored,
) -> None:
    async with client_of(restored.product, restored.before.keys["of_the_answer"]) as http:
        answer, again = [await edited(http, "restored") for _ in range(2)]
    assert ("idempotent-replayed" in answer.headers) == restored.has_results
    assert (answer.json() == restored.before.answer.json()) == restored.has_results
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == answer.json()
