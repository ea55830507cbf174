"""Clients find in the containers what they find elsewhere."""

import sys

import pytest

from tests.containers.containers import Container
from tests.containers.engine import run

# The first of them builds the images.
pytestmark = pytest.mark.timeout(1500)


def test_the_conformance_suite_passes_against_both_containers(frontend: Container) -> None:
    key = frontend.inside("retouch", "keys", "create", "conformance")
    suite = [sys.executable, "-m", "tests.conformance", f"--base-url={frontend.url}/v1"]
    report = run([*suite, f"--key={key}"])
    assert " passed" in report
    assert " skipped" not in report
