"""A network of this machine alone: hosts that are namespaces, and a bridge that joins them."""

import contextlib
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.process import program

# Addresses for tests of networks (RFC 2544), which no real network uses.
PREFIX = f"198.18.{os.getpid() % 256}"
GATEWAY = f"{PREFIX}.1"
NAMESPACE_FILES = Path("/etc/netns")  # what `ip netns exec` lays over /etc


@dataclass(frozen=True)
class Host:
    """A namespace with an address.

    Attributes:
        namespace: its name.
        address: its address.
        link: the end of its cable at the bridge.
    """

    namespace: str
    address: str
    link: str

    def command(self, *words: str) -> list[str]:
        """The command that runs `words` there, in the same process."""
        return [str(program("ip", "iproute2")), "netns", "exec", self.namespace, *words]

    def unplug(self) -> None:
        """Pull the cable out: nothing arrives any more, and nobody is told."""
        ip("link", "set", self.link, "down")

    def plug_in(self) -> None:
        """Put it back."""
        ip("link", "set", self.link, "up")


def ip(*words: str) -> None:
    """Run Linux's `ip`."""
    subprocess.run([program("ip", "iproute2"), *words], check=True, capture_output=True, text=True)


@contextlib.contextmanager
def network(
    names: Sequence[str], aliases: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, Host]]:
    """Make a host of each name, reached from here and from each other.

    Args:
        names: the hosts'.
        aliases: names that are resolved on every host, and the hosts that they stand for.
    """
    if os.getuid() != 0:
        pytest.fail("network namespaces are made by root alone", pytrace=False)
    bridge = f"rt{os.getpid()}"
    hosts = {
        name: Host(f"{bridge}-{name}", f"{PREFIX}.{number}", f"{bridge}v{number}")
        for number, name in enumerate(names, start=10)
    }
    table = [f"{hosts[host].address} {alias}" for alias in aliases for host in aliases[alias]]
    with contextlib.ExitStack() as stack:
        ip("link", "add", bridge, "type", "bridge")
        stack.callback(ip, "link", "del", bridge)
        ip("addr", "add", f"{GATEWAY}/24", "dev", bridge)
        ip("link", "set", bridge, "up")
        for host in hosts.values():
            _add(stack, host, bridge, "\n".join(["127.0.0.1 localhost", *table, ""]))
        yield hosts


def _add(stack: contextlib.ExitStack, host: Host, bridge: str, names: str) -> None:
    files = NAMESPACE_FILES / host.namespace
    files.mkdir(parents=True)
    stack.callback(files.rmdir)
    (files / "hosts").write_text(names)
    stack.callback((files / "hosts").unlink)
    ip("netns", "add", host.namespace)
    stack.callback(ip, "netns", "del", host.namespace)
    inside = ("-n", host.namespace)
    peer = ("peer", "name", "eth0", "netns", host.namespace)
    ip("link", "add", host.link, "type", "veth", *peer)
    ip("link", "set", host.link, "master", bridge, "up")
    ip(*inside, "addr", "add", f"{host.address}/24", "dev", "eth0")
    ip(*inside, "link", "set", "eth0", "up")
    ip(*inside, "link", "set", "lo", "up")
