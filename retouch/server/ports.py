"""Ports are checked before anything starts: Triton's own complaint comes late."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass

from retouch.server.errors import PortTaken


@dataclass(frozen=True)
class Port:
    """A port that we will listen on, and how the operator can choose another."""

    number: int
    host: str
    purpose: str
    option: str

    def is_free(self) -> bool:
        """Whether a listener can be opened now."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the servers do: a port whose last connections are still closing counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.number))
            except OSError:
                return False
        return True


def require_free(ports: Iterable[Port]) -> None:
    """Raise `PortTaken` for the first port in use."""
    for port in ports:
        if not port.is_free():
            variable = "RETOUCH_" + port.option.removeprefix("--").replace("-", "_").upper()
            raise PortTaken(
                f"port {port.number} ({port.purpose}) is taken: "
                f"choose another with {port.option} or {variable}"
            )
