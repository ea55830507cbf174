"""A network of the containers' own: they keep their usual ports, and this machine reaches them."""

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from tests.containers.engine import run


@dataclass(frozen=True)
class Network:
    """A network namespace, and its address as this machine sees it."""

    namespace: str
    address: str

    @property
    def option(self) -> str:
        """What puts a container into it."""
        return f"--network=ns:/run/netns/{self.namespace}"


@contextlib.contextmanager
def network() -> Iterator[Network]:
    """Make a namespace with one cable to this machine; it goes with the context."""
    name = f"rtc{secrets.token_hex(4)}"
    ours, theirs = f"{name}o", f"{name}t"
    # Of the block for measurements (RFC 2544), which nothing else uses.
    prefix = f"198.18.{secrets.randbelow(256)}"
    run(["ip", "netns", "add", name])
    try:
        run(["ip", "link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", name])
        run(["ip", "address", "add", f"{prefix}.1/30", "dev", ours])
        run(["ip", "link", "set", ours, "up"])
        inside = ["ip", "-netns", name]
        run([*inside, "address", "add", f"{prefix}.2/30", "dev", theirs])
        run([*inside, "link", "set", theirs, "up"])
        run([*inside, "link", "set", "lo", "up"])
        yield Network(name, f"{prefix}.2")
    finally:
        run(["ip", "netns", "delete", name])
