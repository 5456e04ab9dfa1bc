"""Where a UPnP device has its description: it says so itself, and of itself alone."""

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


def answer(location: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: {location}\r\n\r\n".encode()


async def located(*locations: str, port: int = 0) -> URL | None:
    """Return where a device is located that gives these answers."""
    async with UdpPeer(lambda _: [answer(each) for each in locations], HOST, SSDP_PORT) as peer:
        url = await locate_description(Address(HOST, port))
        assert {data for _, data, _ in peer.received} == {
            (
                b"M-SEARCH * HTTP/1.1\r\nHOST: 127.0.0.38:1900\r\n"
                b'MAN: "ssdp:discover"\r\nST: upnp:rootdevice\r\n\r\n'
            )
        }
        assert len(peer.received) == 2  # the first may be lost
        return url


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
