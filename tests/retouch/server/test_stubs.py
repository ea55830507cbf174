import subprocess
import sys
import time
from pathlib import Path

import pytest

from retouch.server import stubs as stubs_module
from retouch.server.stubs import Stub, stubs_of

# A server that starts a stub, names it, and ends.
SERVER = """
import subprocess, sys
print(subprocess.Popen([sys.argv[1], "model/1/model.py", "region"], stdout=subprocess.DEVNULL).pid)
"""


def test_an_orphaned_stub_is_found_and_ended_and_its_shared_memory_freed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stubs_module, "_SHARED_MEMORY", tmp_path)
    (tmp_path / "region").touch()
    (tmp_path / "model" / "1").mkdir(parents=True)
    (tmp_path / "model" / "1" / "model.py").write_text("import time; time.sleep(60)")
    executable = tmp_path / "triton_python_backend_stub"
    executable.symlink_to(sys.executable)
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(executable)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=tmp_path,
    ) as server:
        said, _ = server.communicate(timeout=20)

    [stub] = stubs_of(server.pid)
    assert stub == Stub(int(said), "model", "1", "region")
    assert stub.is_alive
    stub.remove()
    deadline = time.monotonic() + 5
    while stub.is_alive and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not stub.is_alive
    assert not (tmp_path / "region").exists()
    stub.remove()  # twice does no harm
    assert stubs_of(server.pid) == frozenset()


def test_a_process_that_has_got_the_id_of_a_stub_that_ended_is_left_alone() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        stub = Stub(other.pid, "model", "1", "no region")
        assert not stub.is_alive
        stub.remove()
        assert other.poll() is None
