"""A part of a message that is secret: in no trace and no error, even if the device repeats it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from lan_edge import (
    Address,
    Device,
    Driver,
    EdgeError,
    Frames,
    FramesOptions,
    Http,
    HttpOptions,
    Lines,
    LinesOptions,
    Momentary,
    Profile,
    Record,
    RefusedError,
    Stream,
    StreamOptions,
    UnreachableError,
    WebSocket,
    WebSocketOptions,
    handles,
)
from lan_edge.diagnostics.privacy import MAX_KEPT
from lan_edge.transports.base import Link
from lan_edge.transports.messages.framing import LineFramer

from ..peers import TcpPeer, Wire, closed_port, until

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


# by HTTP, and by a WebSocket

ODD = 'Pa"ss wörd\\7/&=é'
"""A password that JSON, a URL, a form and a header each spell in another way."""
PLAIN_ODD = 'Pa"ss word\\7/&='
"""One that a header can have."""


class Echo:
    """Answers with all that it was sent, as text of some kind; `status`: as a refusal."""

    def __init__(self) -> None:
        self.status = 200
        self.heard = list[str]()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[Address]:
        app = web.Application()
        app.router.add_get("/ws", self.echo)
        app.router.add_route("*", "/{path:.*}", self.answer)
        async with TestServer(app, host="127.0.0.1") as server:
            assert server.port
            yield Address("127.0.0.1", server.port)

    async def answer(self, request: web.Request) -> web.Response:
        text = f"{request.raw_path} {request.path_qs} {request.headers.get('X-Key', '')}"
        self.heard.append(f"{text} {await request.text()}")
        return web.Response(status=self.status, text=f"unknown: {self.heard[-1]}")

    async def echo(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(message.data)
        return socket


type Use = Callable[[Http], Awaitable[object]]
HTTP_USES: dict[str, tuple[str, Use]] = {
    "a JSON body": (ODD, lambda io: io.post("/in", {"user": "me", "key": ODD}, secret=ODD)),
    "a text body": (ODD, lambda io: io.post("/in", f"user me {ODD}", secret=ODD)),
    "bytes": (ODD, lambda io: io.put("/in", f"user me {ODD}".encode(), secret=ODD.encode())),
    "XML": (ODD, lambda io: io.put("/in", f"<me>{escape(ODD)}</me>", secret=ODD)),
    "a form": (ODD, lambda io: io.post_form("/in", user="me", key=ODD, secret=ODD)),
    "a query": (ODD, lambda io: io.get("/in", user="me", key=ODD, secret=ODD)),
    "a query of a text": (ODD, lambda io: io.get_text("/in", user="me", key=ODD, secret=ODD)),
    "a path": (ODD, lambda io: io.get(f"/in/{quote(ODD, safe='')}/me", secret=ODD)),
    "a path to delete": (ODD, lambda io: io.delete(f"/in/{quote(ODD)}/me", secret=ODD)),
    "a header": (
        PLAIN_ODD,
        lambda io: io.request("GET", "/in/me", headers={"X-Key": PLAIN_ODD}, secret=PLAIN_ODD),
    ),
}


def shows(text: str, part: str) -> bool:
    """Return whether a text shows a part of a secret, however it is spelled."""
    return any(each in text for each in (part, part[:6], quote(part[:6]), "7/&", "%5C7", "rd\\"))


@pytest.mark.parametrize("status", [200, 403])
@pytest.mark.parametrize("kind", HTTP_USES)
async def test_http_shows_the_rest_of_the_request(kind: str, status: int) -> None:
    part, use = HTTP_USES[kind]
    link, device = Link(lambda _: None, lambda _: None), Echo()
    device.status = status
    error = ""
    async with device.running() as address:
        io = Http(link, HttpOptions())
        await io.open(address)
        try:
            await use(io)
        except RefusedError as err:
            link.trace.privacy.clean(err)
            error = f"{err} {err.body}"
        await io.close()
    assert device.heard
    assert bool(error) is (status == 403)
    sent, received = (entry.text for entry in link.trace.entries())
    for text in (sent, received, error):
        assert not shows(text, part), text
    assert "/in" in sent
    if kind in {"a JSON body", "a text body", "bytes", "XML"}:
        assert "me" in sent
        assert "(secret)" in sent
    assert "unknown" in received


async def test_what_is_secret_stays_out_of_the_trace_when_others_follow() -> None:
    """Only so many secrets are looked for in what is read of the trace."""
    link, device = Link(lambda _: None, lambda _: None), Echo()
    async with device.running() as address:
        io = Http(link, HttpOptions())
        await io.open(address)
        for number in range(2 * MAX_KEPT):
            await io.post("/in", {"key": f"{ODD}{number}"}, secret=f"{ODD}{number}")
        await io.close()
    assert not [e.text for e in link.trace.entries() if shows(e.text, ODD)]


async def test_a_request_that_cannot_be_sent_does_not_show_it_either() -> None:
    link = Link(lambda _: None, lambda _: None)
    io = Http(link, HttpOptions(timeout=0.1))
    await io.open(closed_port())
    with pytest.raises(EdgeError) as caught:
        await io.get(f"/in/{PASSWORD}", secret=PASSWORD)
    assert "GET /in/(secret)" in str(caught.value)
    with pytest.raises(UnreachableError) as caught:
        await io.get(f"//elsewhere/{PASSWORD}", secret=PASSWORD)
    assert PASSWORD not in str(caught.value)
    await io.close()


@pytest.mark.parametrize("messages", ["json", "text"])
async def test_a_websocket_shows_the_rest_of_the_message(messages: Any) -> None:
    link, device = Link(lambda _: None, lambda _: None), Echo()
    async with device.running() as address:
        io = WebSocket(link, WebSocketOptions(path="/ws", messages=messages))
        await io.open(address)
        said: Any = {"user": "me", "key": ODD} if messages == "json" else f"user me {ODD}"
        assert await io.ask(said, secret=ODD) == said
        await io.close()
    sent, received = (entry.text for entry in link.trace.entries())
    assert not shows(sent, ODD)
    assert not shows(received, ODD)
    assert "me" in sent
    assert "(secret)" in sent
