"""`retouch serve`."""

import os
from typing import Annotated

import typer

from retouch.command_line.repositories import (
    DEFAULT_HOME,
    HomeOption,
    RepositoryOption,
    repositories_of,
)
from retouch.server.options import ServeOptions, TritonPorts


def serve(
    host: Annotated[
        str, typer.Option(envvar="RETOUCH_HOST", help="Address that the API listens on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(envvar="RETOUCH_PORT", help="Port that the API listens on.")
    ] = 8080,
    metrics_port: Annotated[
        int | None,
        typer.Option(envvar="RETOUCH_METRICS_PORT", help="Port of /metrics. Default: none."),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    model_repository: RepositoryOption = None,
    triton: Annotated[
        str | None,
        typer.Option(
            envvar="RETOUCH_TRITON",
            metavar="grpc://HOST:PORT",
            help="Use this Triton server, or several with commas, instead of starting one.",
        ),
    ] = None,
    triton_http_port: Annotated[int, typer.Option(envvar="RETOUCH_TRITON_HTTP_PORT")] = 8000,
    triton_grpc_port: Annotated[int, typer.Option(envvar="RETOUCH_TRITON_GRPC_PORT")] = 8001,
    triton_metrics_port: Annotated[int, typer.Option(envvar="RETOUCH_TRITON_METRICS_PORT")] = 8002,
) -> None:
    """Serve the API: start Triton with the models, then the frontend before it."""
    # We fork, to start Triton, and gRPC's handlers for that only warn: its threads are running.
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    from retouch.server.serve import run

    run(
        ServeOptions(
            host=host,
            port=port,
            metrics_port=metrics_port,
            home=home,
            model_repositories=repositories_of(model_repository, home),
            triton_url=triton,
            triton_ports=TritonPorts(triton_http_port, triton_grpc_port, triton_metrics_port),
        )
    )
