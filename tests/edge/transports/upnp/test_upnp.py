"""Upnp bears what every transport must."""

import pytest

from lan_edge import ReplyError, Upnp, UpnpOptions
from lan_edge.transports.base import Link

from ...peers import TcpPeer, Wire
from ..contract import Contract, Kit
from ..http.test_http import answer, read

DESCRIPTION = (
    b'<root xmlns="urn:schemas-upnp-org:device-1-0"><device>'
    b"<friendlyName>Lamp</friendlyName><UDN>uuid:1</UDN></device></root>"
)


def make(link: Link) -> Upnp:
    return Upnp(link, UpnpOptions(timeout=0.2, limit=1000, description="/d.xml"))


async def serve(wire: Wire) -> None:
    while await read(wire):
        await wire.send(answer(DESCRIPTION))


async def name(upnp: Upnp) -> str:
    return (await upnp.description())["friendlyName"]


class TestUpnp(Contract):
    kit = Kit(
        make=make,
        serve=serve,
        use=name,
        answer="Lamp",
        garbage=b"\x00\xff\r\n\r\n",
        oversize=answer(b"x" * 1001),
        connects=False,
    )


@pytest.mark.parametrize("page", [b"<root/>", DESCRIPTION])
async def test_no_error_shows_the_query_of_the_description(page: bytes) -> None:
    async def tell(wire: Wire) -> None:
        while await read(wire):
            await wire.send(answer(page))

    async with TcpPeer(tell) as peer:
        options = UpnpOptions(description="/d.xml?key=77")
        upnp = Upnp(Link(lambda _: None, lambda _: None), options)
        await upnp.open(peer.address)
        with pytest.raises(ReplyError, match=r"GET /d\.xml: ") as caught:
            (await upnp.description())["modelName"]
        await upnp.close()
    assert "77" not in str(caught.value)


async def test_new_options_are_for_the_next_connection() -> None:
    asked: list[str] = []

    async def listen(wire: Wire) -> None:
        while request := await read(wire):
            asked.append(request[0])
            await wire.send(answer(DESCRIPTION))

    async with TcpPeer(listen) as peer:
        upnp = make(Link(lambda _: None, lambda _: None))
        for path in ("/d.xml", "/other.xml"):
            upnp.configure(UpnpOptions(description=path))
            await upnp.open(peer.address)
            assert await name(upnp) == "Lamp"
        await upnp.close()
    assert asked == ["GET /d.xml", "GET /other.xml"]
