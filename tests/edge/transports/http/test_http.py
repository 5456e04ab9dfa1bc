"""HTTP: timeouts, tries, kept connections, bounds and redirects."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
import socket
from typing import Any, Self

import aiohttp
import pytest

from lan_edge import (
    Address,
    CredentialsError,
    DeviceError,
    Http,
    HttpOptions,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from lan_edge.transports.base import Link
from tests.clock import now

from ...peers import TcpPeer, Wire, black_hole, until
from ..contract import Contract, Heard, Kit


def make(link: Link) -> Http:
    return Http(link, HttpOptions(timeout=0.2, limit=1000))


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def read(wire: Wire) -> tuple[str, bytes]:
    """Read a request; return its first line, and its body."""
    head = await wire.reader.readuntil(b"\r\n\r\n")
    lengths = [h for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")]
    body = await wire.reader.readexactly(int(lengths[0][15:])) if lengths else b""
    return head.decode().partition(" HTTP")[0], body


async def serve(wire: Wire) -> None:
    while await read(wire):
        await wire.send(answer(b"POWER"))


class TestHttp(Contract):
    kit = Kit(
        make=make,
        serve=serve,
        use=lambda http: http.get_text("/power"),
        answer="POWER",
        garbage=b"\x00\xff\r\n\r\n",
        oversize=answer(b"x" * 1001),
        connects=False,
    )


type Script = Callable[[Wire, str, bytes], Awaitable[object]]


class Bench:
    """An Http and a server that answers as the test says; it notes every request."""

    def __init__(self, **options: Any) -> None:
        self.http = Http(Heard().link(), HttpOptions(timeout=0.1, limit=1000, **options))
        self.peer = TcpPeer(self.serve)
        self.requests = list[tuple[str, bytes]]()
        self.script: Script = self.ok

    async def ok(self, wire: Wire, _first: str, _body: bytes) -> None:
        await wire.send(answer(b"fine"))

    async def serve(self, wire: Wire) -> None:
        while True:
            first, body = await read(wire)
            self.requests.append((first, body))
            await self.script(wire, first, body)

    async def __aenter__(self) -> Self:
        await self.peer.__aenter__()
        await self.http.open(self.peer.address)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()
        await self.peer.__aexit__()


def says(data: bytes) -> Script:
    """Return a script that answers everything so."""
    return lambda wire, _first, _body: wire.send(data)


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    async with Bench() as made:
        yield made


async def test_requests(bench: Bench) -> None:
    await bench.http.get("/a", q="x y")
    await bench.http.post("/b", "on")
    await bench.http.put("/c", {"n": 1})
    await bench.http.delete("/d")
    assert bench.requests == [
        ("GET /a?q=x+y", b""),
        ("POST /b", b"on"),
        ("PUT /c", b'{"n":1}'),
        ("DELETE /d", b""),
    ]


async def test_one_kept_connection_and_one_request_at_a_time(bench: Bench) -> None:
    under_way = 0

    async def slow(wire: Wire, _first: str, _body: bytes) -> None:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        await asyncio.sleep(0.005)
        under_way -= 1
        await wire.send(answer(b""))

    bench.script = slow
    await asyncio.gather(*(bench.http.get(f"/{n}") for n in range(20)))
    await bench.http.post("/", "x")
    assert bench.peer.accepted == 1
    assert [r[0] for r in bench.requests[:20]] == [f"GET /{n}" for n in range(20)]


async def test_more_connections_with_the_option() -> None:
    async with Bench(connections=3) as bench:
        bench.script = lambda _wire, _first, _body: asyncio.sleep(0.02)
        tasks = [asyncio.ensure_future(bench.http.get("/")) for _ in range(5)]
        await until(lambda: len(bench.requests) >= 3)
        assert bench.peer.accepted == 3
        await bench.http.close()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_three_tries_without_an_answer(bench: Bench) -> None:
    bench.peer.silent = True
    started = now()
    with pytest.raises(TimedOutError, match="POST /x: no answer in time"):
        await bench.http.post("/x", "on", again=True)
    assert now() - started == pytest.approx(0.3, abs=1e-3)
    assert bench.requests == [("POST /x", b"on")] * 3


async def test_a_request_that_was_given_up_does_not_arrive_later() -> None:
    """The device takes nothing; when it does again, a newer one may have been carried out."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        server.bind(("127.0.0.1", 0))
        server.listen()
        http = make(Heard().link())
        await http.open(Address(*server.getsockname()))
        size = 1_000_000
        with pytest.raises(TimedOutError):
            await http.post("/", bytes(size))
        with server.accept()[0] as accepted:
            taken = await asyncio.to_thread(all_of, accepted)
        await http.close()
    assert taken < size


