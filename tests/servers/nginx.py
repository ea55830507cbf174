"""The proxy: nginx with the configuration of `docker/proxy`, as its image renders it."""

import contextlib
import os
import re
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.e2e.product import free_ports
from tests.servers.process import program, running

CONFIGURATION = Path("docker/proxy")
PORTS = ("PROXY_HTTPS_PORT", "PROXY_HTTP_PORT", "PROXY_HEALTH_PORT")
_VARIABLE = re.compile(r"^(\w+)=(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Proxy:
    """Where a running proxy is reached."""

    https_port: int
    http_port: int
    certificate: Path  # signed by itself, for 127.0.0.1
    log: Path

    @property
    def url(self) -> str:
        """What clients use."""
        return f"https://127.0.0.1:{self.https_port}"

    @property
    def tls(self) -> ssl.SSLContext:
        """What a client trusts."""
        return ssl.create_default_context(cafile=self.certificate)


def default_variables() -> dict[str, str]:
    """The variables of the templates with their defaults."""
    return dict(_VARIABLE.findall((CONFIGURATION / "proxy.env").read_text()))


@contextlib.contextmanager
def running_proxy(
    frontends: Sequence[str], ports: Sequence[int] | None = None, **variables: str
) -> Iterator[Proxy]:
    """Run the proxy before `frontends` (host:port) until the end of the context.

    `ports` are those for HTTPS, HTTP and its own health. It runs as nobody, if we may choose.
    """
    # pytest's own temporary folders are closed to its user.
    folder = Path(tempfile.mkdtemp(prefix="retouch-proxy-"))
    https_port, http_port, health_port = ports or free_ports(len(PORTS))
    chosen = dict(zip(PORTS, map(str, (https_port, http_port, health_port)), strict=True))
    servers = " ".join(f"server {each} max_fails=1 fail_timeout=2s;" for each in frontends)
    paths = {"PROXY_CERTIFICATE": folder / "tls.crt", "PROXY_CERTIFICATE_KEY": folder / "tls.key"}
    chosen |= {name: str(path) for name, path in paths.items()}
    chosen |= {"PROXY_SERVERS": servers, "PROXY_RESOLVER": "127.0.0.1"}
    try:
        make_certificate(*paths.values())
        shutil.copy(CONFIGURATION / "nginx.conf", folder)
        known = default_variables()
        render(CONFIGURATION / "templates", folder / "conf.d", known | chosen | variables)
        log = folder / "log"
        log.touch()
        user = _give_away(folder)
        command = [str(program("nginx", "nginx")), "-p", f"{folder}/", "-c", f"{folder}/nginx.conf"]
        with running([*command, "-g", "daemon off;"], log, lambda: _is_up(health_port), user):
            yield Proxy(https_port, http_port, paths["PROXY_CERTIFICATE"], log)
    finally:
        shutil.rmtree(folder)


def render(templates: Path, target: Path, variables: Mapping[str, str]) -> None:
    """Fill the templates in with the program that the image does it with."""
    names = " ".join(f"${{{name}}}" for name in variables)
    for template in templates.rglob("*.template"):
        file = target / template.relative_to(templates).with_suffix("")
        file.parent.mkdir(parents=True, exist_ok=True)
        with template.open() as source, file.open("w") as rendered:
            subprocess.run(
                [program("envsubst", "gettext-base"), names],
                stdin=source,
                stdout=rendered,
                env=dict(variables),
                check=True,
            )


def make_certificate(certificate: Path, key: Path) -> None:
    """Make a certificate for this machine's loopback address."""
    command: list[str | Path] = [program("openssl", "openssl"), "req", "-x509", "-nodes"]
    command += ["-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-subj", "/CN=tests", "-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)


def _give_away(folder: Path) -> str | None:
    if os.getuid() != 0:
        return None
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, "nobody")
    return "nobody"


def _is_up(port: int) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}").status_code == httpx.codes.NO_CONTENT
    return False
