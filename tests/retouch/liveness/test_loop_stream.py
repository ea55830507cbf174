"""The check's own gRPC call, before a server that Google's library makes."""

import asyncio
import socket
from collections.abc import AsyncIterator

import numpy as np
import pytest
from google.protobuf.message import Message
from tritonclient.grpc import InferInput, service_pb2

from retouch.liveness import loop_stream
from retouch.liveness.errors import NotLiveError
from retouch.liveness.http2 import call
from retouch.liveness.loop_stream import request, require_answer
from tests.frontend.fake_triton import FakeTriton, running
from tests.servers.process import free_port

MODEL = "retouch-mini"
PATIENCE_SECONDS = 0.5


@pytest.fixture
async def triton() -> AsyncIterator[FakeTriton]:
    async with running() as triton:
        yield triton


async def ask(port: int) -> None:
    await asyncio.to_thread(require_answer, MODEL, port)


def port_of(triton: FakeTriton) -> int:
    return int(triton.address.rpartition(":")[2])


def by_the_official_client(model: str) -> Message:
    """An edit of no images as Triton's own client puts it."""
    arrays = {
        "IMAGE": np.zeros((0, 0, 3), np.uint8),
        "MASK": np.zeros((0, 0), np.uint8),
        "PROMPT": np.array([b""], np.object_),
        "SEED": np.zeros(0, np.int64),
    }
    kinds = {"IMAGE": "UINT8", "MASK": "UINT8", "PROMPT": "BYTES", "SEED": "INT64"}
    message = service_pb2.ModelInferRequest(model_name=model)
    for name, array in arrays.items():
        tensor = InferInput(name, list(array.shape), kinds[name]).set_data_from_numpy(array)
        message.inputs.append(tensor._get_tensor())
        message.raw_input_contents.append(tensor._get_content() or b"")
    return message


@pytest.mark.parametrize("model", [MODEL, "m", "long" * 30, "longer" * 50])
def test_the_request_is_that_of_the_official_client(model: str) -> None:
    read = service_pb2.ModelInferRequest.FromString(request(model))
    assert read == by_the_official_client(model)


async def test_a_loop_that_answers_lives(triton: FakeTriton) -> None:
    await ask(port_of(triton))
    assert triton.requests == []  # it was no edit


async def test_a_silent_loop_is_given_up_and_named(
    triton: FakeTriton, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_stream, "TIMEOUT_SECONDS", PATIENCE_SECONDS)
    triton.is_loop_silent = True
    with pytest.raises(NotLiveError, match=f"the model {MODEL} answers no stream"):
        await ask(port_of(triton))


async def test_a_loop_whose_process_triton_has_given_up_is_dead(triton: FakeTriton) -> None:
    triton.is_loop_dead = True
    with pytest.raises(NotLiveError, match=f"the process of the model {MODEL} does not answer"):
        await ask(port_of(triton))


async def test_nobody_at_the_port_is_no_life() -> None:
    port = free_port()
    with pytest.raises(NotLiveError, match=f"tritonserver does not answer at port {port}: "):
        await ask(port)


async def test_one_that_takes_the_call_and_hangs_up_is_no_life() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        asking = asyncio.create_task(ask(listener.getsockname()[1]))
        connection, _ = await asyncio.to_thread(listener.accept)
        connection.close()
        with pytest.raises(NotLiveError, match="does not answer at port"):
            await asking


async def test_a_call_returns_all_messages_of_the_answer(triton: FakeTriton) -> None:
    triton.is_loop_dead = True
    answer = await asyncio.to_thread(
        call,
        ("127.0.0.1", port_of(triton)),
        "/inference.GRPCInferenceService/ModelStreamInfer",
        request(MODEL),
        PATIENCE_SECONDS,
    )
    message = service_pb2.ModelStreamInferResponse.FromString(answer[5:])
    assert "Stub process" in message.error_message
