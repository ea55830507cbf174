"""A model is replaced, and the former one comes back, while edits run: none fails."""

import asyncio
import shutil
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import pytest
import tritonclient.grpc.aio as triton_grpc
from numpy.typing import NDArray

from retouch.server.stubs import stubs_of
from tests.e2e.edits import Edit, pixels, post, random_edit
from tests.e2e.models import PLAIN, SMALL
from tests.e2e.product import RETOUCH, Product, running
from tests.e2e.test_launcher import triton_pid
from tests.export.published import Published

CLIENTS = 4
STEPS = 10
LONG_STEPS = 100  # of an edit that is under way at the change
STUB_SECONDS = 20
SETTINGS = {"RETOUCH_CATALOGUE_LIFETIME_SECONDS": "0.2"}
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108


@pytest.fixture(scope="module")
def repository(published: dict[str, Published], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that the tests may change."""
    folder = tmp_path_factory.mktemp("releases") / "models"
    shutil.copytree(published[SMALL].repository, folder)
    return folder


@pytest.fixture(scope="module")
def own_product(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    home = tmp_path_factory.mktemp("home")
    with running(home, [repository], environment=SETTINGS) as product:
        yield product


async def models(product: Product, repository: Path, *arguments: str) -> str:
    """Run `retouch models`; what it printed."""
    process = await asyncio.create_subprocess_exec(
        str(RETOUCH),
        "models",
        *arguments,
        f"--model-repository={repository}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"RETOUCH_TRITON": f"grpc://{product.triton}"},
    )
    said, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return said.decode().strip()


async def painted(http: httpx.AsyncClient, edit: Edit) -> NDArray[np.uint8]:
    answer = await post(http, edit)
    assert answer.status_code == httpx.codes.OK, answer.text
    return pixels(b64decode(answer.json()["data"][0]["b64_json"]))


@dataclass
class Load:
    """Clients that ask for the same edit again and again, and the pictures that they got."""

    http: httpx.AsyncClient
    edit: Edit
    pictures: list[NDArray[np.uint8]] = field(default_factory=list)
    not_ready: int = 0
    is_over: bool = False

    async def client(self) -> None:
        while not self.is_over:
            self.pictures.append(await painted(self.http, self.edit))

    async def prober(self) -> None:
        while not self.is_over:
            self.not_ready += (await self.http.get("/health/ready")).status_code != 200
            await asyncio.sleep(0.1)


def alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    return int(np.abs(one.astype(int) - other).max()) <= 1


def are_of(pictures: Sequence[NDArray[np.uint8]], kinds: Sequence[NDArray[np.uint8]]) -> bool:
    return all(any(alike(picture, kind) for kind in kinds) for picture in pictures)


async def ready_models(product: Product) -> set[str]:
    async with triton_grpc.InferenceServerClient(product.triton) as client:
        index = await client.get_model_repository_index()
    return {entry.name for entry in index.models if entry.state == "READY"}


async def test_edits_are_finished_by_the_release_that_began_them_and_none_fails(
    own_product: Product, repository: Path, published: dict[str, Published]
) -> None:
    product = own_product
    rng = np.random.default_rng(9)
    short = random_edit(rng, SMALL, num_inference_steps=STEPS)
    long = random_edit(rng, SMALL, num_inference_steps=LONG_STEPS)
    triton = triton_pid(product.process.pid)
    assert triton is not None
    async with httpx.AsyncClient(
        base_url=product.url, headers=product.headers, timeout=120
    ) as http:
        first, first_long = await painted(http, short), await painted(http, long)
        assert (
            await models(product, repository, "add", SMALL, str(published[PLAIN].repository)) == "2"
        )

        load = Load(http, short)
        clients = [asyncio.create_task(load.client()) for _ in range(CLIENTS)]
        clients.append(asyncio.create_task(load.prober()))
        under_way = asyncio.create_task(painted(http, long))
        await models(product, repository, "use", SMALL, "2", "--grace=1")
        assert alike(await under_way, first_long)
        second, second_long = await painted(http, short), await painted(http, long)
        assert not alike(first, second)
        assert {f"{SMALL}.unet", f"{SMALL}@2.unet"} & await ready_models(product) == {
            f"{SMALL}@2.unet"
        }

        under_way = asyncio.create_task(painted(http, long))
        await models(product, repository, "use", SMALL, "1", "--grace=1")
        assert alike(await under_way, second_long)
        load.is_over = True
        await asyncio.gather(*clients)
        assert alike(await painted(http, short), first)

    assert load.pictures
    assert are_of(load.pictures, [first, second])
    assert load.not_ready == 0
    assert triton_pid(product.process.pid) == triton, "Triton was started anew"
    async with asyncio.timeout(STUB_SECONDS):  # the last ones of the other are just ending
        while {stub.model.partition(".")[0] for stub in stubs_of(triton)} != {SMALL}:
            await asyncio.sleep(0.1)


async def test_a_release_that_does_not_load_leaves_the_one_in_use(
    own_product: Product, repository: Path, published: dict[str, Published]
) -> None:
    number = await models(own_product, repository, "add", SMALL, str(published[PLAIN].repository))
    part = f"{SMALL}@{number}.vae_decoder"
    (repository / part / "1" / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(AssertionError, match=f"{part} does not load: "):
        await models(own_product, repository, "use", SMALL, number)
    assert not {name for name in await ready_models(own_product) if f"@{number}" in name}
    async with httpx.AsyncClient(
        base_url=own_product.url, headers=own_product.headers, timeout=120
    ) as http:
        await painted(http, random_edit(np.random.default_rng(9), SMALL, num_inference_steps=2))
