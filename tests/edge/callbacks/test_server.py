"""The server is closed while somebody connects."""

import asyncio
import socket

import pytest

from lan_edge.callbacks.server import Server

from ..peers import LOOPBACK


@pytest.mark.parametrize("rounds", range(4))
async def test_a_connection_that_is_made_just_then(rounds: int) -> None:
    """Whatever the loop has done of it, nothing fails that nobody waits for."""
    for _ in range(10):
        server = Server(lambda *_: None, lambda _: None, lambda _: True)
        await server.open(LOOPBACK, 0)
        with socket.create_connection((LOOPBACK, server.port)):
            for _ in range(rounds):
                await asyncio.sleep(0)
            await server.close()
            await asyncio.sleep(0.01)
