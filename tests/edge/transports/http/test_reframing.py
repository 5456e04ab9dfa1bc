"""Answers as real devices send them: each is read as a browser would, or refused."""

import asyncio
from dataclasses import dataclass

from hypothesis import given, strategies as st
import pytest

from lan_edge import EdgeError, Http, HttpOptions, ReplyError, UnreachableError
from lan_edge.transports.base import Link
from lan_edge.transports.http.reframing import Reframer

from ...peers import TcpPeer, Wire
from .strict import strictly_read
from .test_http import read

OK = b"HTTP/1.1 200 OK"
BODY = b'{"a":1}'
LENGTH, CHUNKED, CLOSE = b"Content-Length: 7", b"Transfer-Encoding: chunked", b"Connection: close"
CHUNKS = b"7\r\n" + BODY + b"\r\n0\r\n\r\n"


def answer(*headers: bytes, status: bytes = OK, body: bytes = BODY) -> bytes:
    """Return an answer with such a head."""
    return b"\r\n".join((status, *headers, b"", body))


READ = {
    "two lengths that are the same": answer(LENGTH, LENGTH),
    "a list of lengths that are the same": answer(b"Content-Length: 7, 7"),
    "a line without a colon": answer(b"what is this", LENGTH),
    "a header without a name": answer(b": v", LENGTH),
    "a blank before the colon": answer(b"X : v", b"Content-Length : 7"),
    "names that are none": answer(b"X Y: v", b"X\x01: v", b"X(1): v", b"X\xfc: v", LENGTH),
    "a value that is not UTF-8": answer(b"X: K\xfcche", LENGTH),
    "a header in two lines": answer(b"X: a", b" b", b"\tc", LENGTH),
    "a line that continues none": answer(b" X: a", LENGTH),
    "more headers of a kind": answer(b"Date: a", b"Date: b", LENGTH),
    "bare line feeds": answer(LENGTH).replace(b"\r\n", b"\n"),
    "too many carriage returns": answer(LENGTH).replace(b"\r\n", b"\r\r\n"),
    "blank lines before it": b"\r\n\n\r\n" + answer(LENGTH),
    "no reason": answer(LENGTH, status=b"HTTP/1.1 200"),
    "an odd reason": answer(LENGTH, status=b"HTTP/1.1 200 K\xfcche\tOK"),
    "HTTP/1.0": answer(LENGTH, status=b"HTTP/1.0 200 OK"),
    "HTTP/1": answer(LENGTH, status=b"HTTP/1 200 OK"),
    "HTTP/0.9": answer(LENGTH, status=b"HTTP/0.9 200 OK"),
    "HTTP/1.2": answer(LENGTH, status=b"HTTP/1.2 200 OK"),
    "no version": answer(LENGTH, status=b"HTTP 200 OK"),
    "lower case": answer(LENGTH, status=b"http/1.1 200 ok"),
    "more blanks": answer(LENGTH, status=b"HTTP/1.1  200  OK"),
    "ICY": answer(LENGTH, status=b"ICY 200 OK"),
    "after an interim one": answer(status=b"HTTP/1.1 100 Continue", body=b"") + answer(LENGTH),
    "more after the body": answer(LENGTH, body=BODY + b"more"),
    "a line's end after the body": answer(LENGTH, body=BODY + b"\r\n"),
    "more after the body, then the end": answer(LENGTH, CLOSE, body=BODY + b"more"),
    "more after the last chunk": answer(CHUNKED, body=CHUNKS + b"more"),
    "something after the size of the last chunk": answer(CHUNKED, body=CHUNKS[:-2] + b"x\r\n\r\n"),
    "a trailer": answer(CHUNKED, body=CHUNKS[:-2] + b"X: y\r\n\r\n"),
    "the last chunk without its end": answer(CHUNKED, body=CHUNKS[:-2]),
    "chunks with more": answer(CHUNKED, body=CHUNKS.replace(b"7\r", b" 007 ;a=b\r")),
    "chunks with bare line feeds": answer(CHUNKED, body=CHUNKS.replace(b"\r\n", b"\n")),
    "chunks and a length": answer(LENGTH, CHUNKED, b"Content-Length: 99", body=CHUNKS),
    "chunks twice": answer(CHUNKED, CHUNKED, body=CHUNKS),
    "no coding": answer(b"Transfer-Encoding: identity", LENGTH),
}
READ_WHEN_CLOSED = {
    "too long a length": answer(b"Content-Length: 9", CLOSE),
    "too long a length, in HTTP/1.0": answer(b"Content-Length: 9", status=b"HTTP/1.0 200 OK"),
    "no length": answer(),
    "an empty length": answer(b"Content-Length:", CLOSE),
    "a length that is none": answer(b"Content-Length: -1", CLOSE),
    "no last chunk": answer(CHUNKED, CLOSE, body=CHUNKS[:-5]),
}
REFUSED = {
    "two lengths": answer(LENGTH, b"Content-Length: 5"),
    "a list of two lengths": answer(b"Content-Length: 7, 5"),
    "two lengths, then the end": answer(LENGTH, b"Content-Length: 5", CLOSE),
    "a length that is none": answer(b"Content-Length: 7x"),
    "no chunks": answer(CHUNKED, LENGTH),
    "a size that is none": answer(CHUNKED, body=b"0x" + CHUNKS),
    "no size": answer(CHUNKED, body=b"\r\n" + CHUNKS),
    "a chunk that is too long": answer(CHUNKED, body=CHUNKS.replace(b"7", b"6")),
    "a control character": answer(b"X: \x01", LENGTH),
    "a NUL": answer(b"X: \0", LENGTH),
    "a carriage return in a line": answer(b"X: a\rY: b", LENGTH),
    "a status that is none": answer(LENGTH, status=b"HTTP/1.1 2000 OK"),
    "another protocol": answer(LENGTH, status=b"FTP/1.1 200 OK"),
    "too many lines": answer(*[b"X: y"] * 33, LENGTH),
    "too long a line": answer(b"X: " + b"y" * 5000, LENGTH),
}
CUT = {
    "too long a length": answer(b"Content-Length: 9"),
    "no last chunk": answer(CHUNKED, body=CHUNKS[:-5]),
    "half a chunk": answer(CHUNKED, CLOSE, body=CHUNKS[:5]),
    "half a head": OK + b"\r\nX: y\r\n",
    "no head": BODY,
}


