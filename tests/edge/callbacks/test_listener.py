"""The listener: whose a request is, what is turned away, and what is left at the end."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
import socket
from typing import Any

import aiohttp
import pytest

from lan_edge import CallbackRequest, Listener, ListenerSettings, OfflineError, UnreachableError
from lan_edge.callbacks import http_server, rate_limit
from lan_edge.callbacks.body import MAX_BODY
from lan_edge.callbacks.registration import CallbackHandler, CallbackRegistration
from lan_edge.callbacks.websockets import PING_INTERVAL
from tests.clock import now

from ..peers import LOOPBACK, until, websocket_timers
from ..rounds import measured_rounds, work

DEVICE, OTHER, STRANGER = "127.0.0.11", "127.0.0.12", "127.0.0.99"


@dataclass
class Visit:
    """A device's registration with the listener, and what came there."""

    registration: CallbackRegistration
    requests: list[CallbackRequest] = field(default_factory=list[CallbackRequest])
    ignored: int = 0
    moves: int = 0
    answer: str | None = None


def visit(listener: Listener) -> Visit:
    def called(request: CallbackRequest) -> str | None:
        made.requests.append(request)
        return made.answer

    def count_ignored() -> None:
        made.ignored += 1

    def moved() -> None:
        made.moves += 1

    made = Visit(listener.register(CallbackHandler(called, count_ignored, moved)))
    return made


@pytest.fixture
async def listener() -> AsyncGenerator[Listener]:
    made = Listener(ListenerSettings(port=0))
    yield made
    await made.close()
    assert not made.port


@pytest.fixture
async def device(listener: Listener) -> AsyncGenerator[Visit]:
    made = visit(listener)
    await made.registration.attach(DEVICE, by_address=True)
    await made.registration.url()
    yield made
    await made.registration.close()


@pytest.fixture
async def other(listener: Listener) -> AsyncGenerator[Visit]:
    made = visit(listener)
    await made.registration.attach(OTHER)
    await made.registration.url()
    yield made
    await made.registration.close()


async def exchange(port: int, data: bytes, source: str = STRANGER) -> bytes:
    """Send bytes from an address, and return all that comes back until the end."""
    try:
        reader, writer = await asyncio.open_connection(LOOPBACK, port, local_addr=(source, 0))
    except ConnectionResetError:
        return b""
    try:
        writer.write(data)
        await writer.drain()
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def post(path: str, body: bytes = b"", method: str = "POST", **headers: str) -> bytes:
    """Return a request."""
    given = {"Host": "hub", "Content-Length": str(len(body)), **headers}
    lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in given.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def status(answer: bytes) -> int:
    """Return the status of an answer; 0: there is none."""
    return int(answer.split(b" ")[1]) if answer else 0


# whose a request is


async def test_a_token_is_valid_from_any_address(
    listener: Listener, device: Visit, other: Visit
) -> None:
    path = f"/{other.registration.token}/state/now?a=1&b=%20"
    answer = await exchange(listener.port, post(path, b'{"on": true}', "PUT", X_Kind="push"))
    assert status(answer) == 200
    assert b"Connection: close" in answer
    (request,) = other.requests
    assert (request.method, request.path, request.query) == (
        "PUT",
        "/state/now",
        {"a": "1", "b": " "},
    )
    assert request.headers["x_kind"] == "push"
    assert request.json() == {"on": True}
    assert request.source == STRANGER
    assert not device.requests


async def test_whoever_was_given_the_url_elsewhere_does_not_know_the_new_one(
    listener: Listener, device: Visit, other: Visit
) -> None:
    registration = other.registration
    known = registration.token
    await registration.detach()
    assert status(await exchange(listener.port, post(f"/{known}"))) == 503  # it may just be away
    await registration.attach(OTHER)
    assert f"/{known}" in await registration.url()
    await registration.detach()
    await registration.attach(DEVICE)
    url = await registration.url()
    assert known not in url
    assert status(await exchange(listener.port, post(f"/{known}"))) == 404
    assert status(await exchange(listener.port, post(url.removeprefix("http://")[-23:]))) == 200
    assert len(other.requests) == 1