def all_of(accepted: socket.socket) -> int:
    """Return how much arrives until the connection ends."""
    taken = 0
    with suppress(ConnectionResetError):
        while data := accepted.recv(65536):
            taken += len(data)
    return taken


async def test_a_try_that_is_answered_is_the_last(bench: Bench) -> None:
    async def second(wire: Wire, _first: str, _body: bytes) -> None:
        if len(bench.requests) == 2:
            await wire.send(answer(b"late"))

    bench.script = second
    assert await bench.http.get_text("/") == "late"
    assert len(bench.requests) == 2


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("500 Oops", RefusedError),
        ("404 Not Found", RefusedError),
        ("503 Busy", RefusedError),
        ("401 Unauthorized", CredentialsError),
    ],
)
async def test_no_second_try_for_an_answered_error(
    bench: Bench, status: str, error: type[DeviceError]
) -> None:
    bench.script = says(answer(b"no", status))
    with pytest.raises(error, match="POST /x"):
        await bench.http.post("/x", "on")
    assert len(bench.requests) == 1
    bench.script = bench.ok
    assert await bench.http.get_text("/") == "fine"
    assert bench.peer.accepted == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_stale_connection_is_replaced_once(bench: Bench, method: str) -> None:
    await bench.http.get("/")
    reached = list[str]()

    async def hang_up(wire: Wire, first: str, _body: bytes) -> None:
        reached.append(first)
        if len(reached) == 1:
            wire.abort()
        else:
            await wire.send(answer(b"fine"))

    bench.script = hang_up
    again = True if method == "POST" else None
    assert (await bench.http.request(method, "/y", again=again)).text() == "fine"
    assert reached == [f"{method} /y"] * 2
    assert bench.peer.accepted == 2


async def test_new_connection_that_hangs_up_is_not_tried_again(bench: Bench) -> None:
    async def hang_up(wire: Wire, _first: str, _body: bytes) -> None:
        wire.abort()

    bench.script = hang_up
    with pytest.raises(UnreachableError):
        await bench.http.post("/toggle")
    assert len(bench.requests) == 1


async def test_body_is_bounded(bench: Bench) -> None:
    async def endless(wire: Wire, _first: str, _body: bytes) -> None:
        wire.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(1000):
            wire.write(b"64\r\n" + b"x" * 100 + b"\r\n")
            await asyncio.sleep(0)

    bench.script = endless
    with pytest.raises(ReplyError, match="a body of more than 1000 bytes"):
        await bench.http.get("/")
    bench.script = bench.ok
    assert await bench.http.get_text("/") == "fine"


async def test_redirects_on_the_same_host(bench: Bench) -> None:
    async def redirect(wire: Wire, first: str, _body: bytes) -> None:
        if first.endswith("/old"):
            await wire.send(answer(b"", "307 Moved", Location="/new?x=1"))
        else:
            await wire.send(answer(b"here"))

    bench.script = redirect
    assert (await bench.http.post("/old", "on")).text() == "here"
    assert bench.requests == [("POST /old", b"on"), ("POST /new?x=1", b"on")]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.9/x",
        "//127.0.0.9/",
        "https://127.0.0.1/",
        "http://[",
        "//[]@",
        "ftp://a",
    ],
)
async def test_redirects_to_another_host(bench: Bench, location: str) -> None:
    bench.script = says(answer(b"", "302 Moved", Location=location))
    with pytest.raises(ReplyError, match="GET /: redirected to another host"):
        await bench.http.get("/")


async def test_endless_redirects(bench: Bench) -> None:
    bench.script = says(answer(b"", "302 Moved", Location="/"))
    with pytest.raises(ReplyError, match="redirected too often"):
        await bench.http.get("/")
    assert len(bench.requests) <= 4


