"""The gRPC connection to one Triton server."""

from typing import Final

from tritonclient.grpc import MAX_GRPC_MESSAGE_SIZE
from tritonclient.grpc.aio import InferenceServerClient

_CHANNEL_OPTIONS: Final = [
    ("grpc.max_send_message_length", MAX_GRPC_MESSAGE_SIZE),
    ("grpc.max_receive_message_length", MAX_GRPC_MESSAGE_SIZE),
    # A machine that vanished without a word is noticed when it has acknowledged nothing for that
    # long (gRPC makes TCP_USER_TIMEOUT of it); and it is sent something every second.
    ("grpc.keepalive_timeout_ms", 2_000),
    # Notice a server that hangs on a machine that lives. Triton tolerates two pings without data
    # between its answers and closes the connection at the third.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.http2.max_pings_without_data", 2),
    # A restarted Triton is found within a second, not after gRPC's usual two minutes.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 1_000),
    ("grpc.max_reconnect_backoff_ms", 1_000),
]


def connect(address: str) -> InferenceServerClient:
    """Prepare a connection to `host:port`; must be called in a running event loop."""
    return InferenceServerClient(address, channel_args=_CHANNEL_OPTIONS)