async def test_the_url_has_the_hubs_address_towards_the_device(
    listener: Listener, other: Visit
) -> None:
    assert (
        other.registration.given_url
        == f"http://{LOOPBACK}:{listener.port}/{other.registration.token}"
    )
    assert other.registration.token not in repr(other.registration)
    assert len(other.registration.token) >= 20


async def test_a_post_without_a_token_is_routed_by_address(
    listener: Listener, device: Visit
) -> None:
    assert status(await exchange(listener.port, post("/", b"contact open\n"), DEVICE)) == 200
    (request,) = device.requests
    assert request.pairs() == {"contact": "open"}
    assert request.path == "/"


async def test_requests_by_address_need_the_drivers_consent(
    listener: Listener, other: Visit
) -> None:
    assert status(await exchange(listener.port, post("/", b"contact open"), OTHER)) == 404
    assert not other.requests


@pytest.mark.parametrize(
    "request_",
    [
        post("/", b"contact open"),
        post("/x" * 40, b"{}"),
        post("/AAAAAAAAAAAAAAAAAAAAAA/", b"{}"),
        post("/", b"<x/>", "NOTIFY", SID="uuid:1", NT="upnp:event", NTS="upnp:propchange"),
        post("/", method="GET", Upgrade="websocket", Connection="Upgrade"),
    ],
)
async def test_a_request_of_a_stranger_is_rejected(
    listener: Listener, device: Visit, other: Visit, request_: bytes
) -> None:
    assert status(await exchange(listener.port, request_)) == 404
    assert not device.requests
    assert not other.requests
    assert listener.rejections == {"stranger": 1}


async def test_two_devices_at_one_address_need_a_token(listener: Listener, device: Visit) -> None:
    twin = visit(listener)
    await twin.registration.attach(DEVICE, by_address=True)
    assert status(await exchange(listener.port, post("/", b"a 1"), DEVICE)) == 404
    assert not device.requests
    assert not twin.requests
    assert listener.rejections == {"ambiguous": 1, "stranger": 1}
    assert status(await exchange(listener.port, post(f"/{twin.registration.token}", b"a 1"))) == 200
    assert len(twin.requests) == 1
    await twin.registration.close()


async def test_a_request_of_a_device_that_is_not_connected(
    listener: Listener, device: Visit
) -> None:
    await device.registration.detach()
    for path in (f"/{device.registration.token}", "/"):
        assert status(await exchange(listener.port, post(path, b"a 1"), DEVICE)) == 503
    assert not device.requests
    assert device.ignored == 2


async def test_the_driver_may_answer(listener: Listener, device: Visit) -> None:
    device.answer = "Schönen Tag"
    answer = await exchange(listener.port, post("/hello", method="GET"), DEVICE)
    assert answer.endswith("Schönen Tag".encode())


async def test_datagrams_are_routed_by_address(listener: Listener, device: Visit) -> None:
    for source in (DEVICE, STRANGER, OTHER):
        with closing(socket.socket(type=socket.SOCK_DGRAM)) as sender:
            sender.bind((source, 0))
            sender.sendto(b"temperature 21.5", (LOOPBACK, listener.port))
    await until(lambda: device.requests and listener.rejections.get("stranger") == 2)
    (request,) = device.requests
    assert request.method == "UDP"
    assert request.pairs() == {"temperature": "21.5"}


# bounds


async def test_a_body_of_the_largest_size(listener: Listener, other: Visit) -> None:
    body = b"x" * MAX_BODY
    answer = await exchange(listener.port, post(f"/{other.registration.token}", body))
    assert status(answer) == 200
    assert other.requests[0].body == body


async def test_a_body_one_byte_larger(listener: Listener, other: Visit) -> None:
    body = b"x" * (MAX_BODY + 1)
    path = f"/{other.registration.token}"
    chunked = b"POST %b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" % path.encode()
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    assert status(await exchange(listener.port, post(path, body))) == 413
    assert status(await exchange(listener.port, chunked + chunks)) == 413
    assert not other.requests
    assert listener.rejections == {"too large": 2}


