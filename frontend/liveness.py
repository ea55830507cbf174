"""`python -m frontend.liveness`: whether the frontend of this container answers.

For the health check of an image that has no curl. The port is `RETOUCH_PORT`, as of the frontend.
Needs nothing but the standard library. Exit code 0: it lives; 1: not, and a line says why.
"""

import http.client
import os
import sys

PATH = "/health/live"
TIMEOUT_SECONDS = 4.0


def main() -> None:
    """Ask the frontend, and end with the exit code."""
    port = int(os.environ.get("RETOUCH_PORT") or "8080")
    try:
        status = _status(port)
    except (OSError, http.client.HTTPException) as error:
        sys.exit(f"the frontend does not answer at port {port}: {error}")
    if status != http.client.OK:
        sys.exit(f"the frontend answers {PATH} with {status}")


def _status(port: int) -> int:
    # Not urllib, which would ask a proxy that the environment names.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", PATH)
        return connection.getresponse().status
    finally:
        connection.close()


if __name__ == "__main__":
    main()
