"""Bytes and messages: framers, codecs, requests to the listener, events, certificates' places."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
import gzip
from typing import Any
import zlib

from lan_edge import (
    Aes,
    CallbackRequest,
    EdgeError,
    EscapedFramer,
    FixedFramer,
    Framer,
    HttpCodec,
    HttpFramer,
    Inbound,
    InboundOptions,
    JsonCodec,
    JsonRpc,
    JsonRpcOptions,
    LengthFramer,
    Listener,
    RefusedError,
    ReplyError,
    Switch,
    SwitchLevel,
    VarintFramer,
)
from lan_edge.callbacks.body import MAX_BODY, BodyError, unpacked
from lan_edge.callbacks.calls import names_in
from lan_edge.callbacks.registration import CallbackHandler
from lan_edge.drivers.kasa.protocol import Cipher
from lan_edge.drivers.tuya.protocol.codec import VERSIONS, TuyaCodec, TuyaMessage, read_beacon
from lan_edge.network.hosts import canonical_host
from lan_edge.network.text import is_sendable
from lan_edge.transports.base import Link
from lan_edge.transports.http.event_stream import EventParser
from lan_edge.transports.http.messages import Response
from lan_edge.transports.http.refusals import refusal
from lan_edge.transports.http.retry_after import retry_after
from lan_edge.transports.messages.codec import decoded
from lan_edge.transports.messages.framing import LineFramer
from lan_edge.transports.upnp.events import propertyset
from lan_edge.transports.upnp.subscription import LEASE, lease
from tests.emulators.tuya import TuyaEmulator

from .target import target

LIMIT, MAX_ID = 60, 40
KEY = bytes(range(16))
FRAMERS = (
    LineFramer,
    partial(LineFramer, b"\r\n"),
    LengthFramer,
    partial(LengthFramer, 1, "little", inclusive=True),
    partial(LengthFramer, 2, start=b"#", header=3, extra=-1),
    partial(FixedFramer, 7),
    partial(EscapedFramer, b"\x7e", b"\x7d", mask=0x20, both_ends=True),
    partial(EscapedFramer, b"\xc0", b"\xdb", codes={0xC0: 0xDC, 0xDB: 0xDD}),
    partial(EscapedFramer, b"\n", b"\\"),
    VarintFramer,
    partial(VarintFramer, start=b"\0", header=1),
    HttpFramer,
)


def outcome(framer: Framer, pieces: list[bytes]) -> list[bytes] | None:
    """Return the messages; None where they are refused."""
    try:
        messages = [m for piece in pieces for m in framer.feed(piece)]
    except ReplyError:
        return None
    assert all(len(m) <= LIMIT for m in messages)
    kept = sum(len(v) for v in vars(framer).values() if isinstance(v, bytes | bytearray))
    assert kept <= 2 * LIMIT, "it keeps more than a message"
    return messages


def pieces_of(data: bytes) -> list[bytes]:
    """Return data in pieces of a length that it says itself."""
    size = 1 + data[0] % 16 if data else 1
    return [data[at : at + size] for at in range(1, min(len(data), 4096), size)]


@target(
    "edge/transports/messages/framing.py",
    "edge/transports/messages/chunks.py",
    "edge/transports/messages/http_framing.py",
    "edge/transports/messages/varint.py",
    seeds=(
        b"\x05\x00{}\nabc\n",
        b"\x03\x02\0\0\0\x02hi\0\0\0\0",
        b"\x02\x03\x04abc\x01",
        b"\x01\x04#abc\0\x01x",
        b"\x02\x06\x7ea\x7d\x5eb\x7e",
        b"\x03\x07a\xdb\xdcb\xc0",
        b"\x01\x08a\\\nb\n",
        b"\x02\x09\x02hi\x00\x80\x00",
        b"\x02\x0a\x00\x02\x81\x01hi",
        b"\x05\x0bA\r\nContent-Length: 2\r\n\r\nhiICY 200\n\n",
        b"\x05\x0bA\nTransfer-Encoding: chunked\n\n2;x\nhi\n1\n!\n0\nB: c\n\n",
    ),
)
def framers(data: bytes) -> None:
    """However it is cut, the same messages come out, and nothing else is kept."""
    make = FRAMERS[data[1] % len(FRAMERS)] if len(data) > 1 else LineFramer
    pieces = pieces_of(data[:1] + data[2:])
    messages = outcome(make(limit=LIMIT), pieces)
    assert messages == outcome(make(limit=LIMIT), [b"".join(pieces)])
    if make is HttpFramer:
        for message in messages or ():
            assert message.endswith(HttpCodec().decode(message).body)


@target(
    "edge/transports/messages/codec.py",
    "edge/network/parsing.py",
    "edge/drivers/kasa/driver.py",
    "edge/drivers/kasa/protocol.py",
    seeds=(b'{"a":1}', Cipher().encode({"system": {"get_sysinfo": {}}})),
)
def codecs(data: bytes) -> None:
    """What a codec cannot decode is a ReplyError."""
    for codec in (JsonCodec(), Cipher()):
        with suppress(ReplyError):
            decoded(codec, data)


BEACONS = tuple(TuyaEmulator(version=version).beacon() for version in VERSIONS)


@target(
    "edge/drivers/tuya/protocol/codec.py", seeds=(*(beacon[4:] for beacon in BEACONS), *BEACONS)
)
def tuya_frames(data: bytes) -> None:
    """What is no message of a version is a ReplyError, or one that another key has encrypted."""
    for version in VERSIONS:
        with suppress(ReplyError):
            assert isinstance(decoded(TuyaCodec(version, KEY), data), TuyaMessage)
    with suppress(EdgeError, ValueError):  # a beacon of others
        assert len(read_beacon(data).get("gwId", "")) <= MAX_ID


@target("edge/network/ciphers.py", seeds=(Aes(KEY).encrypt_ecb(b"on"), bytes(28)))
def ciphers(data: bytes) -> None:
    """What was not encrypted with the key is a ReplyError, or another text."""
    aes = Aes(KEY)
    for decrypt in (
        aes.decrypt_ecb,
        partial(aes.decrypt_cbc, data[:16]),
        partial(aes.decrypt_gcm, data[:12]),
    ):
        with suppress(ReplyError):
            assert len(decrypt(data)) <= len(data)


@target(
    "edge/transports/http/event_stream.py",
    seeds=(
        b"\x03event: state\ndata: {}\nid: 7\nretry: 1000\n\n",
        b"\x01\xef\xbb\xbfdata:a\r\ndata:b\r\n\r\n:comment\n",
    ),
)
def event_streams(data: bytes) -> None:
    """However a stream is cut, the same events come out of it."""
    pieces = pieces_of(data)
    assert events(pieces) == events([b"".join(pieces)])


def events(pieces: list[bytes]) -> list[object] | None:
    parser = EventParser(LIMIT)
    try:
        parsed = [e for piece in pieces for e in parser.feed(piece)]
    except ReplyError:
        return None
    for event in parsed:
        assert len(event.data) <= LIMIT
        with suppress(ReplyError):
            event.json()
    return [*parsed, parser.retry]


@target(
    "edge/transports/upnp/events.py",
    "edge/transports/upnp/subscription.py",
    "edge/network/parsing.py",
    seeds=(
        (
            b'<e:propertyset xmlns:e="urn:e"><e:property><Status>1</Status>'
            b"</e:property></e:propertyset>\r\n\0"
        ),
        b'<?xml version="1.0" encoding="utf-16"?><propertyset/>',
        (
            b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><propertyset><p><A>&b;</A></p>'
            b"</propertyset>"
        ),
        b"Second-300",
    ),
)
def upnp_events(data: bytes) -> None:
    """An event is texts by name, a lease within its bounds."""
    assert 1 <= lease(data.decode(errors="replace")) <= LEASE
    for name, value in propertyset(data).items():
        assert isinstance(name, str)
        assert isinstance(value, str)


@target(
    "edge/callbacks/request.py",
    "edge/capabilities/definition.py",
    seeds=(b"contact open\r\n\0", b"a=1&b=%C3%28&&c", b'{"on": true}', b"level: 50\nswitch = on"),
)
def callback_bodies(data: bytes) -> None:
    """A body is what is asked for, or a ReplyError."""
    request = CallbackRequest("POST", body=data)
    for read in (request.text, request.json, request.form, request.pairs):
        with suppress(ReplyError):
            read()
    with suppress(ReplyError):
        words = request.text()
        for attribute in (Switch.switch, SwitchLevel.level):
            with suppress(ReplyError):
                attribute.schema.check(attribute.parse(words))


@target(
    "edge/callbacks/body.py",
    "edge/network/text.py",
    "edge/transports/http/session.py",
    seeds=(b"gzip\n" + gzip.compress(b"on"), b"deflate\n" + zlib.compress(b"on"), b"br\n\0"),
)
def packed_bodies(data: bytes) -> None:
    """A body is unpacked to no more than fits, or refused; text that is sent back is one line."""
    encoding, _, body = data.partition(b"\n")
    text = encoding.decode("utf-8", "surrogateescape")
    with suppress(BodyError):
        assert len(unpacked(body, text)) <= max(MAX_BODY, len(body))
    if is_sendable(text):
        assert len(text.encode().splitlines()) <= 1


@target(
    "edge/transports/http/refusals.py",
    seeds=(
        b'{"error": {"description": "Wait 60 s"}}',
        b"<html><head><style>p {}</style></head><!-- x --><p>Too many&nbsp;attempts</p></html>",
        b"Wrong PIN, two tries left",
    ),
)
def refusals(data: bytes) -> None:
    """The error for a refusal is one line of bounded length, with a part of the body."""
    for is_login_refused in (False, True):
        error = refusal(Response("GET /", 429, {}, data), is_login_refused=is_login_refused)
        assert 0 < len(str(error)) <= error.max_length
        assert str(error).isprintable()
        assert len(getattr(error, "body", "")) <= RefusedError.max_body
    secret = refusal(Response("GET /", 429, {}, data, secret=True), is_login_refused=False)
    assert str(secret) == "GET /: status 429"


@target(
    "edge/transports/http/retry_after.py",
    seeds=(
        b"120",
        b"Sun, 06 Nov 1994 08:49:37 GMT\nSun, 06 Nov 1994 08:48:37 GMT",
        b"Mon, 01 Jan 0001 00:00:00 -2359\n",
    ),
)
def pauses(data: bytes) -> None:
    """The pause for which a device asks is a number of seconds, and none in the past."""
    after, _, date = data.decode("latin-1").partition("\n")
    seconds = retry_after({"Retry-After": after, "Date": date})
    assert seconds is None or 0 <= seconds < 1e12


@target(
    "edge/callbacks/calls.py",
    "edge/callbacks/line_reader.py",
    "edge/callbacks/http_server.py",
    "edge/transports/inbound/inbound.py",
    seeds=(b'/relay/1\n{"id": 1}\n', b"/secret\r\n[]\nx", b"GET / HTTP/1.1\r\n\r\n", b"//\n"),
)
def calls(data: bytes) -> None:
    """A call is of the device whose path it gives, or of nobody; a message is told or counted."""
    line, _, rest = data.partition(b"\n")
    if (names := names_in(line.decode(errors="replace").strip())) is not None:
        assert all(name.isascii() and name.isprintable() and len(name) <= 64 for name in names)
    reports: list[Any] = []
    link = Link(reports.append, reports.append)
    for kind in ("json", "text", "binary"):
        io = Inbound(link, InboundOptions(messages=kind, key=lambda message: message["id"]))
        io._correlator.match_by(io._options.key, io._options.is_reply)  # as `open` does
        for message in rest.split(b"\n", 16)[:16]:
            io._received(message)
            io._received(message.decode(errors="replace"))
    assert len(link.oddities) <= 5


@target(
    "edge/callbacks/listener.py",
    "edge/callbacks/registration.py",
    "edge/network/hosts.py",
    seeds=(
        b"NOTIFY /\nSID: uuid:1\nSEQ: 0\n\n<e/>",
        b"POST /token/path?a=b\nHost: x\n\nbody",
        b"UDP /\n\nhello",
    ),
)
def callback_requests(data: bytes) -> None:
    """What has neither the token nor the SID of a subscription reaches nobody."""
    head, _, body = data.decode(errors="replace").partition("\n\n")
    first, *lines = head.split("\n")
    method, _, path = first.partition(" ")
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    asyncio.run(_called(method, path, headers, body.encode()))


async def _called(method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
    came: list[CallbackRequest] = []
    listener = Listener()
    registration = listener.register(CallbackHandler(came.append, lambda: None, lambda: None))
    await registration.attach("10.0.0.5")
    listener._registrations.put(registration)  # as if it listened
    registration.listen("uuid:1", came.append)
    for source in ("10.0.0.5", canonical_host(path) or "10.0.0.6"):
        if (route := listener._find(method, path, headers, source)) is not None:
            route[0].take(CallbackRequest(method, route[1], {}, headers, body, source))
    assert all(r.source == "10.0.0.5" and r.headers["SID"] == "uuid:1" for r in came)


@target("edge/transports/tcp/json_rpc.py", seeds=(b'{"method":"x","params":[1]}',))
def rpc_lines(data: bytes) -> None:
    """A line that answers no request is a notification, or counted."""
    messages: list[Any] = []
    link = Link(messages.append, messages.append)
    JsonRpc(link, JsonRpcOptions())._received(data)
    assert len(link.oddities) <= 3
