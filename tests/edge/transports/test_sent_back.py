"""What a device gave and gets back, and what a driver sends: never more than one line."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
import re
from typing import Any

import pytest

from lan_edge import (
    Address,
    ArgumentError,
    CredentialsError,
    DriverError,
    EdgeError,
    Frames,
    FramesOptions,
    Http,
    HttpOptions,
    JsonRpcOptions,
    Lines,
    LinesOptions,
    Listener,
    ListenerSettings,
    Login,
    Options,
    ReplyError,
    Ssdp,
    Sse,
    SseOptions,
    UnreachableError,
    Upnp,
    UpnpOptions,
    WebSocket,
    WebSocketOptions,
)
from lan_edge.callbacks.registration import CallbackHandler, CallbackRegistration
from lan_edge.network.ssdp import SSDP_GROUP, search_message
from lan_edge.transports import Transport
from lan_edge.transports.messages.framing import LineFramer
from lan_edge.transports.upnp import subscription as upnp_subscription
from lan_edge.transports.upnp.subscriptions import Subscriptions
from tests.emulators.gena import propertyset

from ..peers import LOOPBACK, TcpPeer, Wire, until
from .contract import Heard
from .http.test_http import answer, read

CONTROLS = ["\x01", "\x0b", "\x1f", "\x7f", "\0"]
"""Control characters that HTTP's parsers let through, or most of them."""


@asynccontextmanager
async def opened[T: Transport](
    kind: type[T], options: Options, serve: Callable[[Wire], Awaitable[None]]
) -> AsyncGenerator[T]:
    async with TcpPeer(serve) as peer:
        io = kind(Heard().link(), options)
        try:
            await io.open(peer.address)
            yield io
        finally:
            await io.close()


# what a device gave


@pytest.mark.parametrize("control", [*CONTROLS, "\t", "\u20ac\x08"])
async def test_the_id_of_an_event_that_cannot_be_sent_back(control: str) -> None:
    asked: list[str] = []
    event = f"id: 7\ndata: a\n\nid: 8{control}\ndata: b\n\n".encode()

    async def stream(wire: Wire) -> None:
        asked.append((await wire.reader.readuntil(b"\r\n\r\n")).decode())
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        wire.write(event)
        await wire.reader.read()

    heard = Heard()
    async with TcpPeer(stream) as peer:
        sse = Sse(heard.link(), SseOptions())
        for times in (1, 2, 3):
            await sse.open(peer.address)
            await until(lambda: len(heard.messages) == 2 * times)  # noqa: B023  # awaited here
        await sse.close()
    # by the standard a NUL makes the id void, so that the event has the one before
    assert all("Last-Event-ID: 7\r\n" in head for head in asked[1:])


class DigestDevice:
    """Asks for a login by a challenge that a test decides, and lets in everybody who answers."""

    def __init__(self, challenge: str) -> None:
        self.challenge = challenge
        self.logins: list[str] = []

    async def serve(self, wire: Wire) -> None:
        while head := (await wire.reader.readuntil(b"\r\n\r\n")).decode("utf-8", "replace"):
            if sent := re.search("Authorization: (.*)\r\n", head):
                self.logins.append(sent[1])
                await wire.send(answer(b"in"))
            else:
                asked = (
                    f"HTTP/1.1 401 No\r\nContent-Length: 0\r\nWWW-Authenticate: {self.challenge}"
                )
                await wire.send(asked.encode("utf-8", "surrogateescape") + b"\r\n\r\n")


GOOD = 'Digest realm="r", nonce="n", qop="auth", opaque="o"'


