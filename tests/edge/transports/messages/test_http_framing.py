"""Messages as HTTP has them, on a connection of another protocol."""

from hypothesis import given, strategies as st
import pytest

from lan_edge import ArgumentError, HttpCodec, HttpFramer, HttpMessage, ReplyError
from lan_edge.transports.messages.http_framing import MAX_HTTP_HEAD

from .test_framing import cut

CODEC = HttpCodec()
LENGTH = b"Content-Length: 1\r\n"
words = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":"), min_size=1
)
headers = st.dictionaries(words.map(lambda w: f"X-{w}".lower()), words, max_size=3)


@given(
    st.lists(st.builds(HttpMessage, words.map(lambda w: f"GET {w}"), headers, st.binary())),
    st.lists(st.integers(0, 500)),
)
def test_any_cut_gives_the_same_messages(messages: list[HttpMessage], cuts: list[int]) -> None:
    framer = HttpFramer()
    data = b"".join(framer.wrap(CODEC.encode(message)) for message in messages)
    read = [CODEC.decode(m) for piece in cut(data, cuts) for m in framer.feed(piece)]
    assert [(m.start, m.body) for m in read] == [(m.start, m.body) for m in messages]
    for got, sent in zip(read, messages, strict=True):
        assert sent.headers.items() <= got.headers.items()
        assert got.header("Content-LENGTH") == (str(len(sent.body)) if sent.body else "")


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        (
            b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 3\r\n\r\nv=0",
            [HttpMessage("RTSP/1.0 200 OK", {"cseq": "2", "content-length": "3"}, b"v=0")],
        ),
        (b"ICY 200 OK\nicy-name: x\n\n", [HttpMessage("ICY 200 OK", {"icy-name": "x"})]),
        (b"\r\n\r\nPING * X/1\r\n\r\n\nPING\n\n", [HttpMessage("PING * X/1"), HttpMessage("PING")]),
        (
            b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\nHTTP/1.1 100\r\n\r\n",
            [
                HttpMessage("HTTP/1.1 204 No Content", {"content-length": "9"}),
                HttpMessage("HTTP/1.1 100"),
            ],
        ),
        (
            b"A\r\nX: 1\r\n folded\r\nno colon\r\nX : 2\r\n" + 2 * LENGTH + b"\r\n\n",
            [HttpMessage("A", {"x": "2", "content-length": "1"}, b"\n")],
        ),
    ],
)
def test_what_is_read_however_it_is_cut(data: bytes, messages: list[HttpMessage]) -> None:
    for at in range(len(data) + 1):
        framer = HttpFramer()
        read = framer.feed(data[:at]) + framer.feed(data[at:])
        assert [CODEC.decode(m) for m in read] == messages


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"A\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "length is not clear"),
        (b"A\r\nContent-Length: -5\r\n\r\n", "length is not clear"),
        (b"A\r\nContent-Length: 5, 5\r\n\r\n", "length is not clear"),
        (b"A\r\nContent-Length: \xd9\xa3\r\n\r\n", "length is not clear"),
        (b"A\r\nTransfer-Encoding: chunked\r\n\r\n", "in chunks"),
        (b"A\r\nContent-Length: 99999\r\n\r\n", "more than 65536 bytes"),
        (b"A: " + b"x" * MAX_HTTP_HEAD, f"headers of more than {MAX_HTTP_HEAD} bytes"),
        (b"A: " + b"x" * MAX_HTTP_HEAD + b"\r\n\r\n", f"more than {MAX_HTTP_HEAD} bytes"),
    ],
)
def test_what_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ReplyError, match=reason):
        HttpFramer().feed(data)


def test_the_limit_is_exact() -> None:
    data = b"A\r\nContent-Length: 5\r\n\r\n12345"
    assert HttpFramer(limit=len(data)).feed(data) == [data]
    with pytest.raises(ReplyError, match="more than"):
        HttpFramer(limit=len(data) - 1).feed(data)


@pytest.mark.parametrize(
    ("start", "status"),
    [
        ("HTTP/1.1 404 Not Found", 404),
        ("RTSP/1.0 200", 200),
        ("ICY 200 OK", 200),
        ("GET / HTTP/1.1", 0),
        ("GET 200x HTTP/1.1", 0),
        ("", 0),
    ],
)
def test_the_status(start: str, status: int) -> None:
    assert HttpMessage(start).status == status


@pytest.mark.parametrize(
    "message", [HttpMessage("A\r\nB: c"), HttpMessage("A", {"B": "c\nD: e"}), HttpMessage("A\n")]
)
def test_a_line_break_is_not_sent(message: HttpMessage) -> None:
    with pytest.raises(ArgumentError, match="line break"):
        CODEC.encode(message)


def test_a_length_of_ones_own_stays() -> None:
    message = HttpMessage("A", {"content-length": "1"}, b"x")
    assert CODEC.encode(message) == b"A\r\ncontent-length: 1\r\n\r\nx"