@pytest.mark.parametrize(
    "part", [b"", b"POST /", b"POST / HTTP/1.1\r\nHost: h\r\n", b"the body begins"]
)
async def test_a_slow_client_is_dropped(
    listener: Listener, other: Visit, part: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "REQUEST_TIMEOUT", 0.2)
    if part.startswith(b"the"):
        part = post(f"/{other.registration.token}", b"x" * 100)[:-50]
    assert await exchange(listener.port, part) == b""
    assert not other.requests
    assert listener.rejections == {"too slow": 1}


async def test_connections_are_bounded(
    listener: Listener, device: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "MAX_PER_SOURCE", 3)
    monkeypatch.setattr(http_server, "MAX_CONNECTIONS", 5)
    held = [
        await asyncio.open_connection(LOOPBACK, listener.port, local_addr=(source, 0))
        for source in (STRANGER, STRANGER, STRANGER)
    ]
    await asyncio.sleep(0.02)
    assert await exchange(listener.port, post("/"), STRANGER) == b""
    assert status(await exchange(listener.port, post("/", b"a 1"), DEVICE)) == 200
    held += [
        await asyncio.open_connection(LOOPBACK, listener.port, local_addr=(source, 0))
        for source in ("127.0.0.97", "127.0.0.98")
    ]
    await asyncio.sleep(0.02)
    assert await exchange(listener.port, post("/"), DEVICE) == b""
    assert listener.rejections == {"too many": 2}
    for _, writer in held:
        writer.close()
    await asyncio.sleep(0.05)
    assert status(await exchange(listener.port, post("/", b"a 1"), DEVICE)) == 200


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"HELO\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: h\r\n\r\n",
    ],
)
async def test_garbage_is_rejected(
    listener: Listener, device: Visit, garbage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await exchange(listener.port, garbage, DEVICE)
    assert status(answer) in {0, 400, 404}
    assert not [r for r in caplog.records if r.levelname in {"ERROR", "WARNING"}]
    assert status(await exchange(listener.port, post("/", b"a 1"), DEVICE)) == 200


# events, before their id is known


def notify(visit: Visit, sid: str) -> bytes:
    return post(f"/{visit.registration.token}", b"<x/>", "NOTIFY", SID=sid)


async def test_early_events_are_kept_for_their_subscription_only(
    listener: Listener, other: Visit
) -> None:
    heard: list[CallbackRequest] = []
    with other.registration.subscribing():
        for sid in ("uuid:1", "uuid:2", "uuid:1"):
            assert status(await exchange(listener.port, notify(other, sid))) == 200
        stop = other.registration.listen("uuid:1", heard.append)
        assert len(heard) == 2
    assert status(await exchange(listener.port, notify(other, "uuid:1"))) == 200
    assert len(heard) == 3
    other.registration.listen("uuid:2", heard.append)
    assert len(heard) == 3, "an event was kept for longer than anybody expected it"
    stop()
    assert status(await exchange(listener.port, notify(other, "uuid:1"))) == 412
    assert not other.requests


async def test_early_events_are_bounded(listener: Listener, other: Visit) -> None:
    heard: list[CallbackRequest] = []
    with other.registration.subscribing():
        for _ in range(20):
            await exchange(listener.port, notify(other, "uuid:1"))
        other.registration.listen("uuid:1", heard.append)
    assert len(heard) == 8


async def test_early_events_are_bounded_in_bytes(listener: Listener, other: Visit) -> None:
    heard: list[CallbackRequest] = []
    token, sid = other.registration.token, "uuid:1"
    with other.registration.subscribing():
        for number in range(8):
            body = b"%d" % number * 20_000
            request = post(f"/{token}", body, "NOTIFY", SID=sid, NT="upnp:event")
            assert status(await exchange(listener.port, request)) == 200
        other.registration.listen(sid, heard.append)
    assert [event.body[:1] for event in heard] == [b"5", b"6", b"7"]


async def test_the_headers_of_early_events_are_bounded_too(
    listener: Listener, other: Visit
) -> None:
    heard: list[CallbackRequest] = []
    token, sid = other.registration.token, "uuid:1"
    long = {f"X-{n}": "x" * 1800 for n in range(16)}
    with other.registration.subscribing():
        for number in range(8):
            body = b"%d" % number
            request = post(f"/{token}", body, "NOTIFY", SID=sid, NT="upnp:event", **long)
            assert status(await exchange(listener.port, request)) == 200
        other.registration.listen(sid, heard.append)
    assert [event.body for event in heard] == [b"6", b"7"]


# from start to end


async def test_it_listens_only_while_it_is_needed() -> None:
    listener = Listener(ListenerSettings(port=0))
    ports: list[int] = []
    listener.changed = lambda: ports.append(listener.port)
    first, second = visit(listener), visit(listener)
    await first.registration.attach(DEVICE)
    assert not listener.port
    await first.registration.url()
    port = listener.port
    await second.registration.attach(OTHER)
    await second.registration.url()
    await first.registration.close()
    assert listener.port == port
    await second.registration.close()
    assert ports == [port, 0]
    with pytest.raises(ConnectionRefusedError):
        await exchange(port, post("/"))


async def test_a_taken_port_is_reported_and_another_is_used() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        wanted = taken.getsockname()[1]
        listener = Listener(ListenerSettings(host=LOOPBACK, port=wanted))
        states: list[bool] = []
        listener.changed = lambda: states.append(listener.is_port_taken)
        device = visit(listener)
        await device.registration.attach(LOOPBACK)
        url = await device.registration.url()
        assert f":{wanted}/" not in url
        assert listener.port not in {0, wanted}
        assert states == [True]
        assert status(await exchange(listener.port, post(f"/{device.registration.token}"))) == 200
    await device.registration.close()
    assert states == [True, False]
    await device.registration.attach(LOOPBACK)
    assert f":{wanted}/" in await device.registration.url()
    await device.registration.close()


async def test_no_port_at_all() -> None:
    listener = Listener(ListenerSettings(host="192.0.2.1"))
    device = visit(listener)
    await device.registration.attach(DEVICE)
    with pytest.raises(UnreachableError, match="cannot listen"):
        await device.registration.url()
    await device.registration.close()


async def test_the_advertised_address_may_differ(other: Visit) -> None:
    listener = Listener(ListenerSettings(port=0, advertised_host="10.1.2.3", advertised_port=8080))
    device = visit(listener)
    await device.registration.attach(DEVICE)
    assert await device.registration.url() == f"http://10.1.2.3:8080/{device.registration.token}"
    await device.registration.close()


async def test_a_new_address_of_the_hub_is_reported_to_devices_that_need_it(
    listener: Listener, device: Visit, other: Visit
) -> None:
    await other.registration.detach()
    listener.check_addresses()
    assert (device.moves, other.moves) == (0, 0)
    await listener.configure(ListenerSettings(port=0, advertised_host="127.0.0.2"))
    listener.check_addresses()
    assert (device.moves, other.moves) == (1, 0)
    assert (await device.registration.url()).startswith("http://127.0.0.2:")


async def test_a_new_address_is_noticed_by_its_check(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lan_edge.callbacks.listener.ADDRESS_CHECK_INTERVAL", 0.02)
    device = visit(listener)
    await device.registration.attach(DEVICE)
    await device.registration.url()
    await asyncio.sleep(0.05)
    assert not device.moves
    monkeypatch.setattr("lan_edge.callbacks.listener.source_towards", lambda _: "127.0.0.7")
    await until(lambda: device.moves)
    assert (await device.registration.url()).startswith("http://127.0.0.7:")
    await device.registration.close()


async def test_closing_ends_what_is_under_way(listener: Listener, other: Visit) -> None:
    part = post(f"/{other.registration.token}", b"x" * 100)[:-50]
    waiting = asyncio.ensure_future(exchange(listener.port, part))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(1):
        await listener.close()
        assert await waiting == b""


async def test_it_stays_closed(listener: Listener, device: Visit, other: Visit) -> None:
    await asyncio.gather(listener.close(), listener.configure(ListenerSettings(port=0)))
    for attach in (device.registration.url(), other.registration.attach(OTHER, by_address=True)):
        with pytest.raises(UnreachableError):
            await attach
    await listener.configure(ListenerSettings(port=0))
    assert not listener.port


@pytest.mark.parametrize("steps", range(12))
async def test_starting_can_be_cancelled_at_every_step(steps: int) -> None:
    listener = Listener(ListenerSettings(port=0))
    device = visit(listener)
    await device.registration.attach(DEVICE)
    task = asyncio.ensure_future(device.registration.url())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await device.registration.close()
    assert not listener.port


# a WebSocket of the device's


async def test_a_device_opens_a_websocket(listener: Listener, other: Visit) -> None:
    with pytest.raises(OfflineError):
        await other.registration.send("nobody there")
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{other.registration.given_url}/ws") as ours:
            other.answer = "noted"
            await ours.send_str("hello")
            assert await ours.receive_str(timeout=2) == "noted"
            other.answer = None
            await ours.send_bytes(b"\x00\x01")
            await until(lambda: len(other.requests) == 2)
            assert [(r.method, r.path, r.body) for r in other.requests] == [
                ("WEBSOCKET", "/ws", b"hello"),
                ("WEBSOCKET", "/ws", b"\x00\x01"),
            ]
            await other.registration.send('{"id": 1}')
            assert await ours.receive_json(timeout=2) == {"id": 1}
            await other.registration.send(b"\x02")
            assert await ours.receive_bytes(timeout=2) == b"\x02"
        await until(lambda: other.registration._socket is None)
        with pytest.raises(OfflineError):
            await other.registration.send("gone")


async def test_a_websocket_with_odd_text(listener: Listener, other: Visit) -> None:
    _, writer = await websocket(listener, other)
    writer.write(b"\x81\x86\0\0\0\0K\xfcche\x07")
    await until(lambda: other.requests)
    assert other.requests[0].text() == "K\ufffdche\x07"
    writer.close()


async def test_a_device_may_offer_subprotocols(listener: Listener, other: Visit) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{other.registration.given_url}/ws", protocols=("a", "b")) as ours,
    ):
        assert ours.protocol is None
        await ours.send_str("hello")
        await until(lambda: other.requests)
    assert other.requests[0].headers["Sec-WebSocket-Protocol"] == "a,b"


async def websocket(
    listener: Listener, visit: Visit, path: str = ""
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a device's WebSocket, for frames as bytes."""
    path = path or f"/{visit.registration.token}/ws"
    key = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    key["Sec-WebSocket-Key"] = "AAAAAAAAAAAAAAAAAAAAAA=="
    upgrade = post(path, b"", "GET", **key)
    reader, writer = await asyncio.open_connection(LOOPBACK, listener.port)
    writer.write(upgrade)
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


def numbered_frames(count: int) -> bytes:
    """Return messages, each with its number."""
    mask, numbers = bytes(4), [b"%d" % number for number in range(count)]
    return b"".join(b"\x81%c%b%b" % (0x80 | len(n), mask, n) for n in numbers)


async def test_a_websocket_that_sends_many_messages(listener: Listener, other: Visit) -> None:
    _, writer = await websocket(listener, other)
    data = numbered_frames(20_000)
    with measured_rounds() as rounds:
        writer.write(data)
        await until(lambda: len(other.requests) == 20_000)
    assert [int(request.body) for request in other.requests] == list(range(20_000))
    rounds.check()
    writer.close()


async def test_a_message_waits_for_what_the_last_one_has_left_to_do(
    listener: Listener, other: Visit
) -> None:
    done = list[tuple[int, int]]()

    def left(number: int, part: int) -> None:
        work(0.0005)
        done.append((number, part))

    def take(request: CallbackRequest) -> None:
        number = int(request.body)
        done.append((number, 0))
        for part in range(1, 40):
            handler.backlog.add((number, part), partial(left, number, part))

    handler = other.registration.handler = replace(other.registration.handler, on_request=take)
    _, writer = await websocket(listener, other)
    with measured_rounds() as rounds:
        writer.write(numbered_frames(10))
        await until(lambda: len(done) == 10 * 40)
    assert done == [(number, part) for number in range(10) for part in range(40)]
    rounds.check()
    writer.close()


async def test_a_second_websocket_replaces_the_first(
    listener: Listener, other: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "REQUEST_TIMEOUT", 0.1)
    async with aiohttp.ClientSession() as session:
        first = await session.ws_connect(other.registration.given_url)
        second = await session.ws_connect(other.registration.given_url)
        assert (await first.receive(timeout=2)).type is aiohttp.WSMsgType.CLOSE
        await asyncio.sleep(0.15)
        await other.registration.send("second")
        assert await second.receive_str(timeout=2) == "second"
        await other.registration.detach()
        assert (await second.receive(timeout=2)).type is aiohttp.WSMsgType.CLOSE
        assert listener.rejections == {}


async def test_no_timer_outlives_a_websocket(listener: Listener, other: Visit) -> None:
    """It is closed before its connection uses it, just when something arrives."""
    await other.registration.expect_calls("relay", "1")
    _, writer = await websocket(listener, other, "/relay/1")
    await until(lambda: other.registration.calls._next)
    writer.write(numbered_frames(1))
    await other.registration.close()
    writer.close()
    assert not websocket_timers()


async def test_a_websocket_whose_device_sends_pings(listener: Listener, other: Visit) -> None:
    reader, writer = await websocket(listener, other)
    writer.write(b"\x89\x82\0\0\0\0hi")
    assert await reader.readexactly(4) == b"\x8a\x02hi"
    assert not other.requests
    writer.close()


async def test_a_websocket_whose_device_answers_no_ping(listener: Listener, other: Visit) -> None:
    reader, _ = await websocket(listener, other)
    began = now()
    assert await reader.readexactly(2) == b"\x89\0"
    assert await reader.read() == b""
    assert now() - began == pytest.approx(1.5 * PING_INTERVAL, abs=0.1)
    await until(lambda: other.registration._socket is None)
    assert not websocket_timers()


async def test_a_message_that_is_too_large_ends_its_connection(
    listener: Listener, other: Visit
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(other.registration.given_url) as ours,
    ):
        await ours.send_str("x" * (MAX_BODY + 1))
        message = await ours.receive(timeout=2)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1009)
    assert not other.requests


async def test_a_websocket_of_a_stranger_is_rejected(
    listener: Listener, device: Visit, other: Visit
) -> None:
    connector: Any = aiohttp.TCPConnector(local_addr=(STRANGER, 0))
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
            await session.ws_connect(f"http://{LOOPBACK}:{listener.port}/")
    connector = aiohttp.TCPConnector(local_addr=(DEVICE, 0))
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.ws_connect(f"http://{LOOPBACK}:{listener.port}/anything") as ours,
    ):
        await ours.send_str("known by my address")
        await until(lambda: device.requests)


