"""An S3 server of its own process."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx

START_SECONDS = 60
PAGE_KEYS = 3  # so that a listing of a few objects has pages
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "us-east-1",
}


@contextlib.contextmanager
def running(host: str = "127.0.0.1") -> Iterator[str]:
    """Moto's server, at an address of ours; yields its URL."""
    with socket.create_server((host, 0)) as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", host, "-p", str(port)],
        env=os.environ | {"MOTO_S3_DEFAULT_MAX_KEYS": str(PAGE_KEYS)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://{host}:{port}"
        wait_until_up(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def wait_until_up(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url)
            return
        assert time.monotonic() < deadline, "the S3 server did not start"
        time.sleep(0.1)


def create_bucket(url: str, name: str) -> None:
    """Make an empty bucket; whoever is asked for credentials gives `CREDENTIALS`."""
    httpx.put(f"{url}/{name}").raise_for_status()


def keys(url: str, bucket: str) -> list[str]:
    """The names in a bucket, as its listing shows them to anyone."""
    listing = httpx.get(f"{url}/{bucket}", params={"max-keys": 1000}).raise_for_status().text
    return [part.partition("</Key>")[0] for part in listing.split("<Key>")[1:]]
