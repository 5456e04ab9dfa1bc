"""Binary frames over TCP."""

import asyncio
from collections.abc import Callable
from functools import partial
import struct
from typing import Any, override
import zlib

from hypothesis import given, strategies as st
import orjson
import pytest

from lan_edge import (
    Address,
    Codec,
    CredentialsError,
    DriverError,
    EdgeError,
    EscapedFramer,
    FixedFramer,
    Frames,
    FramesOptions,
    JsonCodec,
    LengthFramer,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from lan_edge.transports.messages.codec import traced

from ...peers import Serve, TcpPeer, Wire, until
from ..contract import Contract, Heard, Kit


async def read(wire: Wire) -> bytes:
    return await wire.reader.readexactly(
        int.from_bytes(await wire.reader.readexactly(4), byteorder="big")
    )


def framed(message: bytes) -> bytes:
    return len(message).to_bytes(4, byteorder="big") + message


async def shout(wire: Wire) -> None:
    while True:
        await wire.send(framed((await read(wire)).upper()))


class TestFrames(Contract):
    kit = Kit(
        make=lambda link: Frames(link, FramesOptions(timeout=0.4, limit=1000)),
        serve=shout,
        use=lambda frames: frames.ask(b"power?"),
        answer=b"POWER?",
        garbage=b"\xff\xfe\xfd\xfc\xfb",
        oversize=framed(b"x" * 1001),
    )


async def log_in(frames: Frames) -> None:
    if await frames.ask(b"login") != b"welcome":
        raise CredentialsError


async def serve_after_login(wire: Wire) -> None:
    await read(wire)
    wire.write(framed(b"welcome"))
    await shout(wire)


class TestFramesWithLogin(Contract):
    """A login adds steps at which it can be cancelled."""

    kit = Kit(
        make=lambda link: Frames(link, FramesOptions(timeout=0.4, limit=1000, login=log_in)),
        serve=serve_after_login,
        use=lambda frames: frames.ask(b"power?"),
        answer=b"POWER?",
        garbage=b"\xff\xfe\xfd\xfc\xfb",
        oversize=framed(b"x" * 1001),
    )

    @override
    async def test_oversize(self, transport: Any, peer: Any, heard: Heard) -> None:
        await super().test_oversize(transport, peer, Heard())  # the login says something


async def opened(peer: TcpPeer, heard: Heard, options: FramesOptions) -> Frames:
    frames = Frames(heard.link(), options)
    await frames.open(peer.address)
    return frames


async def test_a_device_that_keeps_the_connection_is_told_apart(heard: Heard) -> None:
    async def once(wire: Wire) -> None:
        await read(wire)

    async with TcpPeer(once) as peer:
        frames = await opened(peer, heard, FramesOptions())
        assert await frames.stays_open(0.05)
        frames.send(b"a")
        assert not await frames.stays_open(5)
        await frames.close()
        assert not await frames.stays_open(5)


# matching


async def backwards(wire: Wire) -> None:
    """Answer every two requests in the other order, with a push between."""
    while True:
        first, second = await read(wire), await read(wire)
        for message in (second, b"\0push", first, first):
            await wire.send(framed(message))


BY_KEY = FramesOptions(timeout=0.2, key=lambda m: m[0] or None)


async def test_other_options_match_in_another_way(heard: Heard) -> None:
    async with TcpPeer(shout) as plain, TcpPeer(backwards) as peer:
        frames = await opened(plain, heard, FramesOptions(pipelined=False))
        assert await frames.ask(b"a") == b"A"
        frames.configure(BY_KEY)
        await frames.open(peer.address)
        asked = frames.ask(b"\1a"), frames.ask(b"\2b")
        assert list(await asyncio.gather(*asked)) == [b"\1a", b"\2b"]
        await frames.close()


async def test_other_options_frame_and_encode_in_another_way(heard: Heard) -> None:
    async def mirror(wire: Wire) -> None:
        while data := await wire.reader.read(100):
            await wire.send(data)

    async with TcpPeer(mirror) as peer:
        frames = await opened(peer, heard, FramesOptions())
        assert await frames.ask(b"a") == b"a"
        frames.configure(FramesOptions(framer=partial(FixedFramer, 7), codec=JsonCodec))
        await frames.open(peer.address)
        assert await frames.ask({"a": 1}) == {"a": 1}
        await frames.close()


async def test_replies_by_key_and_everything_in_order_to_the_driver(heard: Heard) -> None:
    async with TcpPeer(backwards) as peer:
        frames = await opened(peer, heard, BY_KEY)
        assert [*await asyncio.gather(frames.ask(b"\1a"), frames.ask(b"\2b"))] == [b"\1a", b"\2b"]
        await until(lambda: len(heard.messages) == 4)
        assert heard.messages == [b"\2b", b"\0push", b"\1a", b"\1a"]
        assert frames._link.oddities == {"a reply nobody waits for": 1}
        await frames.close()


async def test_two_requests_of_the_same_key_get_a_reply_each(heard: Heard) -> None:
    async with TcpPeer(shout) as peer:
        frames = await opened(peer, heard, BY_KEY)
        assert [*await asyncio.gather(frames.ask(b"\1a"), frames.ask(b"\1b"))] == [b"\1A", b"\1B"]
        await frames.close()


async def test_replies_by_predicate(heard: Heard) -> None:
    async with TcpPeer(backwards) as peer:
        frames = await opened(peer, heard, FramesOptions(timeout=0.2))
        answers = await asyncio.gather(
            frames.ask(b"a", match=lambda m: m == b"a"), frames.ask(b"b", match=lambda m: m == b"b")
        )
        assert [*answers] == [b"a", b"b"]
        await frames.close()


async def test_replies_by_order_leave_notifications_alone(heard: Heard) -> None:
    async def serve(wire: Wire) -> None:
        while message := await read(wire):
            await wire.send(framed(b"\0push") + framed(message))

    async with TcpPeer(serve) as peer:
        options = FramesOptions(timeout=0.2, is_reply=lambda m: m[0] != 0)
        frames = await opened(peer, heard, options)
        assert [*await asyncio.gather(frames.ask(b"a"), frames.ask(b"b"))] == [b"a", b"b"]
        await frames.close()


async def test_an_answered_request_leaves_no_timer(heard: Heard) -> None:
    async with TcpPeer(shout) as peer:
        frames = await opened(peer, heard, FramesOptions(timeout=30))
        await asyncio.gather(*(frames.ask(b"a") for _ in range(5)))
        await frames.close()
    scheduled = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    assert not [t for t in scheduled if not t.cancelled() and t.when() - t._loop.time() > 20]


async def test_one_request_at_a_time_without_pipelining(heard: Heard) -> None:
    async def simple(wire: Wire) -> None:
        while data := await wire.reader.read(1000):
            assert len(data) == 5  # one frame, and nothing behind it
            await asyncio.sleep(0.01)
            assert not wire.reader._buffer  # type: ignore[attr-defined]
            await wire.send(data)

    async with TcpPeer(simple) as peer:
        frames = await opened(peer, heard, FramesOptions(pipelined=False, timeout=0.2))
        asked = [bytes([n]) for n in range(8)]
        assert [*await asyncio.gather(*(frames.ask(a) for a in asked))] == asked
        peer.silent = True
        waiting = [asyncio.ensure_future(frames.ask(a)) for a in asked]
        await asyncio.sleep(0.02)
        await frames.close()
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(end) for end in ends} == {UnreachableError}