# floods


async def test_strangers_leave_room_for_devices(
    listener: Listener, device: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "MAX_STRANGERS", 4)
    held = [
        await asyncio.open_connection(LOOPBACK, listener.port, local_addr=(f"127.0.0.{n}", 0))
        for n in range(90, 96)
    ]
    await until(lambda: listener.rejections == {"too many": 2})
    assert await exchange(listener.port, post("/")) == b""
    assert status(await exchange(listener.port, post("/", b"a 1"), DEVICE)) == 200
    for _, writer in held:
        writer.close()
    await asyncio.sleep(0.05)
    assert status(await exchange(listener.port, post("/"))) == 404


async def test_excess_connections_are_rejected_by_source(
    listener: Listener, device: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "STRANGERS_RATE", 5.0)
    monkeypatch.setattr(rate_limit, "DEVICE_RATE", 20.0)
    await listener.configure(ListenerSettings(port=0))
    token = f"/{device.registration.token}"
    from_strangers = [status(await exchange(listener.port, post(token))) for _ in range(12)]
    assert from_strangers[:5] == [200] * 5
    assert from_strangers.count(0) >= 5
    from_device = [status(await exchange(listener.port, post("/"), DEVICE)) for _ in range(12)]
    assert from_device == [200] * 12
    more = [status(await exchange(listener.port, post("/"), DEVICE)) for _ in range(30)]
    assert 0 in more
    assert listener.rejections["too often"] == from_strangers.count(0) + more.count(0)
    await asyncio.sleep(0.3)
    assert status(await exchange(listener.port, post(token))) == 200