@dataclass
class Peer(TcpPeer):
    """Answers everything in the same way."""

    said: bytes
    closes: bool = False

    def __post_init__(self) -> None:
        super().__init__(self._talk)

    async def _talk(self, wire: Wire) -> None:
        while await read(wire):
            wire.write(self.said)
            if self.closes:
                return


async def asked(said: bytes, *, closes: bool = False) -> tuple[list[bytes], int]:
    """Return the bodies of two answers that are the same, and the number of connections."""
    async with Peer(said, closes) as peer:
        http = Http(Link(lambda _: None, lambda _: None), HttpOptions(timeout=2))
        await http.open(peer.address)
        try:
            return [(await http.get("/", again=False)).body for _ in range(2)], peer.accepted
        finally:
            await http.close()


@pytest.mark.parametrize("said", READ.values(), ids=READ)
@pytest.mark.parametrize("closes", [False, True])
async def test_read(said: bytes, closes: bool) -> None:
    bodies, _ = await asked(said, closes=closes)
    assert bodies == [BODY, BODY]


@pytest.mark.parametrize("said", READ_WHEN_CLOSED.values(), ids=READ_WHEN_CLOSED)
async def test_read_when_it_is_closed(said: bytes) -> None:
    bodies, _ = await asked(said, closes=True)
    assert bodies == [BODY, BODY]


