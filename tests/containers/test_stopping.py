"""The engine's stop is the product's drain."""

import asyncio

import httpx
import numpy as np
import pytest

from tests.containers import containers
from tests.containers.containers import Container
from tests.containers.engine import Engine
from tests.containers.network import Network
from tests.e2e.edits import post, random_edit
from tests.e2e.statistics import executions

# The first of them builds the images.
pytestmark = pytest.mark.timeout(1500)

PORT = 8081
UNET = "retouch-mini.unet"
DRAIN_SECONDS = 120


async def test_a_stop_finishes_the_accepted_edit_refuses_new_ones_and_ends_with_0(
    images: Engine,
    cable: Network,
    triton: Container,  # noqa: ARG001 - behind the frontend
) -> None:
    grpc = f"{cable.address}:8001"
    before = await executions(grpc, UNET)
    with containers.frontend(images, cable, PORT) as frontend:
        key = frontend.inside("retouch", "keys", "create", "stop")
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(
            base_url=frontend.url, headers=headers, timeout=DRAIN_SECONDS
        ) as http:
            rng = np.random.default_rng(3)
            slow = random_edit(rng, "retouch-mini", n=4, num_inference_steps=40)
            edit = asyncio.create_task(post(http, slow))
            while await executions(grpc, UNET) < before + 3:
                await asyncio.sleep(0.02)
            stop = ("stop", f"--time={DRAIN_SECONDS}", frontend.name)
            stopping = asyncio.create_task(asyncio.to_thread(images.podman, *stop))
            while (await http.get("/health/ready")).status_code == httpx.codes.OK:
                await asyncio.sleep(0.05)
            refused = await http.post("/v1/images/edits", data={"model": "retouch-mini"})
            assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
            assert not edit.done(), "the edit was over before the end"
            answer = await edit
            assert answer.status_code == httpx.codes.OK, answer.text
            assert len(answer.json()["data"]) == 4
            await stopping
        assert frontend.state("{{.State.ExitCode}}") == "0"
