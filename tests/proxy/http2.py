"""A request over HTTP/2 that is taken back while its connection stays, as browsers do."""

import asyncio
from collections.abc import Mapping
from typing import Final

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes

from tests.proxy.raw import hang_up
from tests.servers.nginx import Proxy

_STREAM: Final = 1
_CHUNK_BYTES: Final = 65536


class Http2Request:
    """One request on a connection of its own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._state = H2Connection(H2Configuration(header_encoding="utf-8"))

    @classmethod
    async def open(cls, proxy: Proxy) -> "Http2Request":
        """Connect; the proxy has to choose HTTP/2."""
        tls = proxy.tls
        tls.set_alpn_protocols(["h2", "http/1.1"])
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.https_port, ssl=tls)
        assert writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"
        return cls(reader, writer)

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Send the whole request."""
        pseudo = {":method": "POST", ":scheme": "https", ":authority": "test", ":path": path}
        fields = pseudo | {name.lower(): value for name, value in headers.items()}
        self._state.initiate_connection()
        self._state.send_headers(_STREAM, list(fields.items()))
        while body:
            room = self._state.local_flow_control_window(_STREAM)
            size = min(room, self._state.max_outbound_frame_size, len(body))
            if size > 0:
                self._state.send_data(_STREAM, body[:size], end_stream=size == len(body))
                body = body[size:]
                await self._flush()
            else:
                await self._flush()
                self._state.receive_data(await self._reader.read(_CHUNK_BYTES))

    async def take_back(self) -> None:
        """Say that the answer is not wanted any more."""
        self._state.reset_stream(_STREAM, ErrorCodes.CANCEL)
        await self._flush()

    async def close(self) -> None:
        """Close the connection."""
        await hang_up(self._writer)

    async def _flush(self) -> None:
        self._writer.write(self._state.data_to_send())
        await self._writer.drain()