@pytest.mark.parametrize("said", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("closes", [False, True])
async def test_refused(said: bytes, closes: bool) -> None:
    with pytest.raises((ReplyError, UnreachableError), match=r"not valid HTTP|cut short"):
        await asked(said, closes=closes)


@pytest.mark.parametrize("said", CUT.values(), ids=CUT)
async def test_cut(said: bytes) -> None:
    with pytest.raises(EdgeError):
        await asked(said, closes=True)


async def test_what_is_cut_is_judged_by_what_it_is() -> None:
    async with Peer(answer(b"Content-Length: 7", CLOSE, body=BODY[:-1]), closes=True) as peer:
        http = Http(Link(lambda _: None, lambda _: None), HttpOptions(timeout=2))
        await http.open(peer.address)
        with pytest.raises(ReplyError, match="not JSON"):
            await http.get_json("/")
        await http.close()


@pytest.mark.parametrize(
    ("said", "connections"),
    [
        (answer(LENGTH), 1),
        (answer(LENGTH, body=BODY + b"\r\n"), 1),
        (answer(b"Connection: keep-alive", LENGTH, status=b"HTTP/1.0 200 OK"), 1),
        (answer(LENGTH, status=b"HTTP/1.0 200 OK"), 2),
        (answer(LENGTH, body=BODY + answer(LENGTH, body=b"another")), 2),
        (answer(CHUNKED, body=CHUNKS + answer(LENGTH, body=b"another")), 2),
        (answer(status=b"HTTP/1.1 204 No Content", body=answer(LENGTH)), 2),
    ],
)
async def test_what_follows_an_answer_is_no_answer(said: bytes, connections: int) -> None:
    bodies, accepted = await asked(said)
    assert bodies == [b"" if b" 204 " in said else BODY] * 2
    assert accepted == connections


async def test_an_answer_to_nothing_is_none() -> None:
    ended = asyncio.Event()

    async def talk(wire: Wire) -> None:
        try:
            while await read(wire):
                wire.write(answer(LENGTH))
        finally:
            ended.set()

    async with TcpPeer(talk) as peer:
        http = Http(Link(lambda _: None, lambda _: None), HttpOptions(timeout=2))
        await http.open(peer.address)
        await http.get("/")
        peer.wires[-1].write(answer(LENGTH, body=b"another"))
        await ended.wait()  # by the hub
        assert (await http.get("/")).body == BODY
        await http.close()


async def test_the_answer_to_head() -> None:
    async with Peer(answer(b"Content-Length: 99", b"X : y", body=b"")) as peer:
        http = Http(Link(lambda _: None, lambda _: None), HttpOptions(timeout=2))
        await http.open(peer.address)
        for _ in range(2):
            response = await http.request("HEAD", "/")
            assert (response.body, response.headers["X"]) == (b"", "y")
            assert response.headers["Content-Length"] == "99"
        await http.close()
        assert peer.accepted == 1


# without a network


def reframed(*pieces: bytes) -> bytes:
    """Return what the strict parser gets."""
    reframer = Reframer()
    reframer.begin(with_body=True)
    return b"".join(map(reframer.feed, pieces)) + reframer.end()


@pytest.mark.parametrize("said", [*READ.values(), *READ_WHEN_CLOSED.values()])
@given(cuts=st.lists(st.integers(0, 200), max_size=8).map(sorted))
def test_it_may_come_in_any_pieces(said: bytes, cuts: list[int]) -> None:
    pieces = [said[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(said)], strict=True)]
    head, body, is_whole, _ = strictly_read(reframed(*pieces))
    assert (body, is_whole) == (BODY, True)
    assert head == strictly_read(reframed(said))[0]


@pytest.mark.parametrize("said", [*READ.values(), *READ_WHEN_CLOSED.values()])
def test_it_may_come_byte_by_byte(said: bytes) -> None:
    assert strictly_read(reframed(*(bytes((byte,)) for byte in said)))[1:3] == (BODY, True)


def test_an_upgrade_and_what_follows_it() -> None:
    said = answer(b"Connection: Upgrade", b"Upgrade : websocket", b"Content-Length: 0")
    said = said.replace(b"200 OK", b"101 Switching Protocols")
    headers = b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    upgraded = b"HTTP/1.1 101 Switching Protocols\r\n" + headers + b"\x81\x00"
    assert reframed(said[:-7], b"\x81\x00") == upgraded
