"""`retouch serve`, the image, the compose file and the chart start Triton alike."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from retouch.server.triton_command import SERVING
from tests.deploy.chart import CPU, manifests, pod
from tests.deploy.compose import services

DOCUMENTS = ("docs/deployment.md", "docs/export.md")
OWN = ("--model-repository", "--exit-timeout-secs")  # what may differ from place to place


def of_the_image() -> list[str]:
    text = Path("docker/triton.Dockerfile").read_text().replace("\\\n", "")
    [command] = re.findall(r"^CMD (\[.*\])$", text, re.M)
    words: list[str] = json.loads(command)
    return words


def of_the_composition(name: str) -> list[str]:
    command: list[str] = services()[name]["command"]
    return command


def of_the_chart(*options: str) -> list[str]:
    [container] = pod(manifests({}, *options), "triton")["containers"]
    arguments: list[str] = container["args"]
    return arguments


COMMANDS: dict[str, Callable[[], list[str]]] = {
    "image": of_the_image,
    "compose": lambda: of_the_composition("triton"),
    "compose-cpu": lambda: of_the_composition("triton-cpu"),
    "chart": of_the_chart,
    "chart-cpu": lambda: of_the_chart(f"--values={CPU}"),
}


@pytest.mark.parametrize("place", COMMANDS)
def test_a_container_has_the_options_of_the_launcher_and_loads_every_model(place: str) -> None:
    program, *options = COMMANDS[place]()
    assert program == "tritonserver"
    alike = {option for option in options if not option.startswith(OWN)}
    assert alike == {*SERVING, "--load-model=*"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_command_of_the_documentation_has_them_too(document: str) -> None:
    [command] = re.findall(r"tritonserver --model-repository[^`]*", Path(document).read_text())
    assert {*SERVING, "'--load-model=*'"} <= set(command.split())
