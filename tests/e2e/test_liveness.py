"""The health check for a Triton without our launcher, as in a container."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from export.contracts import Role
from frontend.inference.addresses import Target
from frontend.inference.models import Answer, Denoised, WindowEdit
from frontend.inference.probe import SILENCE_SECONDS
from frontend.inference.triton import TritonModels
from retouch.server.stubs import Stub, stubs_of
from tests.e2e.models import SMALL
from tests.export.published import Published
from tests.servers.triton import Triton, running_triton

STEP_SECONDS = 3 * SILENCE_SECONDS
# A UNet with a long step.
SLOW = f"""
import time
from pathlib import Path

import numpy as np
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def initialize(self, args):
        self.begun = Path(args["model_repository"]) / "begun"

    def execute(self, requests):
        self.begun.touch()
        time.sleep({STEP_SECONDS})
        inputs = [pb_utils.get_input_tensor_by_name(each, "LATENTS") for each in requests]
        zeros = [np.zeros_like(latents.as_numpy()[:, :4]) for latents in inputs]
        outputs = [[pb_utils.Tensor("PREDICTION", each)] for each in zeros]
        return [pb_utils.InferenceResponse(output_tensors=each) for each in outputs]
"""


@pytest.fixture(scope="module")
def slow_unet(published: dict[str, Published], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a UNet that takes its time, among the other models."""
    repository = tmp_path_factory.mktemp("slow") / "models"
    shutil.copytree(published[SMALL].repository, repository)
    unet = repository / Role.UNET.model_name(SMALL)
    config = unet / "config.pbtxt"
    config.write_text(config.read_text().replace('"onnxruntime"', '"python"'))
    config.write_text(config.read_text().replace('"model.onnx"', '"model.py"'))
    (unet / "1" / "model.py").write_text(SLOW)
    return unet


@pytest.fixture(scope="module")
def triton(slow_unet: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Triton]:
    """One that the last tests damage."""
    with running_triton(tmp_path_factory.mktemp("triton"), [slow_unet.parent]) as triton:
        yield triton


def options_for(triton: Triton) -> tuple[str, ...]:
    """Which of several servers is meant."""
    ports = triton.ports
    return f"--port={ports.http}", f"--grpc-port={ports.grpc}", f"--pid={triton.pid}"


def loop_of(triton: Triton) -> Stub:
    """The process of the denoise loop."""
    [loop] = [stub for stub in stubs_of(triton.pid) if stub.model == SMALL]
    return loop


def check(*options: str) -> tuple[int, str]:
    """Run the command; its exit code and what it said."""
    command = [sys.executable, "-m", "retouch.liveness", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_a_model_without_a_process_is_named_where_the_server_has_noticed_the_end(
    triton: Triton,
) -> None:
    loop = loop_of(triton)
    # Another server's processes are not this one's.
    code, said = check(f"--port={triton.ports.http}", f"--pid={loop.pid}")
    assert (code, said) == (1, f"no process runs the Python model {SMALL}\n")


async def test_a_loop_whose_step_takes_long_lives_for_the_check_and_for_the_frontend(
    triton: Triton, slow_unet: Path
) -> None:
    """The frontend would end the edits of one that does not answer it meanwhile."""
    models = TritonModels([Target.parse(triton.grpc)], catalogue_lifetime_seconds=3)
    try:
        model = (await models.catalogue())[SMALL]
        window = np.zeros((model.resolution, model.resolution, 3), np.uint8)
        asked = WindowEdit(window, window[..., 0], "a red circle", seeds=(1,), steps=1)

        async def answers() -> list[Answer]:
            return [answer async for answer in models.edit(model, asked, 60)]

        edit = asyncio.create_task(answers())
        while not (slow_unet / "begun").exists():
            await asyncio.sleep(0.01)
        assert await asyncio.to_thread(check, *options_for(triton)) == (0, "")
        assert not edit.done(), "the step was over before the check"
        [painted] = await edit
        assert isinstance(painted, Denoised)
    finally:
        await models.close()


def test_a_loop_that_is_stopped_answers_no_stream(triton: Triton) -> None:
    os.kill(loop_of(triton).pid, signal.SIGSTOP)
    code, said = check(*options_for(triton))
    assert (code, said) == (1, f"the process of the model {SMALL} does not answer\n")


def test_a_killed_process_of_a_loop_is_named_and_a_server_that_is_killed(triton: Triton) -> None:
    loop = loop_of(triton)
    os.kill(loop.pid, signal.SIGKILL)
    code, said = check(*options_for(triton))
    assert code == 1
    assert said == f"a process of a Python model has died: {loop.pid}\n"

    os.kill(triton.pid, signal.SIGKILL)
    code, said = check(*options_for(triton))
    assert code == 1
    assert said.startswith(f"tritonserver does not answer at port {triton.ports.http}: ")
    assert len(said.splitlines()) == 1
