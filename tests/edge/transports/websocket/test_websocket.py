"""WebSocket: the contract on bare frames, the rest with aiohttp's server."""

import asyncio
import base64
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
import hashlib
import time
from typing import Any, override

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings, strategies as st
import orjson
import pytest

from lan_edge import (
    Address,
    CredentialsError,
    EdgeError,
    ReplyError,
    TimedOutError,
    UnreachableError,
    WebSocket,
    WebSocketOptions,
)

from ...peers import TcpPeer, Wire, until, websocket_timers
from ..contract import Contract, Heard, Kit

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(data: bytes, opcode: int = 1) -> bytes:
    """Return a server's frame."""
    if len(data) < 126:
        return bytes([0x80 | opcode, len(data)]) + data
    return bytes([0x80 | opcode, 126]) + len(data).to_bytes(2, byteorder="big") + data


async def read(wire: Wire) -> tuple[int, bytes]:
    """Return a client's frame: opcode and data."""
    first, second = await wire.reader.readexactly(2)
    length = second & 0x7F
    if length == 126:
        length = int.from_bytes(await wire.reader.readexactly(2), byteorder="big")
    mask = await wire.reader.readexactly(4)
    data = await wire.reader.readexactly(length)
    return first & 0x0F, bytes(b ^ mask[i % 4] for i, b in enumerate(data))


async def upgrade(wire: Wire) -> bytes:
    """Answer the handshake; return what was asked."""
    head = await wire.reader.readuntil(b"\r\n\r\n")
    (key,) = (h[19:] for h in head.split(b"\r\n") if h.lower().startswith(b"sec-websocket-key: "))
    accept = base64.b64encode(hashlib.sha1(key + GUID).digest())  # noqa: S324  # as RFC 6455 says
    wire.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )
    return head


async def shout(wire: Wire) -> None:
    await upgrade(wire)
    while True:
        opcode, data = await read(wire)
        if opcode == 8:
            wire.write(frame(data, 8))
            return
        await wire.send(frame(data.upper(), opcode))


