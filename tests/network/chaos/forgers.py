"""Forgers: hosts that announce the devices of others, answer like them, and note what they get."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
import socket
from typing import override

from tests.emulators.ssdp import PORT as SSDP, listening_socket, sending_socket
from tests.emulators.yeelight import PORT as YEELIGHT

from ..lab import HERE
from .disguise import KASA, WIZ, Datagram, Disguise
from .families import Family
from .forgeries import Forgery
from .mimics import mimic_of, was_told

EVERY = 0.5
"""Seconds between two announcements of what is claimed."""
BURST = 80
"""Goodbyes in a moment."""
FLOOD = 0.01
"""Seconds between two notices of a flood."""
ETH_P_IP = 0x0800
PROTOCOLS = {6: 12, 17: None}
"""TCP, whose header says how long it is in that byte, and UDP, whose header has eight."""


class Forger:
    """One of them; `heard` is all that was sent to its address, by who sent it."""

    def __init__(self, address: str, families: tuple[Family, ...]) -> None:
        self.address = address
        self._families = families
        self._claims: list[Disguise] = []
        self._ports = defaultdict[int, asyncio.Lock](asyncio.Lock)
        self.heard: dict[tuple[bytes, bytes], bytearray] = {}
        self.told: list[str] = []
        """The copies that were commanded, by their names."""
        self.sent = self.copied = 0

    def got(self) -> list[bytes]:
        """Return all that was sent to it, one text for each connection and each sender."""
        return [bytes(data) for data in self.heard.values()]

    def figures(self) -> str:
        """Return what it has done, and what came of it."""
        size = sum(map(len, self.got()))
        done = f"{self.sent} datagrams, {self.copied} copies"
        return f"forger {self.address}: {done}; it was sent {size} bytes by {len(self.heard)} flows"

    @asynccontextmanager
    async def living(self) -> AsyncGenerator[Forger]:
        """Be there for the length of a block."""
        with ExitStack() as stack:
            self._sender = stack.enter_context(sending_socket(self.address))
            self._sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            loop = asyncio.get_running_loop()
            ears = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
            ears.bind(("eth0", ETH_P_IP))
            ears.setblocking(False)
            loop.add_reader(stack.enter_context(ears), self._hear, ears)
            stack.callback(loop.remove_reader, ears)
            for port, made in self._searched():
                transport, _ = await loop.create_datagram_endpoint(
                    lambda port=port: _Searched(self, port),  # type: ignore[misc]
                    sock=made,
                )
                stack.callback(transport.close)
            yield self

    def _searched(self) -> Iterator[tuple[int, socket.socket]]:
        """Return where searches for devices arrive: at groups, and at everybody's address."""
        for port in (SSDP, YEELIGHT):
            yield port, listening_socket(self.address, port)
        everybody = f"{self.address.rpartition('.')[0]}.255"
        for port in (KASA, WIZ):
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            made.setblocking(False)
            made.bind((everybody, port))
            yield port, made

    def searched(self, port: int, asked: bytes, who: tuple[str, int]) -> None:
        """Answer a search for all that is claimed now."""
        for claim in self._claims:
            self._send([(answer, who) for answer in claim.answers(port, asked)])

    def _hear(self, ears: socket.socket) -> None:
        packet = ears.recv(1 << 16)
        start = (packet[0] & 0x0F) * 4
        if packet[16:20] != socket.inet_aton(self.address) or packet[9] not in PROTOCOLS:
            return
        offset = PROTOCOLS[packet[9]]
        size = 8 if offset is None else (packet[start + offset] >> 4) * 4
        whole = int.from_bytes(packet[2:4])
        flow = packet[12:16], packet[start : start + 4]
        self.heard.setdefault(flow, bytearray()).extend(packet[start + size : whole])

    # what it does

    async def forge(self, forgery: Forgery, genuine: str) -> None:
        """Do it, for as long as it lasts; `genuine` is where the device is."""
        host = {"own": self.address, "hub": HERE, "there": genuine}.get(forgery.host, forgery.host)
        family, device = self._families[forgery.device], forgery.device
        disguise = Disguise(family, device, host)
        match forgery.what:
            case "mimic":
                await self._mimic(family, device, disguise, forgery.seconds)
            case "claim":
                await self._claim(disguise, forgery.seconds)
            case "flood":
                await self._claim(disguise, forgery.seconds, FLOOD)
            case "goodbye":
                for _ in range(BURST):
                    self._send(disguise.goodbyes())
            case "push":
                for _ in range(BURST):
                    self._send(disguise.pushes(HERE))
            case "rename":
                self._send(disguise.renamed(f"evil-{device}"))

    async def _mimic(self, family: Family, device: int, disguise: Disguise, seconds: float) -> None:
        """Be the device: announce it, and answer like it."""
        body = mimic_of(family, device, self.address)
        await body.become(family.value(3, 0))
        async with self._ports[family.port]:  # the last one may still be closing
            self.copied += 1
            try:
                await body.power(on=True)
                await self._claim(disguise, seconds)
            finally:
                await body.power(on=False)
        if was_told(body):
            self.told.append(f"{body.name}: {[*body.executed, *body.log][:5]}")

    async def _claim(self, disguise: Disguise, seconds: float, every: float = EVERY) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        with self._claiming(disguise):
            while loop.time() < end:
                self._send(disguise.notices())
                await asyncio.sleep(every)

    @contextmanager
    def _claiming(self, disguise: Disguise) -> Iterator[None]:
        self._claims.append(disguise)
        try:
            yield
        finally:
            self._claims.remove(disguise)

    def _send(self, datagrams: list[Datagram]) -> None:
        for data, to in datagrams:
            with suppress(BlockingIOError):  # there is no room for more, so it is lost
                self._sender.sendto(data, to)
                self.sent += 1


class _Searched(asyncio.DatagramProtocol):
    def __init__(self, forger: Forger, port: int) -> None:
        self._forger = forger
        self._port = port

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._forger.searched(self._port, data, addr)
