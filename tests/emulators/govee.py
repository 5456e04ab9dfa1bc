"""A Govee light, as the maker's guide has it: https://app-h5.govee.com/user-manual/wlan-guide.

It hears questions at a multicast group (port 4001), takes commands at port 4003, and answers to
port 4002 of who asked. Some answer the whole group instead.
"""

import asyncio
import json
import socket
from typing import Any, Self, override

GROUP = "239.255.255.250"
SCAN_PORT, ANSWER_PORT, PORT = 4001, 4002, 4003


class GoveeEmulator:
    """One light; an async context manager."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        *,
        scan_port: int = SCAN_PORT,
        answer_port: int = ANSWER_PORT,
        port: int = PORT,
        id: str = "1F:80:C5:32:32:36:72:4E",  # noqa: A002 - the protocol's word
    ) -> None:
        self.host = host
        self.port = port
        self.id = id
        self.state = {"onOff": 0, "brightness": 100}
        self.answers_group = False
        self.log: list[str] = []
        self._scan_port = scan_port
        self._answer_port = answer_port
        self._open: list[asyncio.DatagramTransport] = []

    async def __aenter__(self) -> Self:
        await self._listen("0.0.0.0", self._scan_port)
        await self._listen(self.host, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        for transport in self._open:
            transport.abort()
        await asyncio.sleep(0)

    async def _listen(self, host: str, port: int) -> None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        own = socket.inet_aton(self.host)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own)
        sock.bind((host, port))
        if port == self._scan_port:
            membership = socket.inet_aton(GROUP) + own
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Ear(self), sock=sock)
        self._open.append(transport)

    def take(self, data: bytes, sender: str) -> None:
        """Do what a message says, and answer it."""
        message = json.loads(data)["msg"]
        command, data_of = message["cmd"], message["data"]
        self.log.append(command)
        match command:
            case "scan":
                info = {"ip": self.host, "device": self.id, "sku": "H6072"}
                self._say("scan", info, GROUP if self.answers_group else sender)
            case "devStatus":
                self._say("devStatus", self.state, sender)
            case "turn":
                self.state["onOff"] = data_of["value"]
            case "brightness":
                self.state["brightness"] = data_of["value"]

    def _say(self, command: str, data: dict[str, Any], to: str) -> None:
        message = {"msg": {"cmd": command, "data": data}}
        self._open[1].sendto(json.dumps(message).encode(), (to, self._answer_port))


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, light: GoveeEmulator) -> None:
        self._light = light

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._light.take(data, str(addr[0]))