class TestWebSocket(Contract):
    kit = Kit(
        make=lambda link: WebSocket(
            link, WebSocketOptions(timeout=0.4, limit=1000, messages="text")
        ),
        serve=shout,
        use=lambda ws: ws.ask("power?"),
        answer="POWER?",
        garbage=b"\xff\xff\xff\xff",
        oversize=frame(b"x" * 1002),
    )

    @override
    async def test_the_connection_is_not_accepted(
        self, transport: Any, peer: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lan_edge.transports.websocket.websocket.CONNECT_TIMEOUT", 0.1)
        await super().test_the_connection_is_not_accepted(transport, peer, monkeypatch)

    @override
    async def test_oversize(self, transport: Any, peer: Any, heard: Heard) -> None:
        await transport.open(peer.address)
        peer.instead = frame(b"x" * 1000)
        assert await self.kit.use(transport) == "x" * 1000
        heard.messages.clear()
        peer.instead = self.kit.oversize
        error = await self.fails(transport, ReplyError)
        assert "1009" in str(error)
        assert not heard.messages


@pytest.fixture
def heard() -> Heard:
    return Heard()


type Serve = Callable[[web.WebSocketResponse, web.Request], Awaitable[None]]


@asynccontextmanager
async def served(
    serve: Serve, protocols: tuple[str, ...] = (), **options: Any
) -> AsyncGenerator[Address]:
    async def handle(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(protocols=protocols, **options)
        await ws.prepare(request)
        await serve(ws, request)
        return ws

    app = web.Application()
    app.router.add_get("/rpc", handle)
    async with TestServer(app, host="127.0.0.1") as server:
        assert server.port
        yield Address("127.0.0.1", server.port)


@asynccontextmanager
async def opened(
    address: Address, heard: Heard, options: WebSocketOptions
) -> AsyncGenerator[WebSocket]:
    ws = WebSocket(heard.link(), options)
    await ws.open(address)
    try:
        yield ws
    finally:
        await ws.close()


async def echo(ws: web.WebSocketResponse, _request: web.Request) -> None:
    async for message in ws:
        await ws.send_str(message.data)


RPC = WebSocketOptions(path="/rpc", timeout=0.3, key=lambda m: m.get("id"))


# messages


async def shelly(ws: web.WebSocketResponse, _request: web.Request) -> None:
    """Answer every two requests in the other order, after a notification."""
    while not ws.closed:
        with suppress(TypeError):
            first, second = [orjson.loads(await ws.receive_str()) for _ in range(2)]
            await ws.send_json({"method": "NotifyStatus", "params": {"output": True}})
            for request in (second, first):
                await ws.send_json({"id": request["id"], "result": request["method"]})


async def test_json_replies_by_id_and_all_in_order_to_the_driver(heard: Heard) -> None:
    async with served(shelly) as address, opened(address, heard, RPC) as ws:

        async def call(method: str) -> Any:
            return (await ws.ask({"id": ws.number(), "method": method}))["result"]

        assert [*await asyncio.gather(call("a"), call("b"))] == ["a", "b"]
        assert heard.messages == [
            {"method": "NotifyStatus", "params": {"output": True}},
            {"id": 2, "result": "b"},
            {"id": 1, "result": "a"},
        ]
    assert not heard.lost


@pytest.mark.parametrize(
    ("messages", "good", "bad"),
    [("json", '{"id":1}', "{"), ("text", "hello", b"hello"), ("binary", b"hello", "hello")],
)
async def test_an_invalid_message_is_counted(
    heard: Heard, messages: Any, good: str | bytes, bad: str | bytes
) -> None:
    async def talk(ws: web.WebSocketResponse, _request: web.Request) -> None:
        for data in (bad, good):
            await (ws.send_str(data) if isinstance(data, str) else ws.send_bytes(data))
        await ws.receive()

    options = WebSocketOptions(path="/rpc", messages=messages)
    async with served(talk) as address, opened(address, heard, options) as ws:
        await until(lambda: heard.messages)
        assert heard.messages == [orjson.loads(good) if messages == "json" else good]
        assert sum(ws._link.oddities.values()) == 1
        assert not heard.lost


@pytest.mark.parametrize(
    ("messages", "sent", "heard_as"),
    [
        ("json", b'{"name":"K\xfcche\x07"}', {"name": "K\ufffdche\x07"}),
        ("text", b"K\xfcche", "K\ufffdche"),
        ("text", "K\u00fcche".encode(), "K\u00fcche"),
    ],
)
async def test_odd_text(heard: Heard, messages: Any, sent: bytes, heard_as: object) -> None:
    async def talk(wire: Wire) -> None:
        await upgrade(wire)
        wire.write(frame(sent))
        await wire.reader.read()

    async with TcpPeer(talk) as peer:
        ws = WebSocket(heard.link(), WebSocketOptions(messages=messages, ping=None))
        await ws.open(peer.address)
        await until(lambda: heard.messages)
        await ws.close()
    assert heard.messages == [heard_as]
    assert not heard.lost


async def test_other_options_match_in_another_way(heard: Heard) -> None:
    async def backwards(ws: web.WebSocketResponse, _request: web.Request) -> None:
        first, second = await ws.receive_str(), await ws.receive_str()
        await ws.send_str(second)
        await ws.send_str(first)
        await ws.receive()

    async with served(backwards) as address:
        options = WebSocketOptions(path="/rpc", messages="text")
        ws = WebSocket(heard.link(), replace(options, messages="binary"))
        await ws.open(address)
        ws.configure(replace(options, key=lambda message: message[0]))
        await ws.open(address)
        assert list(await asyncio.gather(ws.ask("1a"), ws.ask("2b"))) == ["1a", "2b"]
        await ws.close()


@settings(max_examples=15)
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5))
async def test_any_bytes(data: list[bytes]) -> None:
    async def mirror(ws: web.WebSocketResponse, _request: web.Request) -> None:
        async for message in ws:
            await ws.send_bytes(message.data)

    heard = Heard()
    options = WebSocketOptions(path="/rpc", messages="binary")
    async with served(mirror) as address, opened(address, heard, options) as ws:
        assert [await ws.ask(each) for each in data] == data
    assert heard.messages == data


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=60))
async def test_any_garbage_ends_the_connection_or_is_a_message(garbage: bytes) -> None:
    async def talk(wire: Wire) -> None:
        await upgrade(wire)
        wire.write(garbage)

    heard = Heard()
    async with TcpPeer(talk) as peer:
        ws = WebSocket(heard.link(), WebSocketOptions(messages="binary"))
        with suppress(UnreachableError):
            await ws.open(peer.address)
            await until(lambda: heard.lost)
            assert len(heard.lost) == 1
        await ws.close()


async def test_broken_at_once_is_raised_by_open_only(heard: Heard) -> None:
    async def talk(wire: Wire) -> None:
        await upgrade(wire)
        wire.write(frame(b"x", 5))

    async with TcpPeer(talk) as peer:
        with pytest.raises(UnreachableError, match="1002"):
            await WebSocket(heard.link(), RPC).open(peer.address)
    assert not heard.lost


