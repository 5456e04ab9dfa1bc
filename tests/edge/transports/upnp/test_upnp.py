"""Upnp bears what every transport must."""

from defusedxml.ElementTree import fromstring

from lan_edge import Upnp, UpnpOptions
from lan_edge.transports.base import Link

from ...peers import Wire
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


def test_a_path_that_is_none_is_passed_over() -> None:
    io = Upnp(Link(lambda _: None, lambda _: None), UpnpOptions())
    service = "<service><serviceType>{0}</serviceType><controlURL>{1}</controlURL></service>"
    root = fromstring(f"<root>{service.format('a', 'http://[')}{service.format('b', 'b')}</root>")
    assert io._paths(root, "controlURL") == {"b": "/b"}
