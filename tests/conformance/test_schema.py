"""schemathesis asks for everything that the API's description allows, and for what it does not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conformance import own_server
from tests.conformance.schemathesis_hooks import MODEL_VARIABLE, RESULT_VARIABLE, SMALL_VARIABLE
from tests.conformance.target import Target
from tests.frontend.samples import mask_with_hole, png_of

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
# A picture of the right form may still be refused: its pixels say so, and no schema can.
IMPOSSIBLE = "positive_data_acceptance"
SEED = 1


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A server whose model paints at once."""
    with own_server.running(tmp_path_factory.mktemp("home")) as server:
        yield server.target


def result_of(target: Target) -> str:
    """The file name of a result that exists."""
    answer = httpx.post(
        f"{target.base_url}/images/edits",
        headers={"Authorization": f"Bearer {target.key}"},
        data={"prompt": "a bird", "model": target.model, "size": "256x256"},
        files={"image": png_of(mask_with_hole(64, 10, 10, 30, 30))},
        timeout=60,
    )
    return str(answer.json()["data"][0]["url"]).rpartition("/")[2]


def run(target: Target, folder: Path, *options: str, operations: int) -> None:
    """Fail with the report if schemathesis finds anything, or tests not so many operations."""
    arguments = [
        str(SCHEMATHESIS),
        "run",
        f"{target.base_url.removesuffix('/v1')}/openapi.json",
        f"--header=Authorization: Bearer {target.key}",
        f"--exclude-checks={IMPOSSIBLE}",
        f"--seed={SEED}",
        "--continue-on-failure",
        *options,
    ]
    environment = {
        "SCHEMATHESIS_HOOKS": "tests.conformance.schemathesis_hooks",
        "PYTHONPATH": str(Path.cwd()),
        MODEL_VARIABLE: target.model,
        RESULT_VARIABLE: result_of(target),
    }
    done = subprocess.run(
        arguments,
        cwd=folder,  # it keeps its examples where it runs
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Tested: {operations}\n" in done.stdout


@pytest.mark.own_server
def test_no_request_finds_a_fault_or_an_answer_that_is_not_described(
    fast: Target, tmp_path: Path
) -> None:
    run(fast, tmp_path, "--max-examples=40", "--request-timeout=30", operations=6)


def test_a_few_requests_find_none_on_the_whole_product(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SMALL_VARIABLE, "yes")
    # A proxy before it may keep its health to itself.
    only = ("--phases=fuzzing", "--mode=positive", "--exclude-path-regex=^/health/")
    run(target, tmp_path, "--max-examples=10", "--request-timeout=120", *only, operations=4)
