"""What is typed on the command line, kept by it, and found by programs without Home Assistant."""

from types import SimpleNamespace
from typing import Any, cast

from zeroconf import (  # type: ignore[attr-defined]  # it does not list its records' classes
    DNSCache,
    DNSIncoming,
    DNSOutgoing,
    ServiceInfo,
)
from zeroconf.asyncio import AsyncServiceInfo

from lan_edge import Component, Profile, Switch, SwitchLevel, WindowShadeLevel
from lan_edge.cli.hosts import parse_host
from lan_edge.cli.state_file import KeptDevice, devices_in
from lan_edge.cli.typed import parse_line
from lan_edge.finder.mdns import _sighting

from .found import sighted
from .target import target

STRIP = Profile(Switch, SwitchLevel, WindowShadeLevel, outlet_1=Component((Switch,)))
RELAY = "_relay._tcp.local."


@target(
    "edge/cli/hosts.py",
    seeds=(b"192.168.1.40", b"lamp.local:8080", b"[2001:db8::1]:80", b"2001:db8::1"),
)
def typed_hosts(data: bytes) -> None:
    """A host that was typed is an address, or refused."""
    address = parse_host(data.decode(errors="replace"))
    assert address.host
    assert 0 <= address.port <= 65535


@target(
    "edge/cli/typed.py",
    seeds=(b"switch.on", b"level.set 40 rate=2", b"outlet_1.switch.off", b"switchLevel.setLevel 4"),
)
def typed_commands(data: bytes) -> None:
    """A line that was typed is a command with arguments that fit, or refused."""
    typed = parse_line(data.decode(errors="replace"), STRIP)
    typed.command.bind(typed.arguments)
    assert typed.component in STRIP.components


@target(
    "edge/cli/state_file.py",
    seeds=(
        (
            b'{"lan_edge": 1, "devices": {"safe 10.0.0.5": {"secrets": {"token": "t"}, "record":'
            b' {"addresses": [["10.0.0.5", 80]], "identity": {"unique_id": "1"}}}}}'
        ),
    ),
)
def kept_devices(data: bytes) -> None:
    """A file that may have been changed by anybody is read as far as it makes sense."""
    for known in devices_in(data.decode(errors="replace")).values():
        kept = KeptDevice.from_json(known)
        assert all(isinstance(value, str) for value in kept.secrets.values())
        assert isinstance(kept.record.identity.unique_id, str)


def _announcement() -> bytes:
    info = ServiceInfo(
        RELAY,
        f"Relay.{RELAY}",
        80,
        properties={"id": "relay-1", "flag": None},
        server="relay.local.",
        addresses=[b"\n\0\0\5"],
    )
    packet = DNSOutgoing(0x8400)
    for record in (info.dns_pointer(), info.dns_service(), info.dns_text(), *info.dns_addresses()):
        packet.add_answer_at_time(record, 0)
    return packet.packets()[0]


@target("edge/finder/mdns.py", seeds=(_announcement(),))
def mdns_services(data: bytes) -> None:
    """What a whole mDNS packet says of a service is a sighting, if it has an address."""
    packet = DNSIncoming(data)
    cache = DNSCache()
    cache.async_add_records(packet.answers() if packet.valid else [])
    info = AsyncServiceInfo(RELAY, f"Relay.{RELAY}")
    info.load_from_cache(cast("Any", SimpleNamespace(cache=cache)), 0.0)
    if (sighting := _sighting(info)) is not None:
        sighted(sighting)
