"""Where Triton is: what an operator may name, and the addresses behind a name."""

import asyncio
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

_TARGET: Final = re.compile(
    r"(?P<scheme>grpc://|dns:///)?(?P<host>\[[0-9A-Fa-f:.]+\]|[\w.-]+):(?P<port>\d{1,5})"
)
_LARGEST_PORT: Final = 65535


@dataclass(frozen=True)
class Target:
    """One server, or a name that stands for as many servers as it has addresses.

    Attributes:
        host: a name or an address; one of IPv6 in brackets.
        port: of gRPC.
        is_several: whether each address of the name is a server of its own.
    """

    host: str
    port: int
    is_several: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `grpc://HOST:PORT`, `HOST:PORT` or, with gRPC's own word, `dns:///NAME:PORT`.

        Raises:
            ValueError: it is none of them.
        """
        found = _TARGET.fullmatch(text)
        if found is None or not 0 < int(found["port"]) <= _LARGEST_PORT:
            raise ValueError(
                "expected grpc://HOST:PORT or dns:///NAME:PORT, or several with commas"
            )
        return cls(found["host"], int(found["port"]), found["scheme"] == "dns:///")

    async def addresses(self) -> list[str]:
        """Return each server's `host:port`.

        Raises:
            OSError: the name cannot be resolved now.
        """
        if not self.is_several:
            return [f"{self.host}:{self.port}"]
        found = await asyncio.get_running_loop().getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM
        )
        # Of one family only: a server that has an address of each would count twice.
        family = found[0][0]
        hosts = sorted({place[0] for other, *_, place in found if other == family})
        form = "[{}]:{}" if family == socket.AF_INET6 else "{}:{}"
        return [form.format(host, self.port) for host in hosts]


def targets_of(setting: str) -> Sequence[Target]:
    """Return what an operator's setting names, one or several with commas.

    Raises:
        ValueError: a part of it names nothing.
    """
    return [Target.parse(part.strip()) for part in setting.split(",")]


def checked_triton(setting: str) -> str:
    """Return the setting as it is.

    Raises:
        ValueError: a part of it names nothing.
    """
    targets_of(setting)
    return setting
