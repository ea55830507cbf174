"""What the operator chooses for `retouch serve`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retouch.server.ports import Port

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class TritonPorts:
    """Where the embedded Triton listens, on loopback only."""

    http: int
    grpc: int
    metrics: int

    def __iter__(self) -> Iterator[Port]:
        """The three ports as things to check."""
        yield Port(self.http, LOOPBACK, "Triton HTTP", "--triton-http-port")
        yield Port(self.grpc, LOOPBACK, "Triton gRPC", "--triton-grpc-port")
        yield Port(self.metrics, LOOPBACK, "Triton metrics", "--triton-metrics-port")


@dataclass(frozen=True)
class ServeOptions:
    """The whole of it.

    Attributes:
        host: the address that the frontend listens on.
        port: the port that the frontend listens on.
        metrics_port: the port of the frontend's metrics, or None.
        home: database, results, logs and assembled backends live here.
        model_repositories: what the embedded Triton serves.
        triton_url: the setting that names servers elsewhere, or None for the embedded one.
        triton_ports: where the embedded one listens.
    """

    host: str
    port: int
    metrics_port: int | None
    home: Path
    model_repositories: tuple[Path, ...]
    triton_url: str | None
    triton_ports: TritonPorts

    @property
    def frontend_port(self) -> Port:
        """The frontend's port as a thing to check."""
        return Port(self.port, self.host, "the API", "--port")

    @property
    def own_triton(self) -> str:
        """`host:port` of the embedded one's gRPC."""
        return f"{LOOPBACK}:{self.triton_ports.grpc}"
