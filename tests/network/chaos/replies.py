"""What devices answer when they are searched: those that do not say who they are any other way.

By mDNS, all of them answer a search that is not Home Assistant's own, which goes on all the time:
what somebody else said of a device may have crowded out where it is.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
import socket
from typing import Any, override

from zeroconf import DNSIncoming  # type: ignore[attr-defined]  # as in discovery/asking.py

from tests.emulators.mdns import MdnsAnnouncer, Service
from tests.emulators.ssdp import PORT as SSDP, SsdpAnnouncer, listening_socket
from tests.emulators.yeelight import PORT as YEELIGHT
from tests.homeassistant.mdns_responder import Responder

from .body import Emulated

MDNS, MDNS_GROUP = 5353, "224.0.0.251"

type Residents = Callable[[], Iterator[Emulated[Any]]]
"""The devices that answer now."""


@asynccontextmanager
async def replying(
    hosts: list[str], residents: Residents, everybody: Residents
) -> AsyncGenerator[None]:
    """Have them answer, at whatever address each has, for the length of a block."""
    loop = asyncio.get_running_loop()
    with ExitStack() as stack:
        asked = dict[str, _Asked]()
        for host in hosts:
            transport, asked[host] = await loop.create_datagram_endpoint(
                lambda host=host: _Asked(host, residents, everybody),  # type: ignore[misc]
                local_addr=(host, MDNS),
            )
            stack.callback(transport.close)
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _AllAsked(asked, everybody), sock=listening_socket(hosts[0], MDNS, MDNS_GROUP)
        )
        stack.callback(transport.close)
        for port in (SSDP, YEELIGHT):
            transport, _ = await loop.create_datagram_endpoint(
                lambda port=port: _Searched(port, residents),  # type: ignore[misc]
                sock=listening_socket(hosts[0], port),
            )
            stack.callback(transport.close)
        yield


class _Asked(Responder):
    """Answers by mDNS for the device at an address."""

    def __init__(self, host: str, residents: Residents, everybody: Residents) -> None:
        super().__init__()
        self._host = host
        self._residents = residents
        self._everybody = everybody

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self.transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._reply(data, addr, self._residents)

    def heard(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer what everybody is asked."""
        self._reply(data, addr, self._everybody)

    def _reply(self, data: bytes, addr: tuple[str, int], residents: Residents) -> None:
        self.services = tuple(self._told(residents)) if DNSIncoming(data).is_query() else ()
        if self.services:
            super().datagram_received(data, addr)

    def _told(self, residents: Residents) -> Iterator[Service]:
        for body in residents():
            announcer = body.new_announcer() if body.host == self._host else None
            if isinstance(announcer, MdnsAnnouncer):
                yield announcer._service


class _AllAsked(asyncio.DatagramProtocol):
    """Passes what everybody is asked to those that live somewhere."""

    def __init__(self, asked: dict[str, _Asked], everybody: Residents) -> None:
        self._asked = asked
        self._everybody = everybody

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr[1] != MDNS:
            for host in {body.host for body in self._everybody()}:
                self._asked[host].heard(data, addr)


class _Searched(asyncio.DatagramProtocol):
    """Answers searches by SSDP, each device from its own address."""

    def __init__(self, port: int, residents: Residents) -> None:
        self._port = port
        self._residents = residents

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for body in self._residents():
            announcer = body.new_announcer()
            if not isinstance(announcer, SsdpAnnouncer):
                continue
            for answer in announcer._advertisement.answers(data):
                _send(body.host, answer, addr)


def _send(host: str, data: bytes, to: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, suppress(PermissionError):
        sender.bind((host, 0))
        sender.sendto(data, to)  # refused while the address is silent
