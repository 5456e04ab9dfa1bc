"""A part of a message that is secret: in no trace and no error, even if the device repeats it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from lan_edge import (
    Device,
    Driver,
    EdgeError,
    Frames,
    FramesOptions,
    Lines,
    LinesOptions,
    Momentary,
    Profile,
    Record,
    RefusedError,
    Stream,
    StreamOptions,
    handles,
)
from lan_edge.transports.base import Link
from lan_edge.transports.messages.framing import LineFramer

from ..peers import TcpPeer, Wire, until

PASSWORD = "correct horse 7"


async def refuse(wire: Wire) -> None:
    """Refuse everything, and repeat it."""
    async for line in wire.lines():
        await wire.send(b"ERR unknown: " + line)


class SecretLines(Driver[Lines]):
    id = "secret_lines"
    profile = Profile(Momentary)
    options = LinesOptions(refused="ERR (.*)")

    @handles(Momentary.push)
    async def push(self) -> None:
        await self.io.ask(f"LOGIN me {PASSWORD} now", secret=PASSWORD)


async def test_a_refusal_that_repeats_it() -> None:
    async with TcpPeer(refuse) as peer:
        device = Device(SecretLines, Record(addresses=(peer.address,)))
        device.start()
        try:
            await until(lambda: device.available)
            with pytest.raises(RefusedError) as caught:
                await device.commands.execute(Momentary.push, {})
        finally:
            await device.stop()
    assert str(caught.value) == "unknown: LOGIN me **REDACTED** now"
    entries = [entry.text for entry in device.trace.entries()]
    assert "LOGIN me (secret) now" in entries
    assert not [text for text in entries if PASSWORD in text]


async def lines(io: Lines, secret: Any) -> None:
    await io.ask(f"LOGIN me {PASSWORD}", secret=secret)


async def frames(io: Frames, secret: Any) -> None:
    await io.ask(f"LOGIN me {PASSWORD}".encode(), match=lambda _: False, secret=secret)


async def stream(io: Stream, secret: Any) -> None:
    io.write(f"LOGIN me {PASSWORD}\n".encode(), secret=secret)
    await io.read(100)


MADE: dict[Callable[..., Awaitable[None]], Callable[[Link], Any]] = {
    lines: lambda link: Lines(link, LinesOptions(timeout=0.1, refused="ERR (.*)")),
    frames: lambda link: Frames(
        link, FramesOptions(timeout=0.1, framer=partial(LineFramer, b"\n"))
    ),
    stream: lambda link: Stream(link, StreamOptions(timeout=0.1)),
}


@pytest.mark.parametrize("secret", [PASSWORD, PASSWORD.encode()])
@pytest.mark.parametrize("use", MADE)
async def test_the_rest_of_the_message_is_shown(use: Any, secret: str | bytes) -> None:
    link = Link(lambda _: None, lambda _: None)
    io = MADE[use](link)
    async with TcpPeer(refuse) as peer:
        await io.open(peer.address)
        with pytest.raises(EdgeError) as caught:
            await use(io, secret)
        link.trace.privacy.clean(caught.value)
        await io.close()
    await asyncio.sleep(0)
    entries = [entry.text for entry in link.trace.entries()]
    assert any("LOGIN me (secret)" in text for text in entries)
    assert not [text for text in (*entries, str(caught.value)) if PASSWORD in text]


@pytest.mark.parametrize(
    ("secret", "shown"), [("", "a b"), (True, "(secret)"), (False, "a b"), ("b", "a (secret)")]
)
def test_what_is_shown(secret: str | bool, shown: str) -> None:
    link = Link(lambda _: None, lambda _: None)
    assert link.shown("a b", secret) == shown
    assert link.shown(b"a b", secret) in {shown, shown.encode()}
