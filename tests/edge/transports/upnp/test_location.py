"""Where a UPnP device has its description: it says so itself, and of itself alone."""

import asyncio

import pytest
from yarl import URL

from lan_edge import Address
from lan_edge.network.ssdp import SSDP_PORT
from lan_edge.transports.upnp import location as module
from lan_edge.transports.upnp.location import locate_description

from ..udp.test_udp import UdpPeer

HOST = "127.0.0.38"
"""Theirs alone: a device's search port is fixed."""


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOCATION_TIMEOUT", 0.1)


def answer(location: str, usn: str = "") -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: {location}\r\nUSN: {usn}\r\n\r\n"
    ).encode()


async def located(*locations: str, port: int = 0) -> URL | None:
    """Return where a device is located that gives these answers."""
    async with UdpPeer(lambda _: [answer(each) for each in locations], HOST, SSDP_PORT) as peer:
        url = await locate_description(Address(HOST, port))
        assert {data for _, data, _ in peer.received} == {
            (
                b"M-SEARCH * HTTP/1.1\r\nHOST: 127.0.0.38:1900\r\n"
                b'MAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n'
            )
        }
        assert len(peer.received) == (2 if url is None else 1)  # the first may be lost
        return url


async def test_of_two_devices_at_one_host_the_wanted_one_is_found() -> None:
    answers = [
        answer(f"http://{HOST}/a.xml", "uuid:ABC-1::upnp:rootdevice"),
        answer(f"http://{HOST}/b.xml", "uuid:uuid:abc-2::upnp:rootdevice"),
    ]
    async with UdpPeer(lambda _: answers, HOST, SSDP_PORT):
        for wanted, path in (("abc-1", "/a.xml"), ("ABC-2", "/b.xml"), ("", "/a.xml")):
            url = await locate_description(Address(HOST, 80), wanted)
            assert url == URL(f"http://{HOST}{path}")
        url = await locate_description(Address(HOST, 80), "says-another-id-than-ssdp")
        assert url == URL(f"http://{HOST}/a.xml")
        assert await locate_description(Address(HOST, 81), "abc-2") is None


async def test_a_device_may_wait_as_long_as_it_is_allowed_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    loop, peers = asyncio.get_running_loop(), list[UdpPeer]()

    def reply(_: bytes) -> list[bytes]:
        (peer,), late = peers, answer(f"http://{HOST}/d.xml")
        loop.call_later(module.MAX_WAIT, peer.send, late, peer.client)
        return []

    async with UdpPeer(reply, HOST, SSDP_PORT) as peer:
        peers.append(peer)
        began = loop.time()
        assert await locate_description(Address(HOST)) == URL(f"http://{HOST}/d.xml")
        assert loop.time() - began < module.LOCATION_TIMEOUT


async def test_the_first_valid_location_is_used() -> None:
    at = [f"http://{HOST}:{port}/d.xml" for port in (80, 8080)]
    assert await located(*at) == URL(at[0])
    assert await located(*at, port=8080) == URL(at[1])
    assert await located(*at, port=81) is None
    assert await located(*(f"http://{HOST}:{port}/" for port in range(1, 300))) == URL(
        f"http://{HOST}:1/"
    )


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.39:80/d.xml",
        "http://lamp.local/d.xml",
        f"https://{HOST}/d.xml",
        f"file://{HOST}/etc/passwd",
        "http://[bad",
        "http://[]@/d.xml",
        "",
    ],
)
async def test_a_location_elsewhere_is_skipped(location: str) -> None:
    assert await located(location) is None
    assert await located(location, f"http://{HOST}/d.xml") == URL(f"http://{HOST}/d.xml")


async def test_no_device_answers() -> None:
    assert await locate_description(Address(HOST)) is None
