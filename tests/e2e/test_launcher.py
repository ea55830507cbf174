"""`retouch serve` starts, fails, recovers and stops as an operator expects."""

import os
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.e2e.models import SMALL
from tests.e2e.product import PORT_OPTIONS, RETOUCH, command, running, stop
from tests.export.published import Published
from tests.retouch.backends.graphs import save_square

CONFIG = """
name: "square"
backend: "onnxruntime"
max_batch_size: 8
input [{ name: "X" data_type: TYPE_FP32 dims: [ 4 ] }]
output [{ name: "Y" data_type: TYPE_FP32 dims: [ 4 ] }]
instance_group [{ kind: KIND_CPU count: 1 }]
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one tiny engine."""
    save_square(tmp_path / "models" / "square" / "1" / "model.onnx")
    (tmp_path / "models" / "square" / "config.pbtxt").write_text(CONFIG)
    return tmp_path / "models"


def failed_start(arguments: list[str]) -> str:
    """Run a command that must fail, and return what it said."""
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("option", PORT_OPTIONS)
def test_a_taken_port_ends_the_start_with_one_line(
    tmp_path: Path, repository: Path, option: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        said = failed_start(command(tmp_path, [repository], f"{option}={taken}"))
    assert f"port {taken}" in said
    assert f"choose another with {option}" in said
    assert len(said.strip().splitlines()) == 1


def test_a_setting_that_cannot_be_used_ends_the_start_with_its_name_and_without_its_value(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETOUCH_URL_SECRET", "too short")
    monkeypatch.setenv("RETOUCH_REDIS_URL", "http://elsewhere")
    said = failed_start(command(tmp_path, [repository]))
    assert "RETOUCH_REDIS_URL: " in said
    assert "redis://[:PASSWORD@]HOST[:PORT][/NUMBER]" in said
    assert "elsewhere" not in said
    assert "RETOUCH_URL_SECRET: " in said
    assert "too short" not in said


def test_a_database_that_nobody_serves_ends_the_start_before_triton_is_started(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETOUCH_DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/retouch")
    said = failed_start(command(tmp_path, [repository]))
    assert said.startswith("Cannot start: the database postgresql://me:***@")
    assert "127.0.0.1:1/retouch cannot be used: " in said
    assert "secret" not in said
    assert len(said.strip().splitlines()) == 1


def test_a_broken_model_ends_the_start_with_its_name_and_reason(
    tmp_path: Path, repository: Path
) -> None:
    save_square(repository / "square" / "1" / "model.onnx", output="Z")
    said = failed_start(command(tmp_path, [repository]))
    assert "model square: " in said
    assert "declares outputs ['Y'], the graph has ['Z']" in said


def ready(url: str) -> bool:
    """Whether the product says that it is ready."""
    return httpx.get(f"{url}/health/ready").status_code == httpx.codes.OK


def triton_pid(product_pid: int) -> int | None:
    """The tritonserver that the product started, if it started one."""
    children = Path(f"/proc/{product_pid}/task/{product_pid}/children").read_text().split()
    names = {int(pid): Path(f"/proc/{pid}/comm").read_text().strip() for pid in children}
    return next((pid for pid, name in names.items() if name == "tritonserver"), None)


def test_sigterm_stops_both_servers_cleanly(
    tmp_path: Path, published: dict[str, Published]
) -> None:
    with running(tmp_path / "home", [published[SMALL].repository]) as product:
        triton = triton_pid(product.process.pid)
        assert triton is not None
        assert stop(product.process) == 0
        with pytest.raises(ProcessLookupError):
            os.kill(triton, 0)


def test_a_triton_server_elsewhere_is_used(tmp_path: Path, published: dict[str, Published]) -> None:
    with (
        running(tmp_path / "one", [published[SMALL].repository]) as first,
        running(tmp_path / "two", [], f"--triton=grpc://{first.triton}") as second,
    ):
        listed = httpx.get(f"{second.url}/v1/models", headers=second.headers)
        assert [model["id"] for model in listed.json()["data"]] == [SMALL]
        assert triton_pid(second.process.pid) is None


def test_the_command_line_explains_itself() -> None:
    shown = subprocess.run(
        [str(RETOUCH), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for name in ("serve", "export", "keys"):
        assert name in shown.stdout
