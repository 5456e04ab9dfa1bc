"""What answers questions by mDNS at one address, as devices do."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import socket
from typing import override

from zeroconf import DNSIncoming, DNSOutgoing, DNSQuestion  # type: ignore[attr-defined]  # as in discovery/asking.py
from zeroconf.const import _FLAGS_AA, _FLAGS_QR_RESPONSE, _TYPE_PTR

from tests.emulators.mdns import Service


class Responder(asyncio.DatagramProtocol):
    """Tells the pointers that it is asked for; the rest only if `tells_all`, or when asked."""

    def __init__(self, *services: Service, tells_all: bool = True) -> None:
        self.services = services
        self.tells_all = tells_all
        self.asked = 0
        self.transport: asyncio.DatagramTransport | None = None

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.asked += 1
        query = DNSIncoming(data)
        answer = DNSOutgoing(_FLAGS_QR_RESPONSE | _FLAGS_AA, multicast=False, id_=query.id)
        for question in query.questions:
            self._answer(question, answer)
        for packet in answer.packets():
            if self.transport is not None:
                self.transport.sendto(packet, addr)

    def _answer(self, question: DNSQuestion, answer: DNSOutgoing) -> None:
        for info in (service.info() for service in self.services):
            details = (info.dns_service(), info.dns_text(), *info.dns_addresses())
            is_type = question.type == _TYPE_PTR and question.name == info.type
            if is_type:
                answer.add_answer_at_time(info.dns_pointer(), 0)
            if question.name == info.name or (is_type and self.tells_all):
                for record in details:
                    answer.add_answer_at_time(record, 0)


def relay(unique_id: str, host: str, port: int) -> Service:
    """Return what a relay tells."""
    txt = {"id": unique_id, "model": "RS-1"}
    return Service("_relay._tcp.local.", unique_id, host, port, txt, unique_id)


@asynccontextmanager
async def responding(
    host: str, port: int, *services: Service, tells_all: bool = True
) -> AsyncGenerator[Responder]:
    """Answer at a port of a host."""
    responder = Responder(*services, tells_all=tells_all)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: responder, local_addr=(host, port))
    responder.transport = transport
    try:
        yield responder
    finally:
        transport.close()
        await asyncio.sleep(0)  # the port is free only then


@asynccontextmanager
async def in_group(group: str, port: int, responder: Responder) -> AsyncGenerator[None]:
    """Let a responder answer from its own address what is asked in a group on loopback, too."""
    loop = asyncio.get_running_loop()
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.setblocking(False)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((group, port))
    membership = socket.inet_aton(group) + socket.inet_aton("127.0.0.1")
    listening.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    transport, _ = await loop.create_datagram_endpoint(lambda: Overheard(responder), sock=listening)
    try:
        yield
    finally:
        transport.close()
        await asyncio.sleep(0)


class Overheard(asyncio.DatagramProtocol):
    """Passes on what is asked in a group."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._responder.datagram_received(data, addr)
