"""What a container may, and what is in it."""

import json
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.containers.containers import Container
from tests.containers.engine import Engine
from tests.containers.locks import FOLDER, pins

# The first of them builds the images.
pytestmark = pytest.mark.timeout(1500)

USERS = {"frontend": 10001, "triton": 1000}
# What Python knows as installed beside the interpreter of the virtual environment.
INSTALLED = """
import importlib.metadata, json, sysconfig
found = importlib.metadata.distributions(path=[sysconfig.get_path("purelib")])
print(json.dumps({package.name: package.version for package in found}))
"""
# Programs and modules of these names that can be found.
FOUND = """
import importlib.util, shutil, sys
print([name for name in sys.argv[1:] if shutil.which(name) or importlib.util.find_spec(name)])
"""
# The files in a folder.
FILES = """
import json, pathlib, sys

folder = pathlib.Path(sys.argv[1])
print(json.dumps([str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]))
"""
TOOLS = ("cc", "c++", "gcc", "g++", "clang", "ld", "make", "pip", "pip3", "ensurepip", "uv", "git")


@pytest.fixture(params=USERS)
def container(request: pytest.FixtureRequest) -> Container:
    running: Container = request.getfixturevalue(request.param)
    return running


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    kind: str = request.node.callspec.params["container"]
    return kind


def test_it_runs_as_a_user_without_any_capability(container: Container, name: str) -> None:
    assert container.inside("id", "-u") == str(USERS[name])
    status = dict(
        line.split(":\t", 1)
        for line in container.inside("cat", "/proc/1/status").splitlines()
        if ":\t" in line
    )
    assert set(status["Uid"].split()) == {str(USERS[name])}
    capabilities = [value for field, value in status.items() if field.startswith("Cap")]
    assert len(capabilities) == 5
    assert {int(value, 16) for value in capabilities} == {0}
    assert status["NoNewPrivs"] == "1"


def test_its_root_cannot_be_written_to(container: Container) -> None:
    for folder in ("/", "/opt/retouch", "/etc", "/usr/bin"):
        with pytest.raises(AssertionError, match="Read-only file system"):
            container.inside("touch", f"{folder}/written")


def test_nothing_but_our_own_code_is_installed_outside_of_the_lock(
    container: Container, name: str
) -> None:
    installed = json.loads(container.inside("python3", "-c", INSTALLED))
    versions = {str(canonicalize_name(key)): version for key, version in installed.items()}
    assert versions.pop("retouch")
    assert versions.items() <= pins(FOLDER / f"{name}.txt").items()


def test_the_frontend_holds_no_compiler_and_nothing_that_installs(frontend: Container) -> None:
    for interpreter in ("python", "/usr/bin/python3"):
        assert frontend.inside(interpreter, "-c", FOUND, *TOOLS) == "[]"


def test_our_code_is_installed_and_complete(frontend: Container) -> None:
    """Not from a checkout, and with the files that are no modules."""
    find = "import frontend, pathlib; print(pathlib.Path(frontend.__file__).parent)"
    installed = Path(frontend.inside("python", "-c", find))
    assert installed.parent.name == "site-packages"
    there = set(json.loads(frontend.inside("python", "-c", FILES, str(installed))))
    assert _files(Path("frontend")) <= there


def test_the_image_says_what_it_is(images: Engine, container: Container) -> None:
    labels = json.loads(
        images.podman("inspect", "--format={{json .Config.Labels}}", container.name)
    )
    prefix = "org.opencontainers.image."
    assert labels[f"{prefix}licenses"] == "Apache-2.0"
    assert {f"{prefix}{key}" for key in ("title", "description", "revision", "base.name")} <= set(
        labels
    )


def _files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    # Templates of new migrations are for who writes one.
    return {
        str(path.relative_to(folder))
        for path in found
        if "__pycache__" not in path.parts and path.suffix != ".mako"
    }
