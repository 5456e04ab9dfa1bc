"""The client of one `open`: what was under way when it is closed."""

import asyncio

import pytest
from yarl import URL

from lan_edge import HttpOptions, UnreachableError
from lan_edge.diagnostics.trace import Trace
from lan_edge.transports.http.client import HttpClient
from lan_edge.transports.http.messages import Request

from ...peers import TcpPeer, Wire


async def half_a_body(wire: Wire) -> None:
    await wire.reader.readuntil(b"\r\n\r\n")
    wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await wire.reader.read()


async def test_closed_between_two_pieces_of_a_body() -> None:
    closing: list[asyncio.Task[None]] = []

    def heard() -> None:
        closing.append(asyncio.Task(client.close(), eager_start=True))

    async with TcpPeer(half_a_body) as peer:
        client = HttpClient(HttpOptions(), False, Trace(), heard)
        url = URL.build(scheme="http", host=peer.address.host, port=peer.address.port, path="/x")
        with pytest.raises(UnreachableError, match="GET /x: given up before the device answered"):
            await client.send(Request("GET", url, b"", {}, ""))
        await asyncio.gather(*closing)