async def test_a_missing_reply_in_order_ends_the_connection(heard: Heard) -> None:
    async with TcpPeer(shout) as peer:
        peer.silent = True
        frames = await opened(peer, heard, FramesOptions(timeout=0.05))
        with pytest.raises(TimedOutError):
            await frames.ask(b"a")
        await until(lambda: heard.lost)
        assert "order" in str(heard.lost[0])


async def test_a_missing_reply_by_key_does_not(heard: Heard) -> None:
    async with TcpPeer(shout) as peer:
        peer.silent = True
        frames = await opened(peer, heard, FramesOptions(timeout=0.05, key=lambda m: m[0]))
        with pytest.raises(TimedOutError, match="request 97"):
            await frames.ask(b"a")
        peer.silent = False
        assert await frames.ask(b"A") == b"A"
        await frames.close()
        assert not heard.lost


async def test_the_reply_to_a_cancelled_request_is_dropped(heard: Heard) -> None:
    async with TcpPeer(backwards) as peer:
        frames = await opened(peer, heard, FramesOptions(is_reply=lambda m: m[0] != 0))
        first = asyncio.ensure_future(frames.ask(b"a"))
        await asyncio.sleep(0)
        first.cancel()
        assert await frames.ask(b"b") == b"a"  # the second that comes, in order
        await frames.close()