async def test_a_missing_reply_in_order_ends_the_connection(heard: Heard) -> None:
    async def deaf(ws: web.WebSocketResponse, _request: web.Request) -> None:
        async for _ in ws:
            pass

    options = WebSocketOptions(path="/rpc", timeout=0.05)
    async with served(deaf) as address, opened(address, heard, options) as ws:
        with pytest.raises(TimedOutError):
            await ws.ask({})
        await until(lambda: heard.lost)
        assert len(heard.lost) == 1
        with pytest.raises(UnreachableError):
            await ws.send({})


async def test_a_secret_message_is_not_shown(heard: Heard) -> None:
    async def deaf(ws: web.WebSocketResponse, _request: web.Request) -> None:
        async for _ in ws:
            pass

    options = WebSocketOptions(path="/rpc", timeout=0.05, key=lambda m: m["id"])
    async with served(deaf) as address, opened(address, heard, options) as ws:
        with pytest.raises(TimedOutError) as caught:
            await ws.ask({"id": "hunter2"}, secret=True)
        await ws.send({"id": "hunter2"}, secret=True)
        sent = [entry.text for entry in ws._link.trace.entries()]
        assert sent == ["(secret)"] * 2
        assert "hunter2" not in str(caught.value)


# the handshake


async def test_subprotocol_path_and_headers(heard: Heard) -> None:
    seen: list[web.Request] = []

    async def look(ws: web.WebSocketResponse, request: web.Request) -> None:
        seen.append(request)
        await ws.receive()

    options = WebSocketOptions(
        path="/rpc?token=a%20b", protocols=("gabbo", "other"), headers={"X-Key": "1"}
    )
    async with served(look, protocols=("gabbo",)) as address:
        async with opened(address, heard, options) as ws:
            assert ws.protocol == "gabbo"
        assert ws.protocol == ""
    assert seen[0].query["token"] == "a b"
    assert seen[0].headers["X-Key"] == "1"
    assert seen[0].headers["Sec-WebSocket-Protocol"] == "gabbo,other"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", CredentialsError),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", UnreachableError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", UnreachableError),
        (b"HTTP/1.1 302 No\r\nLocation: http://%s/rpc\r\nContent-Length: 0\r\n\r\n", EdgeError),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", EdgeError),
        (b"SSH-2.0-dropbear\r\n\r\n", UnreachableError),
        (b"", UnreachableError),
    ],
)
async def test_not_a_websocket(heard: Heard, answer: bytes, error: type[EdgeError]) -> None:
    async def talk(wire: Wire) -> None:
        await wire.reader.readuntil(b"\r\n\r\n")
        wire.write(answer.replace(b"%s", f"{elsewhere.address}".encode()))

    async with TcpPeer(shout) as elsewhere, TcpPeer(talk) as peer:
        ws = WebSocket(heard.link(), RPC)
        with pytest.raises(error) as caught:
            await ws.open(peer.address)
        assert isinstance(caught.value, (UnreachableError, CredentialsError))
        assert not elsewhere.accepted
    assert not heard.lost


async def test_login(heard: Heard) -> None:
    async def log_in(ws: WebSocket) -> None:
        if await ws.ask({"id": 0, "token": "good"}, key=0) != {"id": 0, "token": "good"}:
            raise CredentialsError

    options = WebSocketOptions(path="/rpc", key=lambda m: m.get("id"), login=log_in)
    async with served(echo) as address, opened(address, heard, options) as ws:
        assert await ws.ask({"id": 1}) == {"id": 1}


async def test_closed_during_the_login_is_raised_by_open_only(heard: Heard) -> None:
    async def log_in(ws: WebSocket) -> None:
        await ws.ask({"id": 0})

    async def refuse(ws: web.WebSocketResponse, _request: web.Request) -> None:
        await ws.receive()
        await ws.close(code=4001, message=b"bad token")

    options = WebSocketOptions(path="/rpc", login=log_in)
    async with served(refuse) as address:
        with pytest.raises(UnreachableError, match="4001: bad token"):
            await WebSocket(heard.link(), options).open(address)
    assert not heard.lost


# the end


@pytest.mark.parametrize(
    ("code", "words"), [(1000, b""), (1001, b"going away"), (1008, b"policy"), (4999, b"own")]
)
async def test_close_codes_are_reported(heard: Heard, code: int, words: bytes) -> None:
    async def leave(ws: web.WebSocketResponse, _request: web.Request) -> None:
        await ws.receive()
        await ws.close(code=code, message=words)

    async with served(leave) as address, opened(address, heard, RPC) as ws:
        with pytest.raises(UnreachableError) as caught:
            await ws.ask({"id": 1})
        assert str(code) in str(caught.value)
        assert words.decode() in str(caught.value)
        assert heard.lost == [caught.value]
        assert ws.heard_at == 0


