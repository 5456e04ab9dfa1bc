"""Answers: the heads and bodies that HTTP has, and the documents in them."""

from contextlib import suppress

import orjson

from lan_edge import ReplyError
from lan_edge.network.markup import without_controls
from lan_edge.network.parsing import MAX_ELEMENTS, parse_json, parse_xml
from lan_edge.transports.http.reframing import MAX_HEAD_LINE, MAX_HEAD_LINES, Reframer
from tests.edge.transports.http.strict import strictly_read

from .target import target
from .wire import pieces_of


@target(
    "edge/network/loose_json.py",
    "edge/network/markup.py",
    "edge/network/parsing.py",
    "edge/network/text.py",
    seeds=(
        b'<a xmlns="b" xmlns:c="d"><c:e f="1" c:g=\'2\'>K\xfcche &amp; &#65;&#x42;</c:e></a>\0',
        b'<?xml version="1.0" encoding="iso-8859-1"?><a><dlna:b>Tom & Jerry\x07</b><c d=1/><e>2',
        b"\xef\xbb\xbf what <a><![CDATA[1 < 2]]>&lt;<!-- & --></b><b>&nbsp;&#7;</a><c/>",
        "<a>K\u00fcche</a>".encode("utf-16"),
        b'{"name": "K\xfcche\x07", "\\ud83d": [1, 2.5, null]}\0',
        b'{"name": "Tom\\\'s "x" \\x41", "a": -nan, "b": [007, +5, .5, 5., inf,], "c": , "d":}',
    ),
)
def documents(data: bytes) -> None:
    """Whatever they are, what is read of XML and JSON is text that can be shown and sent."""
    with suppress(ReplyError):
        orjson.dumps(parse_json(data, "it"), option=orjson.OPT_NON_STR_KEYS)
    with suppress(ReplyError):
        elements = list(parse_xml(data, "it").iter())
        assert len(elements) <= MAX_ELEMENTS
        for element in elements:
            words = "".join((element.text or "", element.tail or "", *element.attrib.values()))
            assert without_controls(words) == words
            words.encode()


@target(
    "edge/transports/http/reframing.py",
    "edge/transports/http/heads.py",
    seeds=(
        b"\x05HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\nX : y\r\n z\r\n\r\non",
        b"\x01HTTP/1.0 200\nTransfer-Encoding: chunked\nno colon\n\n2;a=b\non\n0\nX: y\n\nmore",
        b"\x03HTTP/1.1 100 \r\n\r\nICY 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\non",
        b"\x07HTTP/1.1 101 \r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x02on",
        b"\x02HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\none",
    ),
)
def http_answers(data: bytes) -> None:
    """However an answer is cut, a strict reader gets the same."""
    pieces = pieces_of(data)
    assert strictly_read(*reframed(pieces)) == strictly_read(*reframed([b"".join(pieces)]))


def reframed(pieces: list[bytes]) -> tuple[bytes, bool]:
    """Return all that an answer becomes, and whether more came than it."""
    reframer = Reframer()
    reframer.begin(with_body=True)
    out = b"".join(map(reframer.feed, pieces))
    assert len(reframer._came) <= (MAX_HEAD_LINE + 2) * (2 + MAX_HEAD_LINES)
    assert len(reframer._line) <= max(MAX_HEAD_LINE, *map(len, pieces), 0)
    return out + reframer.end(), reframer.is_spoiled
