"""Two frontends and two Tritons are one service to whoever is before them."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from tests.e2e.statistics import executions
from tests.frontend.samples import mask_with_hole, noise, png_of
from tests.scale import conformance
from tests.scale.cluster import FRONTEND_PORT, TRITON_PORTS, TRITONS, Cluster
from tests.scale.load import load

SIDE = 256
FILES = {"image": png_of(noise(SIDE)), "mask": png_of(mask_with_hole(SIDE, 50, 60, 90, 99))}
FIELDS = {
    "prompt": "a red circle",
    "model": "retouch-mini",
    "size": f"{SIDE}x{SIDE}",
    "num_inference_steps": "2",
}
FROM_PAGE = {"Retouch-Page": "1"}
VANISHED_SECONDS = 4.0


@dataclass(frozen=True)
class Pair:
    """A client of each frontend, past the proxy."""

    one: httpx.AsyncClient
    other: httpx.AsyncClient


@pytest.fixture
async def pair(cluster: Cluster) -> AsyncIterator[Pair]:
    one, other = (
        httpx.AsyncClient(base_url=f"http://{frontend.host.address}:{FRONTEND_PORT}", timeout=60)
        for frontend in cluster.frontends.values()
    )
    async with one, other:
        yield Pair(one, other)


async def edit(client: httpx.AsyncClient, key: str, **headers: str) -> httpx.Response:
    return await client.post(
        "/v1/images/edits",
        data=FIELDS,
        files=FILES,
        headers={"Authorization": f"Bearer {key}"} | headers,
    )


def test_the_official_clients_see_the_contract_through_the_proxy(
    cluster: Cluster, key: str
) -> None:
    done = conformance.run(cluster, key, *conformance.CORE)
    assert done.returncode == 0, done.stdout.decode()


async def test_edits_are_spread_over_both_tritons(cluster: Cluster, pair: Pair, key: str) -> None:
    async def done() -> list[int]:
        addresses = [cluster.tritons[name].host.address for name in TRITONS]
        return [await executions(f"{a}:{TRITON_PORTS.grpc}", "retouch-mini") for a in addresses]

    before = await done()
    answers = await asyncio.gather(*(edit(pair.one, key) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert all(after > count for after, count in zip(await done(), before, strict=True))


async def test_a_limit_is_one_limit_at_both(cluster: Cluster, pair: Pair) -> None:
    limited = cluster.retouch("keys", "create", "limited", "--images-per-minute=3")
    clients = (pair.one, pair.other, pair.one, pair.other)
    answers = [await edit(client, limited) for client in clients]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


async def test_twins_at_both_are_carried_out_once(pair: Pair, key: str) -> None:
    twins = [
        edit(client, key, **{"Idempotency-Key": "twins"})
        for client in (pair.one, pair.other, pair.one, pair.other)
    ]
    answers = await asyncio.gather(*twins)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert sorted(map(str, replayed)) == ["None", "true", "true", "true"]


async def test_a_result_of_one_is_served_by_the_other_and_through_the_proxy(
    cluster: Cluster, pair: Pair, key: str
) -> None:
    url = str((await edit(pair.one, key)).json()["data"][0]["url"])
    assert url.startswith(f"{cluster.proxy.url}/v1/images/results/")
    path = url.removeprefix(cluster.proxy.url)
    pictures = [(await client.get(path)).content for client in (pair.one, pair.other)]
    pictures.append(httpx.get(url, verify=cluster.proxy.tls).content)
    assert pictures[0].startswith(b"\x89PNG")
    assert len(set(pictures)) == 1


async def test_who_has_signed_in_at_one_is_signed_in_at_the_other(
    cluster: Cluster, pair: Pair
) -> None:
    token = cluster.retouch("admin", "link").partition("#sign-in=")[2]
    made = await pair.one.post("/admin/api/session", json={"link": token}, headers=FROM_PAGE)
    made.raise_for_status()
    cookie = "; ".join(f"{name}={value}" for name, value in made.cookies.items())
    assert cookie
    for client in (pair.one, pair.other):
        status = await client.get("/admin/api/status", headers=FROM_PAGE | {"Cookie": cookie})
        [model] = status.raise_for_status().json()["models"]
        assert (model["model"], model["servers"]) == ("retouch-mini", 2)


async def test_a_triton_whose_machine_vanishes_costs_its_edits_alone(
    cluster: Cluster, key: str
) -> None:
    host = cluster.tritons[TRITONS[1]].host
    async with asyncio.timeout(60), load(cluster, key) as seen:
        await seen.all_begin_and_reach(cluster, TRITONS[1])
        vanished = time.monotonic()
        host.unplug()
        try:
            await seen.more_calls()
        finally:
            host.plug_in()
        failures = seen.failures()
        assert failures
        for failed in failures:
            assert failed.answer.status_code == 503
            assert failed.ended - max(failed.began, vanished) <= VANISHED_SECONDS
