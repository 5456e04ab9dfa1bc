"""Messages as HTTP has them, on a connection of another protocol."""

from hypothesis import given, strategies as st
import pytest

from lan_edge import ArgumentError, HttpCodec, HttpFramer, HttpMessage, ReplyError
from lan_edge.transports.messages.http_framing import MAX_HTTP_HEAD

from .test_framing import cut

CODEC = HttpCodec()
LENGTH = b"Content-Length: 1\r\n"
CHUNKED = b"A\r\nTransfer-Encoding: chunked\r\n"
NO_SIZES = [b"", b" 1", b"+1", b"-1", b"0x1", b"1 1", b"g", b"1_0", b"\xd9\xa3", b"0" * 17, b";x=1"]
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
        (
            b"A\r\n no header\r\nX: 1\r\n  2\r\n\t3\r\nContent-Length:\n 1\r\n\r\n!",
            [HttpMessage("A", {"x": "1 2 3", "content-length": "1"}, b"!")],
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
        (CHUNKED + LENGTH + b"\r\n1\r\nx\r\n0\r\n\r\n", "length is not clear"),
        (b"A\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "a body coded as gzip, chunked"),
        (b"A\r\nTransfer-Encoding: gzip\r\n\r\n", "a body coded as gzip"),
        (CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n", "coded as chunked, chunked"),
        (CHUNKED + b" , gzip\r\n\r\n", "coded as chunked, gzip"),
        *((CHUNKED + b"\r\n" + size + b"\r\n", "a chunk of the size") for size in NO_SIZES),
        (CHUNKED + b"\r\n" + b"f" * 16 + b"\r\n", "more than 655"),
        (CHUNKED + b"\r\n10000\r\n", "more than 655"),
        (CHUNKED + b"\r\n" + b"8000\r\n" + bytes(0x8000) + b"\r\n8000\r\n", "more than 655"),
        (CHUNKED + b"\r\n2\r\nabc\r\n", "a chunk that is longer than its size"),
        (CHUNKED + b"\r\n2\r\nab\rc", "a chunk that is longer than its size"),
        (CHUNKED + b"\r\n" + b"1" * 5000, "a line of more than 4096 bytes"),
        (CHUNKED + b"\r\n1;" + b"x" * 5000 + b"\r\n", "a line of more than 4096 bytes"),
        (CHUNKED + b"\r\n" + 5 * (b"1;" + b"x" * 4000 + b"\r\na\r\n"), "beside the body"),
        (CHUNKED + b"\r\n0\r\n" + 5 * (b"X: " + b"x" * 4000 + b"\r\n"), "beside the body"),
        (b"A\r\nContent-Length: 99999\r\n\r\n", "more than 65536 bytes"),
        (b"A: " + b"x" * MAX_HTTP_HEAD, f"headers of more than {MAX_HTTP_HEAD} bytes"),
        (b"A: " + b"x" * MAX_HTTP_HEAD + b"\r\n\r\n", f"more than {MAX_HTTP_HEAD} bytes"),
    ],
)
def test_what_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ReplyError, match=reason):
        HttpFramer().feed(data)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b"0\r\n\r\n", b""),
        (b"3\r\nabc\r\n0\r\n\r\n", b"abc"),
        (b"3\nabc\n0\n\n", b"abc"),
        (b'003 \t;x\r\nabc\r\n1;n="v;w"\r\nd\r\n000\r\n\r\n', b"abcd"),
        (
            b"A\r\n0123456789\r\n5\r\n\r\n0\r\n\r\n0;x\r\n\r\n",
            b"0123456789\r\n0\r\n",
        ),
        (b"1\r\nx\r\n0\r\nContent-Length: 9\r\nX: y\r\n\r\n", b"x"),
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        b"Transfer-Encoding: chunked\r\n",
        b"transfer-encoding :\r\n CHUNKED\r\nX: 1\r\n",
        b"X: 1\nTRANSFER-ENCODING:chunked , \n",
    ],
)
def test_a_body_in_chunks_however_it_is_cut(headers: bytes, body: bytes, read: bytes) -> None:
    data = b"RTSP/1.0 200 OK\r\n" + headers + b"\r\n" + body + b"NEXT\r\n\r\n"
    rest = {"x": "1"} if b"X:" in headers else {}
    wanted = HttpMessage("RTSP/1.0 200 OK", {**rest, "content-length": str(len(read))}, read)
    for at in range(len(data) + 1):
        framer = HttpFramer()
        messages = framer.feed(data[:at]) + framer.feed(data[at:])
        assert [CODEC.decode(m) for m in messages] == [wanted, HttpMessage("NEXT")]


@pytest.mark.parametrize("status", ["100 Continue", "204 No Content", "304 Not Modified"])
def test_a_status_without_body_has_no_chunks(status: str) -> None:
    data = f"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\nNEXT\r\n\r\n".encode()
    first, second = HttpFramer().feed(data)
    assert CODEC.decode(first).body == b""
    assert CODEC.decode(second).start == "NEXT"


@given(
    st.lists(st.binary(min_size=1), max_size=9),
    st.lists(st.sampled_from([b"", b";x", b"; a=b"]), min_size=1),
    st.lists(st.integers(0, 400)),
)
def test_what_is_sent_in_chunks_is_read_as_one_body(
    chunks: list[bytes], extensions: list[bytes], cuts: list[int]
) -> None:
    sizes = (extensions[n % len(extensions)] for n in range(10))
    body = b"".join(b"%x%b\r\n%b\r\n" % (len(c), next(sizes), c) for c in chunks)
    framer = HttpFramer()
    data = CHUNKED + b"\r\n" + body + b"0\r\n\r\n"
    (message,) = [m for piece in cut(data, cuts) for m in framer.feed(piece)]
    assert CODEC.decode(message).body == b"".join(chunks)


def test_the_limit_of_a_body_in_chunks_is_exact() -> None:
    data = CHUNKED + b"\r\n3\r\n123\r\n2\r\n45\r\n0\r\n\r\n"
    limit = len(CHUNKED) + 2 + 5
    assert CODEC.decode(HttpFramer(limit=limit).feed(data)[0]).body == b"12345"
    with pytest.raises(ReplyError, match="more than"):
        HttpFramer(limit=limit - 1).feed(data)


def test_no_more_is_kept_than_the_body() -> None:
    """Many small chunks with extensions do not add up."""
    framer = HttpFramer()
    framer.feed(CHUNKED + b"\r\n")
    for _ in range(1000):
        framer.feed(b"1;x\r\na\r\n")
    assert framer._chunks is not None
    assert (len(framer._rest), len(framer._chunks.body)) == (0, 1000)


def test_a_body_in_chunks_of_ones_own_is_sent_as_it_is() -> None:
    message = HttpMessage("A", {"transfer-encoding": "chunked"}, b"0\r\n\r\n")
    assert CODEC.encode(message) == b"A\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"


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
