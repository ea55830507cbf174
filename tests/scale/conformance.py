"""The conformance suite, asked through the proxy."""

import os
import subprocess
import sys

from tests.conformance.target import KEY_VARIABLE, URL_VARIABLE
from tests.conformance.toolchain import CLIENTS
from tests.scale.cluster import Cluster

FOLDER = "tests/conformance"
# Each form of the request and of the answer, by each client. `python -m tests.scale` runs all.
CORE = ("test_contract_page.py", "test_models.py", "test_streaming.py")


def run(cluster: Cluster, key: str, *files: str) -> subprocess.CompletedProcess[bytes]:
    """Run files of the suite, or all of it, as the command `python -m tests.conformance` does."""
    for client in CLIENTS.values():
        client.command()  # installs it: from servers that the certificate below is not for
    certificate = str(cluster.proxy.certificate)
    trust = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE")
    environment = dict.fromkeys(trust, certificate)
    environment |= {URL_VARIABLE: f"{cluster.proxy.url}/v1", KEY_VARIABLE: key}
    paths = [f"{FOLDER}/{file}" for file in files] or [FOLDER]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "not own_server"]
    return subprocess.run(
        [*command, *paths], env={**os.environ, **environment}, capture_output=True, check=False
    )