async def test_it_unsubscribes_at_the_end(heard: Heard) -> None:
    codes: list[int | None] = []

    async def listen(ws: web.WebSocketResponse, _request: web.Request) -> None:
        await ws.receive()
        codes.append(ws.close_code)

    async with served(listen) as address:
        async with opened(address, heard, RPC):
            pass
        await until(lambda: codes)
    assert codes == [1000]


@pytest.mark.parametrize(
    ("wire_data", "code"),
    [(frame(b"x", 5), "1002"), (frame(b"x", 0), "1002")],
)
async def test_protocol_errors_are_reported_with_their_code(
    heard: Heard, wire_data: bytes, code: str
) -> None:
    async def talk(wire: Wire) -> None:
        await upgrade(wire)
        await read(wire)
        wire.write(wire_data)
        await wire.reader.read()

    async with TcpPeer(talk) as peer:
        ws = WebSocket(heard.link(), RPC)
        await ws.open(peer.address)
        await ws.send({})
        await until(lambda: heard.lost)
        assert isinstance(heard.lost[0], ReplyError)
        assert code in str(heard.lost[0])
        await ws.close()


# signs of life


async def test_pings_both_ways_are_signs_of_life(heard: Heard) -> None:
    async def ping(ws: web.WebSocketResponse, _request: web.Request) -> None:
        await ws.ping(b"alive?")
        pongs.append((await ws.receive()).type)
        await ws.receive()

    pongs: list[aiohttp.WSMsgType] = []
    options = WebSocketOptions(path="/rpc", ping=0.05)
    async with served(ping, autoping=False) as address, opened(address, heard, options) as ws:
        opened_at = ws.heard_at
        await until(lambda: pongs)
        assert pongs == [aiohttp.WSMsgType.PONG]
        assert ws.heard_at >= opened_at
    async with served(echo) as address, opened(address, heard, options) as ws:
        opened_at = ws.heard_at
        await asyncio.sleep(0.15)
        assert ws.heard_at > opened_at
    assert not heard.messages
    assert not heard.lost


async def test_a_ping_that_is_not_answered(heard: Heard) -> None:
    async def hang(wire: Wire) -> None:
        await upgrade(wire)
        await wire.reader.read()

    async with TcpPeer(hang) as peer:
        ws = WebSocket(heard.link(), WebSocketOptions(ping=0.1, timeout=5))
        await ws.open(peer.address)
        with pytest.raises(TimedOutError, match="ping"):
            await asyncio.wait_for(ws.ask({}), 1)
        assert len(heard.lost) == 1
        await ws.close()


async def test_a_long_message_is_no_silence(heard: Heard) -> None:
    """The answer to a ping comes after it, which the device takes longer for than it has."""

    async def send_slowly(wire: Wire) -> None:
        await upgrade(wire)
        assert (await read(wire))[0] == 9
        for byte in frame(b'"' + b"x" * 10 + b'"'):
            wire.write(bytes([byte]))
            time.sleep(0.02)  # noqa: ASYNC251  # what the kernel counts in steps takes real time
            await asyncio.sleep(0.05)
        wire.write(frame(b"", 10))
        await wire.reader.read()

    async with TcpPeer(send_slowly) as peer:
        ws = WebSocket(heard.link(), WebSocketOptions(ping=0.4))
        await ws.open(peer.address)
        await until(lambda: heard.messages)
        assert not heard.lost
        await ws.close()


async def test_no_timer_outlives_it(heard: Heard) -> None:
    async with served(echo) as address, opened(address, heard, RPC) as ws:
        assert await ws.ask({"id": 1})
        assert websocket_timers()
        await ws.close()
        assert not websocket_timers()


async def test_a_peer_that_accepts_no_data(heard: Heard) -> None:
    async def stuff(wire: Wire) -> None:
        await upgrade(wire)
        wire.stop_reading()
        await asyncio.sleep(10)

    async with TcpPeer(stuff) as peer:
        options = WebSocketOptions(messages="binary", timeout=0.2, ping=None)
        ws = WebSocket(heard.link(), options)
        await ws.open(peer.address)
        assert ws._socket
        sock = ws._socket.get_extra_info("socket")
        with pytest.raises(TimedOutError):
            async with asyncio.timeout(1):
                await asyncio.gather(*(ws.send(b"x" * 100_000) for _ in range(100)))
        assert isinstance(heard.lost[0], TimedOutError)
        assert len(heard.lost) == 1
        await until(lambda: sock.fileno() == -1, 1.5)
        await asyncio.wait_for(ws.close(), 1.5)
