"""The Triton client against a server that speaks Triton's protocol."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest

from frontend.errors.service import ModelFailedError, OverloadedError, UnavailableError
from frontend.inference.addresses import targets_of
from frontend.inference.models import Denoised, EditModel, Estimate, Progress, WindowEdit
from frontend.inference.triton import TritonModels
from tests.frontend.fake_triton import FakeTriton, running
from tests.frontend.samples import noise

MODEL = EditModel(
    "retouch-mini",
    resolution=256,
    latent_factor=8,
    max_rows=16,
    steps=4,
    guidance=1.5,
    strength=1.0,
    engine="onnxruntime",
    device="CPU",
    parts="retouch-mini",
)
EDIT = WindowEdit(
    image=noise(256),
    mask=np.full((256, 256), 255, np.uint8),
    prompt="ein V\u00f6glein",
    seeds=(2**63 - 1, 0),
)

SECONDS = 5.0


def connect(address: str) -> TritonModels:
    return TritonModels(targets_of(f"grpc://{address}"), catalogue_lifetime_seconds=0.2)


@pytest.fixture
async def triton() -> AsyncIterator[FakeTriton]:
    async with running() as server:
        yield server


@pytest.fixture
async def models(triton: FakeTriton) -> AsyncIterator[TritonModels]:
    connected = connect(triton.address)
    yield connected
    await connected.close()


def sent(triton: FakeTriton) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    [request] = triton.requests
    assert request.model_name == "retouch-mini"
    return {
        tensor.name: (tensor.datatype, tuple(tensor.shape), content)
        for tensor, content in zip(request.inputs, request.raw_input_contents, strict=True)
    }


async def test_the_catalogue_is_the_ready_models_that_edit_images(
    models: TritonModels, triton: FakeTriton
) -> None:
    for _ in range(3):
        assert await models.catalogue() == {"retouch-mini": MODEL}
    assert triton.index_calls == 1
    await asyncio.sleep(0.25)
    await models.catalogue()
    assert triton.index_calls == 2


async def test_finished_images_estimates_and_progress_arrive_in_order(
    models: TritonModels,
) -> None:
    answers = [answer async for answer in models.edit(MODEL, EDIT, SECONDS)]
    assert [(type(answer), answer.index) for answer in answers] == [
        (Estimate, 1),
        (Denoised, 1),
        (Estimate, 0),
        (Denoised, 0),
        (Progress, 0),
    ]
    for answer in answers:
        if isinstance(answer, Progress):
            assert (answer.step, answer.steps) == (1, 2)
        else:
            np.testing.assert_array_equal(answer.image, 255 - EDIT.image)


async def test_the_tensors_are_those_of_the_contract(
    models: TritonModels, triton: FakeTriton
) -> None:
    async for _ in models.edit(MODEL, EDIT, SECONDS):
        pass
    tensors = sent(triton)
    assert set(tensors) == {"IMAGE", "MASK", "PROMPT", "SEED"}
    assert tensors["IMAGE"] == ("UINT8", (256, 256, 3), EDIT.image.tobytes())
    assert tensors["MASK"] == ("UINT8", (256, 256), EDIT.mask.tobytes())
    prompt = EDIT.prompt.encode()
    assert tensors["PROMPT"] == ("BYTES", (1,), len(prompt).to_bytes(4, "little") + prompt)
    assert tensors["SEED"] == ("INT64", (2,), np.array(EDIT.seeds).tobytes())


async def test_optional_tensors_are_sent_when_the_client_sets_them(
    models: TritonModels, triton: FakeTriton
) -> None:
    edit = replace(
        EDIT,
        negative_prompt="",
        steps=7,
        guidance=2.5,
        strength=0.5,
        previews=3,
        progress=True,
    )
    async for _ in models.edit(MODEL, edit, SECONDS):
        pass
    tensors = sent(triton)
    assert tensors["NEGATIVE_PROMPT"] == ("BYTES", (1,), bytes(4))
    assert tensors["STEPS"] == ("INT32", (1,), np.int32(7).tobytes())
    assert tensors["GUIDANCE"] == ("FP32", (1,), np.float32(2.5).tobytes())
    assert tensors["STRENGTH"] == ("FP32", (1,), np.float32(0.5).tobytes())
    assert tensors["PREVIEWS"] == ("INT32", (1,), np.int32(3).tobytes())
    assert tensors["PROGRESS"] == ("BOOL", (1,), b"\1")


async def test_the_tokens_are_those_of_both_prompts(models: TritonModels) -> None:
    assert await models.text_tokens(MODEL, "ein Vöglein im Baum", "kein Hund") == 6


async def test_cancelling_the_edit_cancels_the_stream(
    models: TritonModels, triton: FakeTriton
) -> None:
    triton.most_answers, triton.hangs = 1, True

    async def consume() -> None:
        async for _ in models.edit(MODEL, EDIT, SECONDS):
            pass

    editing = asyncio.create_task(consume())
    await asyncio.wait_for(triton.painting.wait(), 5)
    editing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await editing
    await asyncio.wait_for(triton.cancelled.wait(), 5)


async def test_closing_the_edit_cancels_the_stream_too(
    models: TritonModels, triton: FakeTriton
) -> None:
    triton.most_answers, triton.hangs = 2, True
    edit = models.edit(MODEL, EDIT, SECONDS)
    assert (await anext(edit)).index == 1
    await edit.aclose()
    await asyncio.wait_for(triton.cancelled.wait(), 5)


async def test_a_stream_that_ends_too_early_is_a_failure_of_the_model(
    models: TritonModels, triton: FakeTriton
) -> None:
    triton.most_answers = 2
    edit = models.edit(MODEL, EDIT, SECONDS)
    assert [(await anext(edit)).index for _ in range(2)] == [1, 1]
    with pytest.raises(ModelFailedError):
        await anext(edit)


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        ("the loop fell over", ModelFailedError),
        ("Stub process 'retouch-mini_0_0' is not healthy.", UnavailableError),
    ],
)
async def test_an_error_on_the_stream_is_an_error_of_ours(
    models: TritonModels, triton: FakeTriton, says: str, kind: type[Exception]
) -> None:
    triton.says = says
    with pytest.raises(kind):
        await anext(models.edit(MODEL, EDIT, SECONDS))


async def test_a_server_that_is_not_there_is_unavailable_and_found_when_it_comes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    models = connect(f"127.0.0.1:{port}")
    with pytest.raises(UnavailableError):
        await models.catalogue()
    with pytest.raises(UnavailableError):
        await anext(models.edit(MODEL, EDIT, SECONDS))
    async with running(port):
        async with asyncio.timeout(3):
            while not await found(models):
                await asyncio.sleep(0.1)
    with pytest.raises(UnavailableError):
        await anext(models.edit(MODEL, EDIT, SECONDS))
    await models.close()


async def found(models: TritonModels) -> bool:
    try:
        return "retouch-mini" in await models.catalogue()
    except UnavailableError:
        return False


async def test_an_edit_that_takes_too_long_ends(models: TritonModels, triton: FakeTriton) -> None:
    triton.most_answers, triton.hangs = 1, True
    with pytest.raises(OverloadedError):
        async for _ in models.edit(MODEL, EDIT, 0.3):
            pass
