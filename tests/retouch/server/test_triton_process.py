import asyncio
import os
import signal
import sys
from pathlib import Path

from retouch.server.stubs import stubs_of
from retouch.server.triton_process import TritonProcess

END_SECONDS = 10
# A server with a stub that writes to its log, too.
SERVER = """
import subprocess, sys, time
subprocess.Popen([sys.argv[1], "model.py", "region"])
print("started", flush=True)
print("\\"successfully loaded 'model'\\"", flush=True)
time.sleep(60)
"""


async def started(folder: Path) -> tuple[TritonProcess, int]:
    """A server of ours with a stub, and its process id."""
    executable = folder / "triton_python_backend_stub"
    executable.symlink_to(sys.executable)
    model = folder / "model.py"
    model.write_text("import time; time.sleep(60)")
    log = folder / "triton.log"
    code = SERVER.replace("model.py", str(model))
    command = [sys.executable, "-c", code, str(executable)]
    nowhere = "127.0.0.1:1"
    server = await TritonProcess.start(command, nowhere, os.environ, log, lambda _: None)
    while not (log.exists() and "loaded" in log.read_text()):
        await asyncio.sleep(0.01)
    return server, server.pid


async def test_a_server_has_ended_although_its_orphaned_stub_holds_the_log_open(
    tmp_path: Path,
) -> None:
    server, pid = await started(tmp_path)
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(END_SECONDS):
        assert await server.ended() == -signal.SIGKILL
        await server.stop(asyncio.Event())


async def test_a_server_whose_stub_outlives_it_is_stopped(tmp_path: Path) -> None:
    server, _ = await started(tmp_path)
    async with asyncio.timeout(END_SECONDS):
        await server.stop(asyncio.Event())
        assert await server.ended() == -signal.SIGTERM


async def test_a_stub_that_dies_before_the_server_is_seen_to_be_ready_is_missed(
    tmp_path: Path,
) -> None:
    server, pid = await started(tmp_path)
    async with asyncio.timeout(END_SECONDS):
        while not (stubs := stubs_of(pid)):  # it has begun, but not as what it is to be yet
            await asyncio.sleep(0.01)
        [stub] = stubs
        os.kill(stub.pid, signal.SIGKILL)
        assert await server.ended() == -signal.SIGKILL
        await server.stop(asyncio.Event())
