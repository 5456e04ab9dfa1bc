"""Lines over TCP."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
import socket
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    ArgumentError,
    CredentialsError,
    DriverError,
    EdgeError,
    Lines,
    LinesOptions,
    RefusedError,
    TimedOutError,
    UnreachableError,
)
from lan_edge.network import sockets
from lan_edge.transports.base import Link
from lan_edge.transports.messages.correlation import MAX_PENDING
from tests.clock import now

from ...peers import TcpPeer, Wire, until
from ..contract import Contract, Heard, Kit


def make(link: Link) -> Lines:
    options = LinesOptions(
        timeout=0.2, limit=1000, delimiter="\r\n", is_reply=lambda line: line[:1] != "!"
    )
    return Lines(link, options)


async def serve(wire: Wire) -> None:
    async for line in wire.lines(b"\r\n"):
        await wire.send(line.upper())


class TestLines(Contract):
    kit = Kit(
        make=make,
        serve=serve,
        use=lambda lines: lines.ask("power?"),
        answer="POWER?",
        garbage=b"\xff\xfe\x00",
        oversize=b"x" * 1001 + b"\r\n",
    )


async def log_in(lines: Lines) -> None:
    if await lines.ask("login") != "welcome":
        raise CredentialsError


async def serve_after_login(wire: Wire) -> None:
    await wire.reader.readuntil(b"\r\n")
    wire.write(b"welcome\r\n")
    await serve(wire)


class TestLinesWithLogin(Contract):
    """A login adds steps at which it can be cancelled."""

    kit = Kit(
        make=lambda link: Lines(
            link, LinesOptions(timeout=0.2, limit=1000, delimiter="\r\n", login=log_in)
        ),
        serve=serve_after_login,
        use=lambda lines: lines.ask("power?"),
        answer="POWER?",
        garbage=b"\xff\xfe\x00",
        oversize=b"x" * 1001 + b"\r\n",
    )

    @override
    async def test_oversize(self, transport: Any, peer: Any, heard: Heard) -> None:
        await super().test_oversize(transport, peer, Heard())  # the login says something


class Bench:
    """A transport and the one peer it talks to."""

    def __init__(self, lines: Lines, peer: TcpPeer, heard: Heard) -> None:
        self.lines, self.peer, self.heard = lines, peer, heard
        self.got = list[str]()

    async def listen(self, wire: Wire) -> None:
        async for line in wire.lines(b"\r\n"):
            self.got.append(line.decode().strip())

    def say(self, *lines: str) -> None:
        self.peer.wires[-1].write("".join(f"{line}\r\n" for line in lines).encode())


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    heard = Heard()
    lines = make(heard.link())
    made = Bench(lines, TcpPeer(serve), heard)
    made.peer = TcpPeer(made.listen)
    async with made.peer:
        await lines.open(made.peer.address)
        yield made
        await lines.close()


async def asks(bench: Bench, *questions: str) -> list[asyncio.Task[str]]:
    tasks = [asyncio.ensure_future(bench.lines.ask(q)) for q in questions]
    await until(lambda: len(bench.got) >= len(questions))
    return tasks


async def test_replies_in_order_between_notifications(bench: Bench) -> None:
    tasks = await asks(bench, "a", "b", "c")
    bench.say("!up", "1", "!x", "2")
    bench.say("!y", "3", "!z")
    assert await asyncio.gather(*tasks) == ["1", "2", "3"]
    await until(lambda: len(bench.heard.messages) == 7)
    assert bench.heard.messages == ["!up", "1", "!x", "2", "!y", "3", "!z"]


def begins_with(name: str) -> Callable[[str], bool]:
    return lambda line: line.startswith(name)


async def test_odd_text(bench: Bench) -> None:
    (task,) = await asks(bench, "name?")
    bench.peer.wires[-1].write(b"!K\xfcche\r\nK\xc3\xbcche \x07\r\n")
    assert await task == "K\u00fcche \x07"
    assert bench.heard.messages[0] == "!K\ufffdche"
    assert not bench.heard.lost


async def test_replies_by_match(bench: Bench) -> None:
    by_name = [asyncio.ensure_future(bench.lines.ask(f"{n}?", match=begins_with(n))) for n in "abc"]
    await until(lambda: len(bench.got) == 3)
    bench.say("c=3", "a=1", "odd", "b=2", "b=2")
    assert await asyncio.gather(*by_name) == ["a=1", "b=2", "c=3"]


async def test_a_reply_of_several_lines(bench: Bench) -> None:
    asking = asyncio.ensure_future(bench.lines.ask_all("list", until=lambda line: line == "."))
    after = asyncio.ensure_future(bench.lines.ask("next"))
    await until(lambda: len(bench.got) == 2)
    bench.say("one", "!push", "two", ".", "yes")
    assert await asking == ["one", "two", "."]
    assert await after == "yes"


async def test_a_missing_reply_closes_the_connection(bench: Bench) -> None:
    first, second = await asks(bench, "a", "b")
    with pytest.raises(TimedOutError):
        await first
    with pytest.raises((UnreachableError, TimedOutError)):
        await second
    assert "order" in str(bench.heard.lost[0])


async def test_a_missing_reply_with_match_does_not_affect_others(bench: Bench) -> None:
    with pytest.raises(TimedOutError):
        await bench.lines.ask("a", match=lambda line: line == "A")
    (task,) = await asks(bench, "b")
    await until(lambda: len(bench.got) == 2)
    bench.say("B")
    assert await task == "B"
    assert not bench.heard.lost


async def test_the_reply_to_a_cancelled_request_is_dropped(bench: Bench) -> None:
    first, second = await asks(bench, "a", "b")
    first.cancel()
    bench.say("A", "B")
    assert await second == "B"
    assert not bench.heard.lost


async def test_line_with_a_delimiter_is_not_sent(bench: Bench) -> None:
    with pytest.raises(ArgumentError, match="contains a line break"):
        await bench.lines.ask("name x\r\noff")
    await asyncio.sleep(0.01)
    assert not bench.got


async def test_a_test_that_fails_takes_nothing(bench: Bench) -> None:
    def bug(line: str) -> bool:
        raise KeyError(line)

    asking = asyncio.ensure_future(bench.lines.ask("a", match=bug))
    await until(lambda: bench.got)
    bench.say("A")
    with pytest.raises(TimedOutError):
        await asking
    assert not bench.heard.lost
    assert bench.lines._link.oddities == {"a message that cannot be matched: KeyError": 1}


async def test_too_many_requests(bench: Bench) -> None:
    tasks = [asyncio.ensure_future(bench.lines.ask("a")) for _ in range(MAX_PENDING + 1)]
    started = now()
    with pytest.raises(UnreachableError, match="256 requests are already waiting"):
        await tasks[-1]
    assert now() - started < 0.15
    await bench.lines.close()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_new_options_are_for_the_next_connection() -> None:
    async def mirror(wire: Wire) -> None:
        while data := await wire.reader.read(100):
            await wire.send(data.upper())

    lines = make(Heard().link())
    async with TcpPeer(mirror) as peer:
        await lines.open(peer.address)
        assert await lines.ask("a;") == "A;"
        lines.configure(LinesOptions(delimiter=";", is_reply=lambda line: line != "*"))
        await lines.open(peer.address)
        lines.send("*")
        assert await lines.ask("b") == "B"
        await lines.close()


# login


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CredentialsError("no"), CredentialsError),
        (RefusedError("no"), RefusedError),
        (TimeoutError(), TimedOutError),
        (KeyError("bug"), DriverError),
    ],
)
async def test_a_login_that_fails(error: Exception, expected: type[EdgeError]) -> None:
    async def fail(_io: Lines) -> None:
        raise error

    heard = Heard()
    io = Lines(heard.link(), LinesOptions(delimiter="\r\n", login=fail))
    async with TcpPeer(serve) as peer:
        with pytest.raises(expected):
            await io.open(peer.address)
        await until(peer.wires[0].reader.at_eof)
    assert not heard.lost
    assert not io.heard_at


async def test_a_login_that_is_refused() -> None:
    heard = Heard()
    io = Lines(heard.link(), LinesOptions(delimiter="\r\n", login=log_in))
    async with TcpPeer(serve) as peer:  # shouts the login back
        with pytest.raises(CredentialsError):
            await io.open(peer.address)
    assert not heard.lost


async def test_lost_during_the_login_is_raised_by_open_only() -> None:
    async def hang_up(wire: Wire) -> None:
        await wire.reader.readuntil(b"\r\n")

    heard = Heard()
    io = Lines(heard.link(), LinesOptions(delimiter="\r\n", login=log_in))
    async with TcpPeer(hang_up) as peer:
        with pytest.raises(UnreachableError):
            await io.open(peer.address)
    assert not heard.lost


async def test_lost_during_a_login_that_does_not_notice() -> None:
    async def wait(_io: Lines) -> None:
        await asyncio.sleep(0.05)

    async def hang_up(wire: Wire) -> None:
        del wire

    heard = Heard()
    io = Lines(heard.link(), LinesOptions(delimiter="\r\n", login=wait))
    async with TcpPeer(hang_up) as peer:
        with pytest.raises(UnreachableError, match="at once"):
            await io.open(peer.address)
    assert not heard.lost


async def test_lost_after_the_login_is_reported() -> None:
    heard = Heard()
    io = Lines(heard.link(), LinesOptions(delimiter="\r\n", login=log_in))
    async with TcpPeer(serve_after_login) as peer:
        await io.open(peer.address)
        peer.drop()
        await until(lambda: len(heard.lost) == 1)
        await io.open(peer.address)
        peer.drop()
        await until(lambda: len(heard.lost) == 2)


@pytest.mark.parametrize("abandoned", [False, True])
async def test_abandoned_data_does_not_arrive_later(abandoned: bool) -> None:
    """The device takes nothing; when it does again, nobody waits for what was said."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        server.bind(("127.0.0.1", 0))
        server.listen()
        lines = make(Link(lambda _: None, lambda _: None))
        await lines.open(Address(*server.getsockname()))
        accepted, _ = server.accept()
        for _ in range(200):
            lines.write(b"x" * 900)
        if abandoned:
            lines.abandon()
        closing = asyncio.create_task(lines.close())
        await asyncio.sleep(0.1)
        with accepted:
            taken = await asyncio.to_thread(all_of, accepted)
        await closing
    assert (taken < 200 * 900) is abandoned


