"""What is said on the network of where devices are: announcements, answers, addresses."""

from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from lan_edge import (
    Address,
    Dhcp,
    Mdns,
    ReplyError,
    Sighting,
    Ssdp,
    UdpBeacon,
    UdpProbe,
    dhcp_sighting,
    location_address,
)
from lan_edge.discovery.hosts import SightedHosts
from lan_edge.discovery.ssdp_search import confirmed_address, parse_response
from lan_edge.discovery.udp_beacon import _sighting
from lan_edge.discovery.udp_probe import MAX_DEPTH, read_answer
from lan_edge.drivers.kasa.protocol import Cipher
from lan_edge.network.address import is_device_host
from lan_edge.network.parsing import parse_json
from lan_edge.network.text import MAX_FIELD, MAX_VALUE
from lan_edge.transports.upnp.location import _url
from tests.bundled import match, registered

from .target import target

MATCHERS = [m for driver in registered().values() for m in driver.discovery]
LONGEST = 4 * MAX_FIELD
"""A template has a few fields."""


def sighted(sighting: Sighting) -> None:
    """See that what is made of a sighting can be shown, stored and dialled."""
    for candidate in match(sighting):
        device = candidate.match
        fields = (
            device.unique_id,
            device.name,
            device.manufacturer,
            device.model,
            *device.fields.values(),
        )
        for text in fields:
            assert text.isprintable()
            assert len(text) <= LONGEST
        for address in (device.address, *device.others):
            assert is_device_host(address.host)
            assert 0 <= address.port <= 65535


@target(
    "edge/discovery/matcher.py",
    "edge/discovery/matchers.py",
    "edge/discovery/sighting.py",
    "edge/driver/registry.py",
    "edge/network/address.py",
    "edge/network/ids.py",
    seeds=(
        b"ssdp\nwifi_bulb\n10.0.0.5\nLamp\nheaders\nid: 0x1\nname: x\nmodel: color\nsupport: on",
        b"mdns\n_relay._tcp.local.\n10.0.0.5\nRelay\ntxt\nid: relay-1\nmodel: a",
        (
            b"ssdp\nventstar:thermostat:ecp\nfe80::1\n\nheaders\n"
            b"usn: colortouch:ecp:00:23:a7:3a:b2:72:name:Living%20Room:type:residential"
        ),
        b"dhcp\n\n10.0.0.5\nwiz_123456\ndhcp\nmac: a8bb50010203\nhostname: wiz_0",
        b"probe\n38899\n10.0.0.5\n\nreply\nmethod: registration\nresult.mac: a8bb50010203",
    ),
)
def sightings(data: bytes) -> None:
    """Any sighting, also one of each kind that the drivers look for."""
    lines = data.decode(errors="replace").split("\n")
    source, kind, host, name, group, *fields = (*lines, "", "", "", "", "")
    values = {group: dict(field.partition(": ")[::2] for field in fields)}
    sighted(Sighting(source, kind, Address(host), name, values))
    for matcher in MATCHERS:
        sighted(Sighting(*_announced(matcher), Address("10.0.0.5", 80), name, values))
    sighted(dhcp_sighting(host, kind, name))


def _announced(matcher: object) -> tuple[str, str]:
    match matcher:
        case Mdns():
            return "mdns", matcher.type
        case Ssdp():
            return "ssdp", matcher.target
        case UdpProbe():
            return "probe", matcher.kind
        case UdpBeacon():
            return "beacon", matcher.kind
        case _:
            assert isinstance(matcher, Dhcp)
            return "dhcp", ""


