"""How far a transport is opened to ask a device who it is, and to pair with it."""

import asyncio
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    FrameRequests,
    Frames,
    FramesOptions,
    JsonCodec,
    JsonRpc,
    JsonRpcOptions,
    Lines,
    LinesOptions,
    Sse,
    SseOptions,
    Udp,
    UdpOptions,
    UnreachableError,
    WebSocket,
    WebSocketOptions,
)

from ..locked import PIN, TOKEN, WORDS, Locked, locked
from ..peers import TcpPeer, Wire, until
from .contract import Heard

HOWS = ["open_to_ask", "open_to_pair"]


def sse(status: int, token: str = "") -> Sse:
    options = SseOptions(headers={"X-Token": token}, login_statuses={status})
    return Sse(Heard().link(), options)


def websocket(status: int, token: str = "", **options: Any) -> WebSocket:
    headers = {"X-Token": token}
    return WebSocket(
        Heard().link(),
        WebSocketOptions(path="/ws", headers=headers, login_statuses={status}, **options),
    )


# by HTTP


@pytest.mark.parametrize("how", HOWS)
async def test_sse_makes_requests_before_there_is_a_stream(how: str) -> None:
    io = sse(403)
    async with locked(Locked()) as gate:
        await getattr(io, how)(gate.address)
        assert not gate.asked
        assert (await io.post("/pair", PIN)).text() == TOKEN
        await io.close()
        assert gate.asked == ["POST /pair"]


@pytest.mark.parametrize("how", HOWS)
async def test_websocket_makes_requests_before_there_is_a_socket(how: str) -> None:
    io = websocket(403)
    async with locked(Locked()) as gate:
        await getattr(io, how)(gate.address)
        assert not gate.asked
        assert (await io.http.post("/pair", PIN)).text() == TOKEN
        await io.close()
        assert gate.asked == ["POST /pair"]
        with pytest.raises(UnreachableError, match="not connected"):
            await io.http.post("/pair", PIN)


@pytest.mark.parametrize("make", [sse, websocket])
@pytest.mark.parametrize("status", [401, 403, 418])
async def test_a_refused_login_while_opening(make: Any, status: int) -> None:
    async with locked(Locked(status=status)) as gate:
        with pytest.raises(CredentialsError, match=f"was refused: {WORDS}"):
            await make(status).open(gate.address)
        usual = 401
        error = CredentialsError if status == usual else UnreachableError
        with pytest.raises(error, match=WORDS):
            await make(usual).open(gate.address)
        io = make(status, TOKEN)
        await io.open(gate.address)
        await io.close()


# the WebSocket's own messages


async def test_a_socket_opens_when_it_is_used_before_it_is_opened() -> None:
    io = websocket(403, TOKEN)
    async with locked(Locked()) as gate:
        await io.open_to_ask(gate.address)
        assert [*await asyncio.gather(io.ask("id"), io.ask("id"))] == ["gate-1", "gate-1"]
        assert gate.asked == ["GET /ws"]
        await io.close()
        with pytest.raises(UnreachableError, match="not connected"):
            await io.ask("id")


async def test_a_socket_that_is_refused_leaves_the_requests() -> None:
    io = websocket(403)
    async with locked(Locked()) as gate:
        await io.open_to_pair(gate.address)
        with pytest.raises(CredentialsError, match=WORDS):
            await io.ask("id")
        assert (await io.http.post("/pair", PIN)).text() == TOKEN
        await io.close()


async def test_a_lost_socket_opens_again_in_a_pairing_only() -> None:
    async with locked(Locked()) as gate:
        for how, again in (("open_to_pair", True), ("open", False)):
            io = websocket(403, TOKEN)
            await getattr(io, how)(gate.address)
            await io.listen()
            io._break(UnreachableError("cut"))
            assert io.heard_at == 0
            if again:
                assert await io.ask("id") == "gate-1"
            else:
                with pytest.raises(UnreachableError):
                    await io.ask("id")
            await io.close()


# logins on the connection


async def no_token(_io: Any) -> None:
    raise CredentialsError("there is no token yet")


async def wrong_token(io: Lines) -> None:
    await io.ask("LOGIN")


async def shout(wire: Wire) -> None:
    """Answer each line; hang up on who logs in."""
    async for line in wire.lines():
        if line == b"LOGIN\n":
            return
        await wire.send(line.upper())


@pytest.mark.parametrize("login", [no_token, wrong_token])
async def test_lines_are_paired_without_the_login(login: Any) -> None:
    io = Lines(Heard().link(), LinesOptions(login=login))
    async with TcpPeer(shout) as peer:
        with pytest.raises((CredentialsError, UnreachableError)):
            await io.open_to_ask(peer.address)
        await io.open_to_pair(peer.address)
        assert await io.ask("pair me") == "PAIR ME"
        with pytest.raises((CredentialsError, UnreachableError)):
            await io.open(peer.address)
        with pytest.raises(UnreachableError):
            await io.ask("pair me")
        await until(lambda: not peer.wires)


async def test_a_login_that_works_without_a_secret_is_made_before_pairing() -> None:
    async def greet(io: Lines) -> None:
        assert await io.ask("hello") == "HELLO"

    io = Lines(Heard().link(), LinesOptions(login=greet))
    async with TcpPeer(shout) as peer:
        await io.open_to_pair(peer.address)
        assert await io.ask("pair me") == "PAIR ME"
        assert peer.accepted == 1
        await io.close()


async def echo(wire: Wire) -> None:
    while data := await wire.reader.read(1000):
        await wire.send(data)


@pytest.mark.parametrize(
    "io",
    [
        Frames(Heard().link(), FramesOptions(codec=JsonCodec, login=no_token)),
        FrameRequests(Heard().link(), FramesOptions(codec=JsonCodec, login=no_token)),
    ],
)
async def test_frames_are_paired_without_the_login(io: Frames | FrameRequests) -> None:
    async with TcpPeer(echo) as peer:
        await io.open_to_pair(peer.address)
        assert await io.ask({"pair": 1}) == {"pair": 1}
        with pytest.raises(CredentialsError):
            await used(io, peer.address)
        await io.close()


async def used(io: Frames | FrameRequests, address: Address) -> None:
    await io.open(address)
    await io.ask({"pair": 1})


async def test_json_rpc_is_paired_without_the_login() -> None:
    async def answer(wire: Wire) -> None:
        async for line in wire.lines():
            await wire.send(line.replace(b'"method":"pair"', b'"result":"t0ken"'))

    io = JsonRpc(Heard().link(), JsonRpcOptions(login=no_token))
    async with TcpPeer(answer) as peer:
        await io.open_to_pair(peer.address)
        assert await io.call("pair") == "t0ken"
        await io.close()


async def test_udp_is_paired_without_the_login() -> None:
    class Echo(asyncio.DatagramProtocol):
        @override
        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        @override
        def datagram_received(self, data: bytes, addr: Any) -> None:
            self.transport.sendto(data, addr)

    loop = asyncio.get_running_loop()
    server, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    io = Udp(Heard().link(), UdpOptions(port=server.get_extra_info("sockname")[1], login=no_token))
    await io.open_to_pair(Address("127.0.0.1"))
    assert await io.ask(b"pair", match=lambda m: m == b"pair") == b"pair"
    with pytest.raises(CredentialsError):
        await io.open(Address("127.0.0.1"))
    with pytest.raises(UnreachableError):
        await io.ask(b"pair")
    server.close()