@pytest.mark.real_time  # the time that the kernel waits
async def test_a_dead_peer_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Heard()
    monkeypatch.setattr(sockets, "USER_TIMEOUT_MS", 300)
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        server.bind(("127.0.0.1", 0))
        server.listen()
        lines = make(heard.link())
        await lines.open(Address(*server.getsockname()))
        accepted, _ = server.accept()
        with accepted:  # and it takes nothing
            for _ in range(200):
                lines.write(b"x" * 900)
            await until(lambda: heard.lost)
    assert isinstance(heard.lost[0], TimedOutError)


def all_of(accepted: socket.socket) -> int:
    """Return how much arrives until the connection ends."""
    taken = 0
    with suppress(ConnectionResetError):
        while data := accepted.recv(65536):
            taken += len(data)
    return taken


async def test_a_device_that_received_everything_sees_a_proper_close() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        lines = make(Link(lambda _: None, lambda _: None))
        await lines.open(Address(*server.getsockname()))
        accepted, _ = server.accept()
        lines.write(b"x")
        lines.abandon()
        await lines.close()
        with accepted:
            assert accepted.recv(100) == b"x\r\n"
            assert not accepted.recv(100)  # and not a reset


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "latin-1"])
async def test_the_trace_shows_lines_as_text(encoding: str) -> None:
    """A password in them is recognized, whatever they are encoded as."""

    async def echo(wire: Wire) -> None:
        delimiter = "\n".encode(encoding)
        with suppress(asyncio.IncompleteReadError):
            await wire.send(await wire.reader.readuntil(delimiter))

    link = Link(lambda _: None, lambda _: None)
    async with TcpPeer(echo) as peer:
        lines = Lines(link, LinesOptions(encoding=encoding))
        await lines.open(peer.address)
        assert await lines.ask("P\xe4ssword") == "P\xe4ssword"
        await lines.close()
    assert [each.text for each in link.trace.entries()] == ["P\xe4ssword"] * 2
