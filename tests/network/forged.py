"""Announcements and goodbyes that a stranger makes up."""

from collections.abc import Mapping
from itertools import batched
import socket
import time
from typing import Any

from zeroconf import DNSOutgoing, ServiceInfo  # type: ignore[attr-defined]  # as in discovery/listeners.py

from .lab import Host

MDNS = ("224.0.0.251", 5353)
SOCKET = (socket.AF_INET, socket.SOCK_DGRAM, 0)


def packets(relays: Mapping[str, str], address: str, ttl: int | None = None) -> list[bytes]:
    """Return mDNS packets that announce relays, ids by names; with a TTL of 0, their end."""
    made: list[bytes] = []
    for some in batched(relays.items(), 5, strict=False):
        packet = DNSOutgoing(0x8400)
        for record in (r for name, its_id in some for r in records(name, its_id, address, ttl)):
            packet.add_answer_at_time(record, 0)
        made += packet.packets()
    return made


def records(name: str, its_id: str, address: str, ttl: int | None) -> list[Any]:
    """Return the mDNS records of a relay."""
    type_ = "_relay._tcp.local."
    info = ServiceInfo(
        type_,
        f"{name}.{type_}",
        8080,
        properties={"id": its_id},
        server=f"{its_id}.local.",
        addresses=[socket.inet_aton(address)],
    )
    return [
        info.dns_pointer(ttl),
        info.dns_service(ttl),
        info.dns_text(ttl),
        *info.dns_addresses(ttl),
    ]


def multicast(host: Host, datagrams: list[bytes]) -> None:
    """Send mDNS packets from a host."""
    with host.socket(SOCKET) as sender:
        interface = socket.inet_aton(host.address)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sender.bind((host.address, MDNS[1]))
        for datagram in datagrams:
            sender.sendto(datagram, MDNS)
            time.sleep(0.01)
