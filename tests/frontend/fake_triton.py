"""A gRPC server that speaks Triton's protocol and holds no model."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import numpy as np
from google.protobuf import text_format
from tritonclient.grpc import (
    model_config_pb2,
    service_pb2,
    service_pb2_grpc,
)

DEAD = "Stub process 'retouch-mini_0_0' is not healthy."  # as Triton says it
REPOSITORY = Path(__file__).parents[2] / "model_repository"


class FakeTriton(service_pb2_grpc.GRPCInferenceServiceServicer):  # type: ignore[misc]
    """Answers with the committed configs, and with inverted windows."""

    def __init__(self, model_id: str = "retouch-mini", **parameters: str) -> None:
        """Serve the built-in model by a name, with some of its parameters changed."""
        self._model_id = model_id
        self._parameters = parameters
        self.requests: list[Any] = []
        self.index_calls = 0
        self.is_model_ready = True
        self.is_loop_dead = False
        self.is_loop_silent = False
        self.cancelled = asyncio.Event()
        self.painting = asyncio.Event()
        self.most_answers: int | None = None
        self.hangs = False  # after its answers
        self.says: str | None = None
        self.address = ""
        self._server: Any = None

    async def start(self, port: int = 0) -> None:
        """Listen on the port, or on a free one."""
        self._server = grpc.aio.server()
        service_pb2_grpc.add_GRPCInferenceServiceServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port(f'127.0.0.1:{port}')}"
        await self._server.start()

    async def kill(self) -> None:
        """Break all connections and listen no longer."""
        await self._server.stop(None)

    async def ServerLive(self, _: Any, __: Any) -> Any:  # noqa: N802
        return service_pb2.ServerLiveResponse(live=True)

    async def ModelReady(self, request: Any, _: Any) -> Any:  # noqa: N802
        is_own = request.name == self._model_id
        return service_pb2.ModelReadyResponse(ready=is_own and self.is_model_ready)

    async def RepositoryIndex(self, _: Any, __: Any) -> Any:  # noqa: N802
        self.index_calls += 1
        index = service_pb2.RepositoryIndexResponse()
        for folder in REPOSITORY.iterdir():
            name = folder.name.replace("retouch-mini", self._model_id)
            state = "READY" if self.is_model_ready else "LOADING"
            index.models.add(name=name, version="1", state=state)
        index.models.add(name="broken", version="1", state="UNAVAILABLE")
        return index

    async def ModelConfig(self, request: Any, _: Any) -> Any:  # noqa: N802
        folder = request.name.replace(self._model_id, "retouch-mini")
        text = (REPOSITORY / folder / "config.pbtxt").read_text()
        config = text_format.Parse(text, model_config_pb2.ModelConfig())
        config.name = request.name
        if "parts" in config.parameters:
            config.parameters["parts"].string_value = self._model_id
        for name, value in self._parameters.items():
            config.parameters[name].string_value = value
        return service_pb2.ModelConfigResponse(config=config)

    async def ModelInfer(self, request: Any, _: Any) -> Any:  # noqa: N802
        """The tokenizer: a word is a token."""
        assert request.model_name == "retouch-mini.tokenizer"
        texts = dict(zip((i.name for i in request.inputs), request.raw_input_contents, strict=True))
        words = [len(texts[name][4:].split()) for name in ("NEGATIVE_PROMPT", "PROMPT")]
        answer = service_pb2.ModelInferResponse(model_name=request.model_name)
        [asked] = request.outputs
        answer.outputs.add(name=asked.name, datatype="INT32", shape=[2])
        answer.raw_output_contents.append(np.array(words, np.int32).tobytes())
        return answer

    async def ModelStreamInfer(self, requests: Any, _: Any) -> AsyncIterator[Any]:  # noqa: N802
        [request] = [request async for request in requests]
        if is_probe(request):
            if self.is_loop_silent:
                await asyncio.Event().wait()
            if self.is_loop_dead:
                yield service_pb2.ModelStreamInferResponse(error_message=DEAD)
            return
        self.requests.append(request)
        self.painting.set()
        if self.says is not None:
            yield service_pb2.ModelStreamInferResponse(error_message=self.says)
            return
        for answer in answers(request)[: self.most_answers]:
            yield answer
        if self.hangs:
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled.set()


def is_probe(request: Any) -> bool:
    return any(i.name == "SEED" and list(i.shape) == [0] for i in request.inputs)


def answers(request: Any) -> list[Any]:
    """A preview and then the image of each seed, the last seed first."""
    tensors = dict(zip((i.name for i in request.inputs), request.raw_input_contents, strict=True))
    [shape] = [tuple(i.shape) for i in request.inputs if i.name == "IMAGE"]
    window = np.frombuffer(tensors["IMAGE"], np.uint8).reshape(shape)
    seeds = np.frombuffer(tensors["SEED"], np.int64)
    return [
        response(255 - window, index=index, step=step, steps=2)
        for index in reversed(range(len(seeds)))
        for step in (1, 2)
    ] + [response(None, index=0, step=1, steps=2)]


def response(image: Any, *, index: int, step: int, steps: int) -> Any:
    answer = service_pb2.ModelInferResponse(model_name="retouch-mini", model_version="1")
    for name, value in (("INDEX", index), ("STEP", step), ("STEPS", steps)):
        answer.outputs.add(name=name, datatype="INT32", shape=[1])
        answer.raw_output_contents.append(np.int32(value).tobytes())
    if image is not None:
        answer.outputs.add(name="IMAGE", datatype="UINT8", shape=image.shape)
        answer.raw_output_contents.append(image.tobytes())
    return service_pb2.ModelStreamInferResponse(infer_response=answer)


@asynccontextmanager
async def running(port: int = 0, triton: FakeTriton | None = None) -> AsyncIterator[FakeTriton]:
    triton = triton or FakeTriton()
    await triton.start(port)
    try:
        yield triton
    finally:
        await triton.kill()