@pytest.mark.parametrize(
    "challenge",
    [
        *(f'Digest realm="r", nonce="n{control}", qop="auth"' for control in CONTROLS),
        'Digest realm="r\x01", nonce="n", qop="auth"',
        'Digest realm="r", nonce="n", qop="auth", opaque="\x02"',
        'Digest realm="r", nonce="n", algorithm="\x03"',
        'Digest realm="r", nonce="n\udcff", qop="auth"',
        'Digest realm="r", nonce="n", domain="http://["',
        'Digest realm="r", nonce="n", algorithm="ROT13"',
        'Digest realm="r", nonce="n", qop="best"',
    ],
)
async def test_a_challenge_that_cannot_be_answered_is_not_kept(challenge: str) -> None:
    device = DigestDevice(challenge)
    options = HttpOptions(login=Login("admin", "x", digest=True))
    async with opened(Http, options, device.serve) as http:
        for _ in range(2):
            with pytest.raises(EdgeError) as caught:
                await http.get("/")
            assert isinstance(caught.value, ReplyError | UnreachableError)
        assert not device.logins
        device.challenge = GOOD
        assert await http.get_text("/") == "in"


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("name", ["Set-Cookie", "Location", "ETag", "SID"])
async def test_an_answer_with_a_control_character_in_its_head(name: str, control: str) -> None:
    async def serve(wire: Wire) -> None:
        while request := await read(wire):
            bad = {name.replace("-", "_"): f"a{control}b"} if request[0] == "GET /bad" else {}
            await wire.send(answer(b"fine", **bad))

    async with opened(Http, HttpOptions(), serve) as http:
        with pytest.raises(ReplyError, match="GET /bad: not valid HTTP"):
            await http.get("/bad")
        assert await http.get_text("/good") == "fine"


async def test_other_characters_in_a_head_are_fine() -> None:
    async def serve(wire: Wire) -> None:
        while await read(wire):
            await wire.send(answer(b"fine", Server="K\u00fche\tX"))

    async with opened(Http, HttpOptions(), serve) as http:
        assert await http.get_text("/") == "fine"


async def test_a_websocket_with_a_control_character_in_its_head() -> None:
    async def serve(wire: Wire) -> None:
        await wire.reader.readuntil(b"\r\n\r\n")
        await wire.send(b"HTTP/1.1 101 OK\r\nSec-WebSocket-Protocol: a\x01\r\n\r\n")
        await wire.reader.read()

    with pytest.raises(UnreachableError, match="a control character in a header"):
        async with opened(WebSocket, WebSocketOptions(), serve):
            pytest.fail("it opened")


DESCRIPTION = (
    "<root><device><serviceList>"
    "<service><serviceType>a</serviceType><controlURL>{0}</controlURL></service>"
    "<service><serviceType>b</serviceType><controlURL>\n /b \n</controlURL></service>"
    "</serviceList></device></root>"
)


@pytest.mark.parametrize("path", ["/a\nb", "/a\tb", "/a\r\nX: y", "a\x7f"])
async def test_the_path_of_a_service_that_cannot_be_requested(path: str) -> None:
    asked: list[str] = []

    async def serve(wire: Wire) -> None:
        while request := await read(wire):
            asked.append(request[0])
            await wire.send(answer(DESCRIPTION.format(path).encode()))

    async with opened(Upnp, UpnpOptions(), serve) as upnp:
        assert not await upnp.has("a")
        assert await upnp.has("b")
        with pytest.raises(ReplyError):
            await upnp.action("b", "GetX")
    assert asked[-1] == "POST /b"


# subscriptions


class Publisher:
    """Grants subscriptions with the SIDs of a test, and counts what it is asked."""

    def __init__(self, *sids: str) -> None:
        self.sids = list(sids)
        self.asked: list[tuple[str, str]] = []
        """The path and the SID of each SUBSCRIBE."""

    async def serve(self, wire: Wire) -> None:
        while head := (await wire.reader.readuntil(b"\r\n\r\n")).decode():
            sid = re.search("\r\nSID: (.*)\r\n", head)
            self.asked.append((head.split()[1], sid[1] if sid else ""))
            given = sid[1] if sid else self.sids.pop(0) if self.sids else "uuid:later"
            await wire.send(answer(b"", SID=given, TIMEOUT="Second-60"))

    def renewals(self) -> list[tuple[str, str]]:
        return [(path, sid) for path, sid in self.asked if sid]


@pytest.fixture
async def registration() -> AsyncGenerator[CallbackRegistration]:
    listener = Listener(ListenerSettings(port=0))
    made = listener.register(CallbackHandler(lambda _: None, lambda: None, lambda: None))
    await made.attach(LOOPBACK)
    yield made
    await made.close()