@target(
    "edge/discovery/hosts.py",
    "edge/discovery/ssdp_search.py",
    "edge/transports/upnp/location.py",
    seeds=(
        (
            b"HTTP/1.1 200 OK\r\nLOCATION: http://10.0.0.5:80/setup.xml\r\nST: upnp:rootdevice\r\n"
            b"USN: uuid:Socket-1_0-1::upnp:rootdevice\r\n\r\n"
        ),
        b"HTTP/1.1 200 OK\r\nLocation: yeelight://10.0.0.5:55443\r\nid: 0x1\r\nmodel: color\r\n",
    ),
)
def search_answers(data: bytes) -> None:
    """An answer to a search leads to its sender only."""
    headers = parse_response(data)
    assert len(headers) <= MAX_FIELD
    assert all(len(value) <= MAX_VALUE for value in headers.values())
    for location in (headers.get("location", ""), data.decode(errors="replace")):
        for sender in ("10.0.0.7", "127.0.0.1"):
            address = confirmed_address(location, sender)
            if address is not None:
                own = address.host == sender
                assert own or (sender == "127.0.0.1" and ip_address(address.host).is_loopback)
        if (where := location_address(location)) is not None:
            assert is_device_host(where.host)
            assert 0 <= where.port <= 65535
            ip = ip_address(where.host)
            is_elsewhere = ip.is_link_local or ip.is_global
            assert SightedHosts(beside_hub=True).allow("", where) or is_elsewhere
        url = _url(location.encode(errors="replace"))
        assert url is None or url.scheme == "http"
    sighted(Sighting("ssdp", "wifi_bulb", Address("10.0.0.5"), "", {"headers": headers}))


@target(
    "edge/discovery/udp_probe.py",
    "edge/drivers/kasa/driver.py",
    "edge/drivers/kasa/protocol.py",
    "edge/drivers/wiz/driver.py",
    "edge/drivers/wiz/pilot.py",
    seeds=(
        b'{"method":"registration","result":{"mac":"a8bb50010203","success":true}}',
        Cipher().encode(
            {"system": {"get_sysinfo": {"mac": "50:C7:BF:01:02:03", "alias": "x", "model": "HS"}}}
        ),
    ),
)
def probe_answers(data: bytes) -> None:
    """Any answer to the probe of any driver, as it is and as Kasa enciphers it."""
    enciphered = bytes(_enciphered(data))
    for matcher in (m for m in MATCHERS if isinstance(m, UdpProbe)):
        for answer in (data, enciphered):
            values = read_answer(matcher, answer)
            assert len(values) <= MAX_FIELD
            assert all(_is_bounded(k, v) for k, v in values.items())
            address = Address("10.0.0.5", matcher.probe_port)
            sighted(Sighting("probe", matcher.kind, address, "", {"reply": values}))


def _unmasked(data: bytes) -> Any:
    return parse_json(bytes(byte ^ 0x5A for byte in data), "a beacon")


BEACONS = [
    UdpBeacon(
        6667,
        read=read,
        unique_id="{beacon[gwId].lower}{beacon[id].mac}",
        name=r"{beacon[name].find(^(.*)-(\w+))}",
        model=lambda sighting: sighting.values["beacon"]["productKey"],
        port="{beacon[port][:5]}",
    )
    for read in (UdpBeacon(6667).read, _unmasked)
]


@target(
    "edge/discovery/udp_beacon.py",
    "edge/discovery/templates.py",
    "edge/discovery/matcher.py",
    "edge/discovery/matchers.py",
    "edge/network/patterns.py",
    seeds=(
        b'{"gwId":"bf01AA","ip":"10.0.0.5","port":6668,"productKey":"keyx","name":"Plug-1"}',
        bytes(
            byte ^ 0x5A for byte in b'{"id":"a8:bb:50:01:02:03","productKey":"k","deep":{"x":1}}'
        ),
    ),
)
def beacons(data: bytes) -> None:
    """Anything that is sent to a port on which beacons are heard."""
    for matcher in BEACONS:
        if (sighting := _sighting(matcher, data, Address("10.0.0.5", 40000))) is None:
            continue
        assert all(_is_bounded(k, v) for k, v in sighting.values["beacon"].items())
        with suppress(ReplyError):
            sighting.json("{beacon[gwId]}{beacon[data]}")
        if (match := matcher.match(sighting)) is not None:
            assert all(map(str.isprintable, (match.unique_id, match.name, match.model)))
            assert max(map(len, (match.unique_id, match.name, match.model))) <= MAX_FIELD
            assert 0 <= match.address.port <= 65535


def _is_bounded(name: object, value: object) -> bool:
    texts: Mapping[Any, Any] = {name: value}
    return all(
        isinstance(k, str) and isinstance(v, str) and len(k) <= MAX_FIELD and len(v) <= MAX_VALUE
        for k, v in texts.items()
    )


def _enciphered(data: bytes) -> bytearray:
    sent = bytearray([171])
    for byte in data:
        sent.append(byte ^ sent[-1])
    return sent[1:]


__all__ = ["MAX_DEPTH", "sighted"]