async def test_a_request_without_key_is_the_drivers_fault(heard: Heard) -> None:
    async with TcpPeer(shout) as peer:
        frames = await opened(peer, heard, BY_KEY)
        with pytest.raises(EdgeError, match="key"):
            await frames.ask(b"\0")
        await frames.close()


async def test_a_key_that_fails_on_garbage_is_counted(heard: Heard) -> None:
    async with TcpPeer(shout) as peer:
        frames = await opened(peer, heard, BY_KEY)
        frames.send(b"")
        await until(lambda: heard.messages)
        assert frames._link.oddities == {"a message that cannot be matched: IndexError": 1}
        assert await frames.ask(b"\1a") == b"\1A"
        await frames.close()


async def test_so_many_requests_and_no_more(heard: Heard) -> None:
    async with TcpPeer(shout) as peer:
        peer.silent = True
        frames = await opened(peer, heard, FramesOptions(timeout=1))
        asked = [asyncio.ensure_future(frames.ask(b"a")) for _ in range(256)]
        await asyncio.sleep(0)
        with pytest.raises(UnreachableError, match="256"):
            await frames.ask(b"a")
        await frames.close()
        assert all(
            isinstance(e, UnreachableError)
            for e in await asyncio.gather(*asked, return_exceptions=True)
        )


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
async def test_a_login_that_fails(
    heard: Heard, error: Exception, expected: type[EdgeError]
) -> None:
    async def fail(_frames: Frames) -> None:
        raise error

    async with TcpPeer(shout) as peer:
        with pytest.raises(expected):
            await opened(peer, heard, FramesOptions(login=fail))
        await until(peer.wires[0].reader.at_eof)
    assert not heard.lost


async def test_lost_during_the_login_is_raised_by_open_only(heard: Heard) -> None:
    async def hang_up(wire: Wire) -> None:
        await read(wire)

    async with TcpPeer(hang_up) as peer:
        with pytest.raises(UnreachableError):
            await opened(peer, heard, FramesOptions(login=log_in))
    assert not heard.lost


async def test_lost_during_a_login_that_does_not_notice(heard: Heard) -> None:
    async def wait(_frames: Frames) -> None:
        await asyncio.sleep(0.05)

    async def hang_up(wire: Wire) -> None:
        del wire

    async with TcpPeer(hang_up) as peer:
        with pytest.raises(UnreachableError):
            await opened(peer, heard, FramesOptions(login=wait))
    assert not heard.lost


# codecs


class Checked(Codec):
    """A CRC-32 behind the body."""

    @override
    def encode(self, message: Any) -> bytes:
        return bytes(message) + struct.pack(">I", zlib.crc32(message))

    @override
    def decode(self, data: bytes) -> Any:
        (crc,) = struct.unpack(">I", data[-4:])  # too short: struct.error, made a ReplyError
        if crc != zlib.crc32(data[:-4]):
            msg = "wrong checksum"
            raise ReplyError(msg)
        return bytes(data[:-4])


