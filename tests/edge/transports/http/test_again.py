"""What a device may have done is asked again only if that does no harm, or the driver says so."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from lan_edge import (
    FrameRequests,
    FramesOptions,
    Http,
    HttpOptions,
    Login,
    ReplyError,
    TimedOutError,
    UnreachableError,
    Upnp,
    UpnpOptions,
)
from lan_edge.transports import Transport

from ...peers import TcpPeer, Wire
from ..contract import Heard
from .test_http import answer, read

type Use = Callable[[Any], Awaitable[Any]]

ONCE: list[Use] = [
    lambda http: http.post("/x", "on"),
    lambda http: http.post_form("/x", on="1"),
    lambda http: http.request("POST", "/x"),
    lambda http: http.request("PATCH", "/x"),
    lambda http: http.request("GET", "/x", again=False),
    lambda http: http.request("PUT", "/x", again=False),
    lambda http: http.get("/x", again=False),
    lambda http: http.get_text("/x", again=False),
    lambda http: http.get_json("/x", again=False),
    lambda http: http.get_xml("/x", again=False),
    lambda http: http.put("/x", "on", again=False),
    lambda http: http.delete("/x", again=False),
    lambda http: http.post_form("/x", on="1", again=False),
]
AGAIN: list[Use] = [
    lambda http: http.get("/x"),
    lambda http: http.put("/x", "on"),
    lambda http: http.delete("/x"),
    lambda http: http.request("HEAD", "/x"),
    lambda http: http.post("/x", "on", again=True),
    lambda http: http.post_form("/x", on="1", again=True),
    lambda http: http.request("POST", "/x", again=True),
]


class Device:
    """Takes a request, and hangs up or stays silent instead of an answer, so many times."""

    def __init__(self, *, silent: bool = False, resets: bool = False) -> None:
        self.silent = silent
        self.resets = resets
        self.faults = 0
        self.done: list[str] = []

    async def serve(self, wire: Wire) -> None:
        while True:
            first, _ = await read(wire)
            self.done.append(first)
            if not self.faults:
                await wire.send(answer(b"" if first.startswith("HEAD") else b"fine"))
                continue
            self.faults -= 1
            if self.resets:
                wire.reset()
            elif not self.silent:
                wire.abort()


async def tried(device: Device, use: Use, options: HttpOptions) -> Exception | None:
    """Use a kept connection that fails once; return the error."""
    async with TcpPeer(device.serve) as peer:
        http = Http(Heard().link(), options)
        await http.open(peer.address)
        try:
            await http.get("/")
            device.done.clear()
            device.faults = 1
            await use(http)
        except (UnreachableError, TimedOutError) as err:
            return err
        finally:
            await http.close()
    return None


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize("use", ONCE)
async def test_what_may_have_been_done_is_not_done_twice(use: Use, *, silent: bool) -> None:
    device = Device(silent=silent)
    error = await tried(device, use, HttpOptions(timeout=0.2))
    assert isinstance(error, TimedOutError if silent else UnreachableError)
    assert len(device.done) == 1


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize("use", AGAIN)
async def test_what_does_no_harm_is_sent_again(use: Use, *, silent: bool) -> None:
    device = Device(silent=silent)
    assert await tried(device, use, HttpOptions(timeout=0.2)) is None
    assert len(device.done) == 2


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize("use", ONCE[:4])
async def test_a_driver_may_say_so_for_all_its_requests(use: Use, *, silent: bool) -> None:
    device = Device(silent=silent)
    assert await tried(device, use, HttpOptions(timeout=0.2, again=True)) is None
    assert len(device.done) == 2


@pytest.mark.parametrize(
    ("resets", "again", "is_done"), [(1, True, True), (1, False, False), (2, True, False)]
)
async def test_a_new_connection_that_is_reset_is_tried_once_more(
    resets: int, *, again: bool, is_done: bool
) -> None:
    """As by a device that is still closing the last one, and serves one at a time."""
    device = Device(resets=True)
    device.faults = resets
    async with TcpPeer(device.serve) as peer:
        http = Http(Heard().link(), HttpOptions(headers={"Connection": "close"}))
        await http.open(peer.address)
        try:
            with suppress(UnreachableError):
                assert (await http.post("/x", "on", again=again)).text() == "fine"
        finally:
            await http.close()
    assert len(device.done) == (2 if again else 1)
    assert (device.faults == 0 and len(device.done) > resets) is is_done


async def test_a_device_may_close_each_connection_without_a_word() -> None:
    """Its end has arrived by the time the next request is sent, and is not waited for."""
    done: list[str] = []

    async def serve(wire: Wire) -> None:
        done.append((await read(wire))[0])
        await wire.send(answer(b"fine"))

    async with TcpPeer(serve) as peer:
        http = Http(Heard().link(), HttpOptions())
        await http.open(peer.address)
        for number in range(30):
            await http.post(f"/{number}")
        await http.close()
    assert done == [f"POST /{number}" for number in range(30)]


async def test_the_same_with_a_digest_login() -> None:
    challenge = 'Digest realm="r", nonce="n", qop="auth"'
    done: list[bytes] = []

    async def serve(wire: Wire) -> None:
        head = await wire.reader.readuntil(b"\r\n\r\n")
        if b"Authorization" not in head:
            await wire.send(answer(b"", "401 No", WWW_Authenticate=challenge))
            return
        done.append(head)
        await wire.send(answer(b"fine"))

    async with TcpPeer(serve) as peer:
        http = Http(Heard().link(), HttpOptions(login=Login("a", "b", digest=True)))
        for _ in range(10):
            await http.open(peer.address)
            await http.post("/")
        await http.close()
    assert len(done) == 10


# redirects


def leading_to(where: str, status: str) -> tuple[TcpPeer, list[str]]:
    """Return a device that shows a page after what it did, and what it was asked for."""
    asked: list[str] = []

    async def serve(wire: Wire) -> None:
        while True:
            first, body = await read(wire)
            asked.append(f"{first} {body.decode()}".strip())
            if first.startswith("GET"):
                await wire.send(answer(b"done"))
            else:
                await wire.send(answer(b"", f"{status} See", Location=where))

    return TcpPeer(serve), asked


@pytest.mark.parametrize("use", ONCE[:4])
@pytest.mark.parametrize("status", ["301", "302", "303"])
async def test_what_was_done_is_not_done_again_where_a_redirect_leads(
    use: Use, status: str
) -> None:
    """A page is shown after a form: it is read (RFC 9110, 15.4)."""
    peer, asked = leading_to("/x", status)
    async with peer:
        http = Http(Heard().link(), HttpOptions())
        await http.open(peer.address)
        assert (await use(http)).text() == "done"
        await http.close()
    assert len(asked) == 2
    assert asked[1] == "GET /x"


async def test_after_303_a_page_is_read_whatever_was_asked() -> None:
    peer, asked = leading_to("/x", "303")
    async with peer:
        http = Http(Heard().link(), HttpOptions())
        await http.open(peer.address)
        assert (await http.put("/x", "on")).text() == "done"
        await http.close()
    assert asked == ["PUT /x on", "GET /x"]


@pytest.mark.parametrize("status", ["301", "302", "307", "308"])
async def test_what_does_no_harm_is_repeated_where_a_redirect_leads(status: str) -> None:
    peer, asked = leading_to("/x", status)
    async with peer:
        http = Http(Heard().link(), HttpOptions())
        await http.open(peer.address)
        with pytest.raises(ReplyError, match="redirected too often"):
            await http.put("/x", "on")
        await http.close()
    assert asked == ["PUT /x on"] * 4


# UPnP

DESCRIPTION = (
    b"<root><device><serviceList><service><serviceType>a</serviceType>"
    b"<controlURL>/a</controlURL></service></serviceList></device></root>"
)


@pytest.mark.parametrize(
    ("name", "options", "times"),
    [
        ("SetTarget", UpnpOptions(), 1),
        ("Toggle", UpnpOptions(), 1),
        ("GetTarget", UpnpOptions(), 2),
        ("SetTarget", UpnpOptions(again=True), 2),
    ],
)
async def test_actions(name: str, options: UpnpOptions, times: int) -> None:
    actions = 0
    response = f"<e><Body><{name}Response/></Body></e>".encode()

    async def serve(wire: Wire) -> None:
        nonlocal actions
        while request := await read(wire):
            if request[0].startswith("GET"):
                await wire.send(answer(DESCRIPTION))
                continue
            actions += 1
            if actions == 1:
                return wire.abort()
            await wire.send(answer(response))
        return None

    async with TcpPeer(serve) as peer:
        upnp = Upnp(Heard().link(), options)
        await upnp.open(peer.address)
        await upnp.description()
        with suppress(UnreachableError):
            await upnp.action("a", name)
        assert actions == times
        await upnp.close()


# frames


@pytest.mark.parametrize(("again", "times"), [(False, 1), (True, 2)])
async def test_frame_requests(*, again: bool, times: int) -> None:
    done: list[bytes] = []

    async def serve(wire: Wire) -> None:
        while True:
            message = await wire.reader.readexactly(6)
            done.append(message[4:])
            if done.count(b"on") == 1 and message[4:] == b"on":
                return wire.abort()
            await wire.send(message)

    async with TcpPeer(serve) as peer:
        io: FrameRequests = FrameRequests(Heard().link(), FramesOptions())
        transport: Transport = io
        await transport.open(peer.address)
        assert await io.ask(b"hi") == b"hi"
        if again:
            assert await io.ask(b"on", again=True) == b"on"
        else:
            with pytest.raises(UnreachableError):
                await io.ask(b"on")
        assert await io.ask(b"up") == b"up"
        assert done.count(b"on") == times
        await io.close()


async def test_frames_to_a_device_that_closes_after_each_reply() -> None:
    async def serve(wire: Wire) -> None:
        await wire.send(await wire.reader.readexactly(6))

    async with TcpPeer(serve) as peer:
        io = FrameRequests(Heard().link(), FramesOptions())
        await io.open(peer.address)
        for number in range(30):
            assert await io.ask(b"%02d" % number) == b"%02d" % number
        await io.close()
