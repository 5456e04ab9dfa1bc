"""Announcing a device by SSDP, on the interface of its own address."""

import asyncio
from collections.abc import Callable
import contextlib
from dataclasses import dataclass, field
import socket
from typing import override

GROUP = "239.255.255.250"
PORT = 1900
REPEAT = 30.0
MAX_AGE = 120
IP_MULTICAST_ALL = 49  # of Linux; the socket module has no name for it
ROOT = "upnp:rootdevice"


@dataclass(frozen=True, slots=True)
class Advertisement:
    """What SSDP tells of a device."""

    host: str
    uuid: str
    target: str
    location: str
    extra: dict[str, str] = field(default_factory=dict)
    server: str = "LAN-Edge/1.0 UPnP/1.1 emulator/1.0"
    port: int = PORT

    def usn(self, target: str) -> str:
        """Return the unique service name of a target."""
        return f"uuid:{self.uuid}::{target}"

    def notify(self, kind: str) -> bytes:
        """Return a NOTIFY, `ssdp:alive` or `ssdp:byebye`."""
        headers = {"HOST": f"{GROUP}:{self.port}", "NT": self.target, "NTS": kind}
        headers["USN"] = self.usn(self.target)
        if kind == "ssdp:alive":
            headers |= self._common()
        return _message("NOTIFY * HTTP/1.1", headers)

    def response(self, target: str) -> bytes:
        """Return the answer to a search for a target."""
        headers = {"ST": target, "USN": self.usn(target), "EXT": "", **self._common()}
        return _message("HTTP/1.1 200 OK", headers)

    def answers(self, datagram: bytes) -> list[bytes]:
        """Return the answers a datagram deserves; none if it is no search for us."""
        headers = parse_search(datagram)
        wanted = headers.get("st", "")
        if headers.get("man", "").strip('"') != "ssdp:discover":
            return []
        if wanted == "ssdp:all":
            return [self.response(self.target)]
        return [self.response(wanted)] if wanted in (self.target, ROOT) else []

    def _common(self) -> dict[str, str]:
        return {
            "CACHE-CONTROL": f"max-age={MAX_AGE}",
            "LOCATION": self.location,
            "SERVER": self.server,
            **self.extra,
        }


def parse_search(datagram: bytes) -> dict[str, str]:
    """Return an M-SEARCH's headers, names in lower case; empty if it is none."""
    first, *lines = datagram.decode("latin-1").splitlines() or [""]
    if not first.upper().startswith("M-SEARCH "):
        return {}
    split = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in split}


class SsdpAnnouncer:
    """Sends NOTIFYs and answers searches until told to stop."""

    def __init__(self, advertisement: Advertisement, repeat: float = REPEAT) -> None:
        self._advertisement = advertisement
        self._repeat = repeat
        self._sender: asyncio.DatagramTransport | None = None
        self._listener: asyncio.DatagramTransport | None = None
        self._notifying: asyncio.Task[None] | None = None

    async def announce(self) -> None:
        """Start listening, send the first alive, repeat it from then on."""
        loop = asyncio.get_running_loop()
        host = self._advertisement.host
        self._sender, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, sock=sending_socket(host)
        )
        self._listener, _ = await loop.create_datagram_endpoint(
            lambda: _Searches(self._answer), sock=listening_socket(host, self._advertisement.port)
        )
        self._notify("ssdp:alive")
        self._notifying = asyncio.create_task(self._keep_notifying())

    async def goodbye(self) -> None:
        """Send a byebye and stop."""
        self._notify("ssdp:byebye")
        await self.vanish()

    async def vanish(self) -> None:
        """Stop without a word."""
        if self._notifying:
            self._notifying.cancel()
            await asyncio.gather(self._notifying, return_exceptions=True)
        for transport in (self._listener, self._sender):
            if transport:
                transport.close()
        self._listener = self._sender = self._notifying = None
        await asyncio.sleep(0)

    async def _keep_notifying(self) -> None:
        while True:
            await asyncio.sleep(self._repeat)
            self._notify("ssdp:alive")

    def _notify(self, kind: str) -> None:
        if self._sender:
            told = self._advertisement.notify(kind)
            self._sender.sendto(told, (GROUP, self._advertisement.port))

    def _answer(self, datagram: bytes, asker: tuple[str, int]) -> None:
        for answer in self._advertisement.answers(datagram):
            if self._sender:
                self._sender.sendto(answer, asker)


class _Searches(asyncio.DatagramProtocol):
    def __init__(self, answer: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._answer = answer

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._answer(data, addr)


def sending_socket(host: str) -> socket.socket:
    """Return a UDP socket that multicasts from an address."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(host))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 2)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
    sock.bind((host, 0))
    sock.setblocking(False)
    return sock


def listening_socket(host: str, port: int = PORT, group: str = GROUP) -> socket.socket:
    """Return a UDP socket that hears a group on an address's interface."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    with contextlib.suppress(OSError):  # only Linux has it
        sock.setsockopt(socket.IPPROTO_IP, IP_MULTICAST_ALL, 0)
    sock.bind((group, port))
    member = socket.inet_aton(group) + socket.inet_aton(host)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    sock.setblocking(False)
    return sock


def _message(first: str, headers: dict[str, str]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()