@pytest.mark.parametrize("broken", [b"body\0\0\0\0", b"x", b""])
async def test_a_broken_frame_is_counted_and_ends_the_connection(
    heard: Heard, broken: bytes
) -> None:
    async def serve(wire: Wire) -> None:
        await read(wire)
        await wire.send(framed(Checked().encode(b"fine")) + framed(broken))
        await wire.reader.read()

    async with TcpPeer(serve) as peer:
        frames = await opened(peer, heard, FramesOptions(codec=Checked))
        assert await frames.ask(b"a") == b"fine"
        await until(lambda: heard.lost)
        assert isinstance(heard.lost[0], ReplyError)
        assert frames._link.oddities == {"a broken frame": 1}
        assert heard.messages == [b"fine"]
        with pytest.raises(UnreachableError):
            frames.send(b"a")
        await frames.open(peer.address)  # and it works again
        assert await frames.ask(b"a") == b"fine"
        await frames.close()


class Session(Codec):
    """A key that is agreed on each connection."""

    key = 0

    @override
    def encode(self, message: Any) -> bytes:
        return bytes(b ^ self.key for b in message)

    @override
    def decode(self, data: bytes) -> Any:
        return self.encode(data)


async def test_a_session_key_is_valid_for_one_connection(heard: Heard) -> None:
    async def agree(frames: Frames) -> None:
        (key,) = await frames.ask(b"key?")
        assert isinstance(frames.codec, Session)
        frames.codec.key = key

    async def serve(wire: Wire) -> None:
        await read(wire)
        await wire.send(framed(b"\x2a"))
        while True:
            await wire.send(framed(bytes([*await read(wire), 0x2A ^ ord("!")])))

    async with TcpPeer(serve) as peer:
        frames = await opened(peer, heard, FramesOptions(codec=Session, login=agree))
        for _ in range(2):
            assert await frames.ask(b"hi") == b"hi!"
            await frames.open(peer.address)
        await frames.close()


async def test_the_trace_is_decoded(heard: Heard) -> None:
    async with TcpPeer(shout) as peer:
        frames = await opened(peer, heard, FramesOptions(codec=JsonCodec))
        assert await frames.ask({"a": 1}) == {"A": 1}
        assert [e.text for e in frames._link.trace.entries()] == ['{"a":1}', '{"A":1}']
        await frames.close()


async def test_the_trace_of_a_cipher_is_decoded(heard: Heard) -> None:
    async def answer(wire: Wire) -> None:
        await wire.reader.readexactly(4)
        wire.write(LengthFramer().wrap(Kasa().encode({"on": 1})))
        wire.write(LengthFramer().wrap(Kasa().encode([None])))

    async with TcpPeer(answer) as peer:
        frames = await opened(peer, heard, FramesOptions(codec=Kasa))
        assert await frames.ask({"a": 1}) == {"on": 1}
        await until(lambda: len(heard.messages) == 2)
        shown = [entry.text for entry in frames._link.trace.entries()]
        assert shown == ['{"a":1}', '{"on":1}', "[null]"]
        await frames.close()


@pytest.mark.parametrize(
    ("message", "shown"),
    [(b"\xff", b"\xff"), ("on", "on"), ({"a": 1}, b'{"a":1}'), ({1: 2**70}, f"{{1: {2**70}}}")],
)
def test_whatever_a_codec_decodes_is_shown(message: object, shown: str | bytes) -> None:
    assert traced(Kasa(), message, b"encoded") == shown


# real protocols as options


class Kasa(Codec):
    """JSON under a XOR autokey cipher, TP-Link's Smart Home Protocol."""

    @override
    def encode(self, message: Any) -> bytes:
        key, sent = 0xAB, bytearray()
        for byte in orjson.dumps(message):
            sent.append(key := key ^ byte)
        return bytes(sent)

    @override
    def decode(self, data: bytes) -> Any:
        return orjson.loads(bytes(a ^ b for a, b in zip(b"\xab" + data, data, strict=False)))


