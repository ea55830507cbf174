"""Runs the suite against a server that is running already."""

import os
import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer

from tests.conformance.target import KEY_VARIABLE, MODEL_VARIABLE, URL_VARIABLE


def main(
    base_url: Annotated[str, typer.Option(help="As clients are told it, with /v1.")],
    key: Annotated[str, typer.Option(help="An API key without limits.")],
    model: Annotated[str | None, typer.Option(help="Default: the first that is listed.")] = None,
) -> None:
    """Run the suite but for the tests that need a server of their own."""
    os.environ |= {URL_VARIABLE: base_url, KEY_VARIABLE: key}
    if model is not None:
        os.environ[MODEL_VARIABLE] = model
    folder = str(Path(__file__).parent)
    sys.exit(pytest.main([folder, "-p", "no:cacheprovider", "-m", "not own_server"]))


if __name__ == "__main__":
    typer.run(main)
