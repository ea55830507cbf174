"""Takes traces in over HTTP, where an OpenTelemetry collector would, and keeps them."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from examples.observed.span import Span, read_json, read_protobuf


class _Handler(BaseHTTPRequestHandler):
    spans: list[Span]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_json = "json" in self.headers["Content-Type"]
        self.spans.extend(read_json(body) if is_json else read_protobuf(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of each."""


@contextlib.contextmanager
def collecting(spans: list[Span]) -> Iterator[str]:
    """The URL to which spans are to be sent for the time of the context; they come to `spans`."""
    handler = type("Handler", (_Handler,), {"spans": spans})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
