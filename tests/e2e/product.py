"""The product as a user runs it: `retouch serve` in a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

RETOUCH = Path(sys.executable).with_name("retouch")
START_SECONDS = 120
STOP_SECONDS = 60


@dataclass(frozen=True)
class Product:
    """Where a running product is reached, and how it was started."""

    url: str
    triton: str  # host:port of gRPC
    metrics: tuple[str, str]  # pages of the frontend's metrics and of Triton's
    home: Path
    process: subprocess.Popen[str]
    key: str

    @property
    def headers(self) -> dict[str, str]:
        """What a client with a key sends."""
        return {"Authorization": f"Bearer {self.key}"}


def command(home: Path, repositories: Sequence[Path], *options: str) -> list[str]:
    """`retouch serve` on ports that nobody uses."""
    ports = dict(zip(PORT_OPTIONS, free_ports(len(PORT_OPTIONS)), strict=True))
    return [
        str(RETOUCH),
        "serve",
        f"--home={home}",
        *(f"--model-repository={repository}" for repository in repositories),
        *(f"{option}={port}" for option, port in ports.items()),
        *options,
    ]


PORT_OPTIONS = (
    "--port",
    "--metrics-port",
    "--triton-http-port",
    "--triton-grpc-port",
    "--triton-metrics-port",
)


def free_ports(count: int) -> list[int]:
    """Ports that are free now, all different."""
    with contextlib.ExitStack() as stack:
        listeners = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return [listener.getsockname()[1] for listener in listeners]


@contextlib.contextmanager
def running(
    home: Path,
    repositories: Sequence[Path],
    *options: str,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Product]:
    """Start the product, wait until it is ready, and stop it at the end."""
    arguments = command(home, repositories, *options)
    log = home / "serve.log"
    home.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        process = subprocess.Popen(
            arguments,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **(environment or {})},
        )
    try:
        product = Product(
            url=f"http://127.0.0.1:{value_of(arguments, '--port')}",
            triton=f"127.0.0.1:{value_of(arguments, '--triton-grpc-port')}",
            metrics=(
                f"http://127.0.0.1:{value_of(arguments, '--metrics-port')}/metrics",
                f"http://127.0.0.1:{value_of(arguments, '--triton-metrics-port')}/metrics",
            ),
            home=home,
            process=process,
            key=create_key(home, environment=environment),
        )
        wait_until_ready(product, log)
        yield product
    finally:
        stop(process)


def value_of(arguments: Sequence[str], option: str) -> str:
    """The value that a command line gives to an option."""
    return next(a.split("=", 1)[1] for a in arguments if a.startswith(f"{option}="))


def create_key(home: Path, *options: str, environment: Mapping[str, str] | None = None) -> str:
    """A new key, as `retouch keys create` prints it."""
    return retouch(home, "keys", "create", "tests", *options, environment=environment).strip()


def retouch(home: Path, *words: str, environment: Mapping[str, str] | None = None) -> str:
    """What a command prints that works on the product of `home`."""
    done = subprocess.run(
        [str(RETOUCH), *words],
        env={**os.environ, **(environment or {}), "RETOUCH_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def wait_until_ready(product: Product, log: Path) -> None:
    """Poll the readiness route; fail with the log if the process ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and product.process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{product.url}/health/ready").status_code == httpx.codes.OK:
                return
        time.sleep(0.2)
    raise AssertionError(f"the product did not start:\n{log.read_text()}")


def stop(process: subprocess.Popen[str]) -> int:
    """Stop the product as an operator does, and return its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    return process.wait(STOP_SECONDS)