@pytest.mark.parametrize("path", ["http://127.0.0.9/x", "//127.0.0.9/x"])
async def test_other_hosts_are_never_asked(bench: Bench, path: str) -> None:
    with pytest.raises(UnreachableError, match="not on the device"):
        await bench.http.get(path)
    assert not bench.requests


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b'{"a": NaM}', b"[" * 900])
async def test_bad_json(bench: Bench, body: bytes) -> None:
    bench.script = says(answer(body))
    with pytest.raises(ReplyError, match="GET /s: the body is not JSON"):
        await bench.http.get_json("/s")


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'


@pytest.mark.parametrize("body", [b"", b"<html><br></html>", b"\xff", b"{}", BOMB])
async def test_bad_xml(bench: Bench, body: bytes) -> None:
    bench.script = says(answer(body))
    with pytest.raises(ReplyError, match="GET /s: the body is not valid XML"):
        await bench.http.get_xml("/s")


async def test_odd_text(bench: Bench) -> None:
    bench.script = says(answer(b"\xef\xbb\xbf K\xfcche\r\n\0"))
    assert await bench.http.get_text("/s") == "K\ufffdche"


async def test_errors_name_no_secret(bench: Bench) -> None:
    bench.script = says(answer(b"no", "500 Oops"))
    with pytest.raises(RefusedError) as caught:
        await bench.http.request("GET", "/s", query={"token": "sesame"}, headers={"Auth": "open"})
    assert str(caught.value) == "GET /s: status 500"
    await bench.http.open(Address("127.0.0.1", 1))
    with pytest.raises(UnreachableError) as unreachable:
        await bench.http.get("/s", token="sesame")
    assert "sesame" not in str(unreachable.value)


async def test_a_pending_request_is_not_sent_to_another_address(bench: Bench) -> None:
    await bench.http.get("/")
    bench.peer.silent = True
    task = asyncio.ensure_future(bench.http.post("/on", again=True))
    await until(lambda: len(bench.requests) == 2)
    async with Bench() as other:
        await bench.http.open(other.peer.address)
        with pytest.raises(UnreachableError):
            await task
        assert not other.requests
        assert len(bench.requests) == 2


async def test_closed_while_it_connects(bench: Bench) -> None:
    """Nobody waits for what aiohttp does not end, not even in the queue."""
    http = Http(Heard().link(), HttpOptions())
    async with black_hole() as nobody:
        await http.open(nobody)
        tasks = [asyncio.ensure_future(http.get("/")) for _ in range(3)]
        await asyncio.sleep(0.05)
        async with asyncio.timeout(1):
            await http.open(bench.peer.address)
            assert (await http.get_text("/")) == "fine"
            failed = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(err) for err in failed} == {UnreachableError}
    await http.close()


def test_the_figures_of_the_lan_guide() -> None:
    assert HttpOptions().timeout == 5.0
    assert Http.deadline >= 3 * 5
    assert issubclass(aiohttp.ClientConnectorError, aiohttp.ClientOSError)


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
async def test_answers_of_the_expected_type(kind: str) -> None:
    async with Bench(content_type="application/json") as bench:
        bench.script = says(answer(b"{}", Content_Type=kind))
        assert await bench.http.get_json("/s") == {}
        bench.script = says(answer(b""))
        assert (await bench.http.put("/s")).body == b""


@pytest.mark.parametrize("headers", [{}, {"Content_Type": "text/html"}])
async def test_answers_of_another_type(headers: dict[str, str]) -> None:
    async with Bench(content_type="application/json") as bench:
        bench.script = says(answer(b"{}", **headers))
        with pytest.raises(ReplyError, match=r"GET /s: .*, not application/json"):
            await bench.http.get_json("/s")


async def test_new_options_are_for_the_next_connection() -> None:
    async with Bench(connections=1) as bench:
        assert await bench.http.get_text("/s") == "fine"
        bench.http.configure(
            HttpOptions(base="/api", headers={"X-Token": "1"}, limit=1, connections=2)
        )
        await bench.http.open(bench.peer.address)
        with pytest.raises(ReplyError, match="GET /api/s: a body of more than 1 bytes"):
            await bench.http.get("/s")
        bench.script = says(answer(b""))
        together = asyncio.Barrier(2)

        async def both(wire: Wire, _first: str, _body: bytes) -> None:
            await together.wait()
            await wire.send(answer(b""))

        bench.script = both
        await asyncio.gather(bench.http.get("/a"), bench.http.get("/b"))