async def notify(registration: CallbackRegistration, sid: str, value: str = "1") -> int:
    """Send an event as a device does; return the status of the answer."""
    body = propertyset({"X": value})
    host, port = LOOPBACK, int(registration.given_url.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection(host, port)
    head = f"NOTIFY /{registration.token} HTTP/1.1\r\nHost: h\r\nSID: {sid}\r\nSEQ: 0\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    status = int((await reader.read()).split()[1])
    writer.close()
    return status


@asynccontextmanager
async def subscribed(
    registration: CallbackRegistration, publisher: Publisher, *services: str
) -> AsyncGenerator[tuple[Subscriptions, Heard]]:
    heard = Heard()
    subscriptions = Subscriptions(heard.link(), HttpOptions())
    async with TcpPeer(publisher.serve) as peer:
        await subscriptions.open(peer.address, HttpOptions())
        for service in services:
            subscriptions.add(registration, service, f"/{service}")
            await until(lambda: publisher.asked and publisher.asked[-1][0] == f"/{service}")  # noqa: B023
        try:
            yield subscriptions, heard
        finally:
            await subscriptions.close()


@pytest.mark.parametrize("control", ["\x01", "\x7f"])
async def test_a_sid_that_cannot_be_sent_back_is_none(
    registration: CallbackRegistration, control: str
) -> None:
    publisher = Publisher(f"uuid:1{control}", f"uuid:2{control}", "uuid:3")
    async with subscribed(registration, publisher, "a") as (subscriptions, heard):
        await asyncio.sleep(120)
        assert publisher.renewals()
        assert await notify(registration, "uuid:3") == 200
        assert [e.variables for e in heard.messages] == [{"X": "1"}]
        assert subscriptions.live


async def test_a_subscription_outlives_whatever_goes_wrong(
    registration: CallbackRegistration, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher("uuid:1", "uuid:2")
    async with subscribed(registration, publisher, "a") as (subscriptions, heard):
        assert await notify(registration, "uuid:1") == 200
        assert subscriptions.live

        def broken(_timeout: str) -> float:
            raise KeyError("a mistake of ours")

        with monkeypatch.context() as patched:
            patched.setattr(upnp_subscription, "lease", broken)
            await until(lambda: not subscriptions.live, 60)
            await asyncio.sleep(20)
            assert len(publisher.asked) <= 6  # never as often as it can
        await until(lambda: publisher.asked[-1] == ("/a", ""), 60)
        await asyncio.sleep(20)
        assert await notify(registration, "uuid:later") == 200
        assert subscriptions.live
        assert len(heard.messages) == 2


async def test_one_sid_for_two_services_is_the_newer_ones(
    registration: CallbackRegistration,
) -> None:
    publisher = Publisher("uuid:1", "uuid:1", "uuid:2")
    async with subscribed(registration, publisher, "a", "b") as (subscriptions, heard):
        assert await notify(registration, "uuid:1") == 200
        assert not subscriptions.live, "nothing tells what happens to the first service"
        await until(lambda: publisher.asked[-1] == ("/a", ""), 10)
        await asyncio.sleep(0.05)
        assert await notify(registration, "uuid:2") == 200
        assert await notify(registration, "uuid:1") == 200
        assert [e.service for e in heard.messages] == ["b", "a", "b"]
        assert subscriptions.live


# what a driver sends


async def mirror(wire: Wire) -> None:
    while data := await wire.reader.read(1000):
        await wire.send(data)


@pytest.mark.parametrize("delimiter", ["\n", "\r\n", "\r", ";", "\0", "END"])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\u0394"])
async def test_a_line_is_one_line_whatever_ends_it(delimiter: str, end: str) -> None:
    heard = Heard()
    options = LinesOptions(delimiter=delimiter, encoding="latin-1")
    async with TcpPeer(mirror) as peer:
        lines = Lines(heard.link(), options)
        await lines.open(peer.address)
        for line in (f"name x{end}off", f"name x{delimiter}off"):
            with pytest.raises(ArgumentError) as caught:
                lines.send(line)
            assert "name" not in str(caught.value)
            with pytest.raises(ArgumentError):
                await lines.ask(line)
        await asyncio.sleep(0.02)
        assert not heard.messages
        assert await lines.ask("on") == "on"
        await lines.close()


async def test_a_line_has_no_sent_delimiter_in_it() -> None:
    options = LinesOptions(delimiter="$", sent_delimiter="!")
    async with TcpPeer(mirror) as peer:
        lines = Lines(Heard().link(), options)
        await lines.open(peer.address)
        with pytest.raises(ArgumentError, match="contains a line break"):
            lines.send("name x!off")
        lines.send("on$")
        assert await lines.ask("off") == "on"
        await lines.close()


async def test_a_frame_with_the_delimiter_in_it() -> None:
    options = FramesOptions(framer=partial(LineFramer, b"\xff"))
    async with opened(Frames, options, mirror) as frames:
        with pytest.raises(ArgumentError, match="a delimiter in it"):
            await frames.ask(b"on\xffoff")
        assert await frames.ask(b"on") == b"on"


@pytest.mark.parametrize("delimiter", [b"", b"}", b"END"])
def test_a_delimiter_that_json_may_contain(delimiter: bytes) -> None:
    with pytest.raises(ArgumentError, match="delimiter"):
        JsonRpcOptions(delimiter=delimiter)


BAD = ["a\r\nX: y", "a\nb", "a\rb", "a\0b", "a\x7fb", "a\ud800b"]


@pytest.mark.parametrize("text", BAD)
async def test_a_request_with_more_than_a_line_in_its_head(text: str) -> None:
    asked: list[str] = []

    async def serve(wire: Wire) -> None:
        while request := await read(wire):
            asked.append(request[0])
            await wire.send(answer(b"fine"))

    requests: list[Callable[[Http], Awaitable[Any]]] = [
        lambda http: http.get(f"/{text}"),
        lambda http: http.post(f"/{text}", "on"),
        lambda http: http.post_form(f"/{text}", a="1"),
        lambda http: http.request(f"GET{text}", "/"),
        lambda http: http.request("GET", "/", headers={"X-Name": text}),
        lambda http: http.request("GET", "/", headers={text: "x"}),
    ]
    async with opened(Http, HttpOptions(), serve) as http:
        for request in requests:
            with pytest.raises(ArgumentError, match="a line break or another control") as caught:
                await request(http)
            assert text not in str(caught.value)
        assert not asked
        await http.get("/", name="a\r\nb")
    assert asked == ["GET /?name=a%0D%0Ab"]


@pytest.mark.parametrize("text", BAD)
async def test_a_token_with_more_than_a_line_is_no_login(text: str) -> None:
    """The user is asked to log in again, as with a token that the device rejects."""
    headers = {"X-Token": text}
    transports: list[Transport] = [
        Http(Heard().link(), HttpOptions(headers=headers)),
        Sse(Heard().link(), SseOptions(headers=headers)),
        Upnp(Heard().link(), UpnpOptions(headers=headers)),
        WebSocket(Heard().link(), WebSocketOptions(headers=headers)),
    ]
    for io in transports:
        with pytest.raises(CredentialsError, match="the header 'X-Token'") as caught:
            await io.open(Address(LOOPBACK, 9))
        assert text not in str(caught.value)
        await io.close()


@pytest.mark.parametrize("text", BAD)
async def test_options_with_more_than_a_line(text: str) -> None:
    transports: list[Transport] = [
        Sse(Heard().link(), SseOptions(events=f"/{text}")),
        WebSocket(Heard().link(), WebSocketOptions(path=f"/{text}")),
        WebSocket(Heard().link(), WebSocketOptions(protocols=("a", text))),
    ]
    for io in transports:
        with pytest.raises(ArgumentError, match="a line break or another control character"):
            await io.open(Address(LOOPBACK, 9))


@pytest.mark.parametrize("text", ["a\0b", "a\x0bb", "a\x1b[2J", "a\ud800", "a\ufffe"])
async def test_an_argument_that_xml_cannot_contain(text: str) -> None:
    asked: list[str] = []

    async def serve(wire: Wire) -> None:
        while request := await read(wire):
            asked.append(request[0])
            await wire.send(answer(DESCRIPTION.format("/a").encode()))

    async with opened(Upnp, UpnpOptions(), serve) as upnp:
        with pytest.raises(ArgumentError):
            await upnp.action("a", "SetName", Name=text)
        with pytest.raises(ArgumentError):
            await upnp.action("a", "SetName\r\nX: y")
    assert asked == ["GET /description.xml"]


def test_a_search_for_more_than_a_line() -> None:
    target = "upnp:rootdevice\r\nX: y"
    with pytest.raises(ArgumentError):
        search_message(target, SSDP_GROUP)
    with pytest.raises(DriverError):
        Ssdp(target)