KASA = FramesOptions(port=9999, codec=Kasa, pipelined=False)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@given(values)
def test_kasa_codec(value: Any) -> None:
    assert Kasa().decode(Kasa().encode(value)) == value


async def test_kasa(heard: Heard) -> None:
    # as in the cipher's published description: {"system":{"get_sysinfo":{}}} begins d0 f2 81 f8
    async def serve(wire: Wire) -> None:
        asked = await read(wire)
        assert asked.startswith(b"\xd0\xf2\x81\xf8")
        reply = {**Kasa().decode(asked), "alias": "Lampe ä"}
        await wire.send(framed(Kasa().encode(reply)))
        await wire.reader.read()

    async with TcpPeer(serve) as peer:
        frames = await opened(peer, heard, FramesOptions(codec=Kasa))
        reply = await frames.ask({"system": {"get_sysinfo": {}}})
        assert reply == {"system": {"get_sysinfo": {}}, "alias": "Lampe ä"}
        await frames.close()
        elsewhere = Frames(heard.link(), FramesOptions(port=peer.address.port, codec=Kasa))
        await elsewhere.open(Address(peer.address.host))  # the driver's own port
        await elsewhere.close()


class Tuya(Codec):
    """Sequence, command and payload, with a CRC over all from the prefix on, and a suffix."""

    HEAD = b"\x00\x00\x55\xaa"

    @override
    def encode(self, message: Any) -> bytes:
        sequence, command, payload = message
        head = struct.pack(">II", sequence, command)
        return b"".join((head, payload, self._tail(head, payload)))

    @override
    def decode(self, data: bytes) -> Any:
        head, payload, tail = data[:8], data[8:-8], data[-8:]
        if tail != self._tail(head, payload):
            msg = "wrong checksum"
            raise ReplyError(msg)
        return (*struct.unpack(">II", head), payload)

    def _tail(self, head: bytes, payload: bytes) -> bytes:
        length = struct.pack(">I", len(payload) + 8)
        crc = zlib.crc32(b"".join((self.HEAD, head, length, payload)))
        return struct.pack(">II", crc, 0xAA55)


TUYA = FramesOptions(
    framer=partial(LengthFramer, 4, start=Tuya.HEAD, header=8),
    codec=Tuya,
    key=lambda m: m[0] or None,
)


async def test_tuya(heard: Heard) -> None:
    async def serve(wire: Wire) -> None:
        framer = TUYA.framer(limit=1000)
        while data := await wire.reader.read(1000):
            for frame in framer.feed(data):
                number, command, payload = Tuya().decode(frame)
                push, reply = (0, 8, b"push"), (number, command, payload[::-1])
                await wire.send(
                    b"".join(framer.wrap(Tuya().encode(message)) for message in (push, reply))
                )

    async with TcpPeer(serve) as peer:
        peer.split = 7
        frames = await opened(peer, heard, TUYA)
        number = frames.number()
        assert await frames.ask((number, 10, b"dps")) == (number, 10, b"spd")
        assert heard.messages == [(0, 8, b"push"), (number, 10, b"spd")]
        peer.split, peer.instead = 0, b"\0\0\x66\x99"
        with pytest.raises(ReplyError):
            await frames.ask((frames.number(), 10, b"dps"))


@pytest.mark.parametrize(
    "make", [partial(FixedFramer, 4), partial(EscapedFramer, b"\x7e", b"\x7d", mask=0x20)]
)
async def test_other_framings(heard: Heard, make: Callable[..., Any]) -> None:
    async def echo(wire: Wire) -> None:
        while data := await wire.reader.read(1000):
            await wire.send(data)

    serve: Serve = echo
    async with TcpPeer(serve) as peer:
        peer.split = 1
        frames = await opened(peer, heard, FramesOptions(framer=make))
        assert await frames.ask(b"\x7e\x7d\0\1") == b"\x7e\x7d\0\1"
        await frames.close()


@pytest.fixture
def heard() -> Heard:
    return Heard()
