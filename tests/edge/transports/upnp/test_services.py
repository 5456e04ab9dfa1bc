"""Which service is meant, and where it is: by descriptions as real devices have them."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from yarl import URL

from lan_edge import (
    EdgeError,
    Listener,
    ListenerSettings,
    ReplyError,
    Tls,
    UnreachableError,
    Upnp,
    UpnpOptions,
)
from lan_edge.callbacks.registration import CallbackHandler
from lan_edge.network.parsing import parse_xml
from lan_edge.transports.base import Link
from lan_edge.transports.upnp.services import MAX_SERVICES, Service, services_of
from tests.edge.certificates import certificate

from ...peers import TcpPeer, Wire, until
from ..http.test_http import answer, read

HERE = URL("http://10.0.0.5:49152")
POWER = "urn:schemas-upnp-org:service:SwitchPower:1"
DONE = (
    f'<s:Envelope xmlns:s="s"><s:Body><u:GetStatusResponse xmlns:u="{POWER}">{{}}'
    "</u:GetStatusResponse></s:Body></s:Envelope>"
)


def service(kind: str, control: str, events: str = "") -> str:
    """Return a service in a description."""
    told = f"<eventSubURL>{events}</eventSubURL>" if events else ""
    paths = f"<controlURL>{control}</controlURL>{told}"
    return f"<service><serviceType>{kind}</serviceType>{paths}</service>"


def device(*services: str, inner: str = "") -> str:
    """Return a device in a description, with devices in it."""
    inside = f"<deviceList>{inner}</deviceList>" if inner else ""
    return (
        f"<device><UDN>uuid:1</UDN>{inside}<serviceList>{''.join(services)}</serviceList></device>"
    )


def root(content: str) -> bytes:
    """Return a description."""
    return f'<root xmlns="urn:schemas-upnp-org:device-1-0">{content}</root>'.encode()


def found(content: str) -> dict[str, Service]:
    """Return the services in a description that was read at /d/x.xml."""
    return dict(services_of(parse_xml(root(content), "it"), "/d/x.xml", HERE))


def test_the_root_device_is_meant() -> None:
    nested = device(service("a", "/nested", "/nested/events"), service("b", "/b"))
    deeper = device(service("b", "/deeper"), service("c", "/c"), inner=nested)
    assert found(device(service("a", "/root"), inner=nested + deeper)) == {
        "a": Service("/root"),  # the events of another device are none of it
        "b": Service("/b"),
        "c": Service("/c"),
    }


def test_a_service_without_a_path_is_none() -> None:
    nested = device(service("a", "/nested"))
    assert found(device(service("a", ""), inner=nested)) == {"a": Service("/nested")}
    assert found(device(service("a", "http://["), service("b", "b"))) == {"b": Service("/d/b")}
    assert found(device("<service><serviceType>a</serviceType></service>")) == {}


def test_blanks_are_none() -> None:
    assert found(device(service("\n  a\t", "\n /b ", " /c\n"))) == {"a": Service("/b", "/c")}


@pytest.mark.parametrize(
    ("base", "path", "joined"),
    [
        ("", "c", "/d/c"),
        ("", "/c?d=e", "/c?d=e"),
        ("", "http://10.0.0.5:49152/c", "http://10.0.0.5:49152/c"),
        ("http://10.0.0.5:49152/", "c", "http://10.0.0.5:49152/c"),
        ("http://10.0.0.5:49152/x/", "c", "http://10.0.0.5:49152/x/c"),
        (" http://10.0.0.5:80 ", "/c", "http://10.0.0.5:80/c"),
        ("http://10.0.0.9:49152/", "c", "/d/c"),
        ("https://10.0.0.5:49152/", "c", "/d/c"),
        ("http://[", "c", "/d/c"),
        ("/x/", "c", "/x/c"),
    ],
)
def test_paths_are_relative_to_the_base(base: str, path: str, joined: str) -> None:
    content = f"<URLBase>{base}</URLBase>{device(service('a', path, path))}"
    assert found(content) == {"a": Service(joined, joined)}


def test_the_first_services_are_looked_at() -> None:
    same, other = service("a", "/a"), service("b", "/b")
    assert found(device(same * (MAX_SERVICES - 1), other * 1000)).keys() == {"a", "b"}
    assert found(device(same * MAX_SERVICES, other * 1000)).keys() == {"a"}


# with a device


@dataclass
class Device:
    """A device, and what it was asked for at which of its ports."""

    description: Callable[[int], bytes]
    """Returns its description; it is given its other port."""
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    other: int = 0

    async def main(self, wire: Wire) -> None:
        """Answer at the port of the description."""
        await self._serve("main", wire)

    async def second(self, wire: Wire) -> None:
        """Answer at the other port."""
        await self._serve("other", wire)

    async def _serve(self, port: str, wire: Wire) -> None:
        while request := await read(wire):
            self.asked.append((port, request[0]))
            is_description = request[0] == "GET /description.xml"
            status = DONE.format(f"<ResultStatus>{port}</ResultStatus>").encode()
            await wire.send(answer(self.description(self.other) if is_description else status))


@asynccontextmanager
async def opened(device: Device, tls: Tls | None = None) -> AsyncGenerator[Upnp]:
    """Connect to a device with two ports."""
    shown = certificate("device.home")
    async with AsyncExitStack() as stack:
        peers = [TcpPeer(device.main), TcpPeer(device.second)]
        for peer in peers:
            peer.tls = shown.server() if tls else None
            await stack.enter_async_context(peer)
        device.other = peers[1].address.port
        upnp = Upnp(Link(lambda _: None, lambda _: None), UpnpOptions(tls=tls, timeout=2))
        await upnp.open(peers[0].address)
        stack.push_async_callback(upnp.close)
        yield upnp


@pytest.mark.parametrize("tls", [None, Tls()], ids=["", "TLS"])
async def test_a_control_url_on_another_port(tls: Tls | None) -> None:
    scheme = "https" if tls else "http"

    def description(port: int) -> bytes:
        return root(device(service(POWER, f"{scheme}://127.0.0.1:{port}/control")))

    there = Device(description)
    async with opened(there, tls) as upnp:
        assert await upnp.action(POWER, "GetStatus") == {"ResultStatus": "other"}
    assert there.asked == [("main", "GET /description.xml"), ("other", "POST /control")]


async def test_a_base_on_another_port() -> None:
    def description(port: int) -> bytes:
        base = f"<URLBase>http://127.0.0.1:{port}/</URLBase>"
        return root(base + device(service(POWER, "control")))

    async with opened(Device(description)) as upnp:
        assert await upnp.action(POWER, "GetStatus") == {"ResultStatus": "other"}


@pytest.mark.parametrize("tls", [None, Tls()], ids=["", "TLS"])
@pytest.mark.parametrize("url", ["http://127.0.0.9:{}/c", "//127.0.0.9/c", "{}://127.0.0.1:{}/c"])
async def test_no_other_host_is_asked_and_nothing_unencrypted(url: str, tls: Tls | None) -> None:
    other_scheme = "http" if tls else "https"

    def description(port: int) -> bytes:
        target = url.format(other_scheme, port) if url[0] == "{" else url.format(port)
        return root(device(service(POWER, target)))

    there = Device(description)
    async with opened(there, tls) as upnp:
        with pytest.raises(UnreachableError, match="not on the device"):
            await upnp.action(POWER, "GetStatus")
    assert there.asked == [("main", "GET /description.xml")]


async def test_events_from_another_port() -> None:
    def description(port: int) -> bytes:
        events = f"http://127.0.0.1:{port}/events"
        return root(device(service(POWER, "/control", events), service("mute", "/mute")))

    there = Device(description)
    listener = Listener(ListenerSettings(port=0))
    registration = listener.register(CallbackHandler(lambda _: None, lambda: None, lambda: None))
    await registration.attach("127.0.0.1")
    async with opened(there) as upnp:
        upnp._link.callback = registration
        await upnp.subscribe("mute")  # it has no events: the poll goes on
        await upnp.subscribe(POWER)
        await until(lambda: len(there.asked) > 1)
    await registration.close()
    await listener.close()
    assert there.asked == [("main", "GET /description.xml"), ("other", "SUBSCRIBE /events")]


async def test_the_root_device_is_switched() -> None:
    nested = device(service(POWER, "/nested"))
    content = device(service(f" {POWER}\n", "\n/root "), inner=nested)
    there = Device(lambda _: root(content))
    async with opened(there) as upnp:
        await upnp.action(POWER, "GetStatus")
        assert await upnp.has(POWER)
        with pytest.raises(ReplyError, match="has no"):
            await upnp.action("other", "GetStatus")
    assert there.asked[1] == ("main", "POST /root")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<UDN>", "<friendlyName>Tom & K\xfcche\x07</friendlyName><UDN>"),
        (
            "<UDN>",
            "<dlna:X>1</dlna:X><friendlyName>Lamp</friendlyName><UDN>",
        ),
        ("uuid:1", "\n uuid:1 "),
        ("</serviceList></device></root>", ""),
        ("</device></root>", "</device></root>\0\0"),
        ("<root ", "\xfe what \n<root "),
    ],
)
async def test_an_odd_description(before: str, after: str) -> None:
    content = root(device(service(POWER, "/control"))).decode().replace(before, after)
    there = Device(lambda _: content.encode("latin-1"))
    async with opened(there) as upnp:
        told = await upnp.description()
        assert told["UDN"] == "uuid:1"
        assert told.get("friendlyName", "") in {"", "Lamp", "Tom & K\ufffdche\ufffd"}
        assert await upnp.action(POWER, "GetStatus") == {"ResultStatus": "main"}


async def test_a_description_that_makes_no_sense() -> None:
    async with opened(Device(lambda _: b"<html><body>It works!<br></body></html>")) as upnp:
        with pytest.raises(EdgeError, match="not valid XML"):
            await upnp.description()
