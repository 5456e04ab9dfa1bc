"""A Govee light, as the maker's guide has it: https://app-h5.govee.com/user-manual/wlan-guide.

It receives scans at a multicast group and at its own address (port 4001), takes commands at port
4003, and answers to port 4002 of the sender. Some answer the whole group instead. Commands have no
answer, and nothing is reported unless it is asked for.
"""

import asyncio
from collections.abc import Collection
import json
import socket
from typing import Any, Literal, Self, override

from tests.clock import now

from .faults import Faults
from .overload import Overload
from .wiz import Request

GROUP = "239.255.255.250"
SCAN_PORT, ANSWER_PORT, PORT = 4001, 4002, 4003


class GoveeEmulator:
    """One light; an async context manager. Its state is `on`, and what `devStatus` has."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        *,
        scan_port: int = SCAN_PORT,
        answer_port: int = ANSWER_PORT,
        port: int = PORT,
        id: str = "1F:80:C5:32:32:36:72:4E",  # noqa: A002 - the protocol's word
        by_group: bool = True,
    ) -> None:
        self.host = host
        self.port = port
        self.id = id
        self.sku = "H6072"
        self.name = "Govee H6072"
        self.faults = Faults()
        self.light: dict[str, Any] = {
            "onOff": 0,
            "brightness": 100,
            "color": {"r": 255, "g": 0, "b": 0},
            "colorTemInKelvin": 0,
        }
        self.lacks: Collection[str] = ()
        """The fields that its `devStatus` does not have."""
        self.lost = 0
        """So many of the next datagrams to it get lost."""
        self.stale = 0
        """So many of the next answers still have the state of before."""
        self.answers_group = False
        self.overload = Overload()
        self.warmest = 0
        """The least colour temperature; a request for less is ignored without a word."""
        self.log: list[Request] = []
        self._before = dict(self.light)
        self._by_group = by_group
        self._scan_port = scan_port
        self._answer_port = answer_port
        self._open: list[asyncio.DatagramTransport] = []

    @property
    def state(self) -> dict[str, Any]:
        """The state in the contract's words, and in the light's own."""
        return {"on": bool(self.light["onOff"]), **self.light}

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    async def up(self) -> None:
        """Be there, again."""
        await self._listen("0.0.0.0" if self._by_group else self.host, self._scan_port)
        await self._listen(self.host, self.port)

    async def down(self) -> None:
        """Be gone without a word."""
        for transport in self._open:
            transport.abort()
        self._open.clear()
        await asyncio.sleep(0)

    async def restart(self, down: float = 0.0) -> None:
        """Lose its power for so many seconds."""
        await self.down()
        await asyncio.sleep(down)
        await self.up()

    async def move(self, host: str, *, old: Literal["silent", "closed"] = "silent") -> None:
        """Go on at another address; nobody answers at the old one."""
        del old
        await self.down()
        self.host = host
        await self.up()

    async def change(self, *, on: bool | None = None, **light: Any) -> float:
        """Change the state at the light itself; return when."""
        self.light |= light if on is None else {"onOff": int(on), **light}
        return now()

    async def _listen(self, host: str, port: int) -> None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        own = socket.inet_aton(self.host)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own)
        sock.bind((host, port))
        if port == self._scan_port and self._by_group:
            membership = socket.inet_aton(GROUP) + own
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Ear(self), sock=sock)
        self._open.append(transport)

    def take(self, data: bytes, sender: str) -> None:
        """Do what a message says, and answer it."""
        message = json.loads(data)["msg"]
        command, data_of = message["cmd"], message["data"]
        self.log.append(Request(now(), command, data_of))
        if self.lost:
            self.lost -= 1
            return
        if self.faults.silent or self.overload.is_away():
            return
        match command:
            case "scan":
                self._say("scan", self._info(), GROUP if self.answers_group else sender)
            case "devStatus":
                self._say("devStatus", self._status(), sender)
            case _ if not self.faults.lie:
                self._before = dict(self.light)
                self.light |= self._changed(command, data_of)

    def _changed(self, command: str, data: dict[str, Any]) -> dict[str, Any]:
        match command, data:
            case "turn", {"value": 0 | 1 as value}:
                return {"onOff": value}
            case "brightness", {"value": int(value)} if 1 <= value <= 100:
                return {"brightness": value}
            case "colorwc", {"color": dict(color), "colorTemInKelvin": 0}:
                return {"color": color, "colorTemInKelvin": 0}
            case "colorwc", {"colorTemInKelvin": int(kelvins)} if kelvins >= self.warmest:
                return {"color": {"r": 255, "g": 255, "b": 255}, "colorTemInKelvin": kelvins}
        return {}

    def _info(self) -> dict[str, Any]:
        own_id = self.faults.impostor or self.id
        versions = {"wifiVersionHard": "1.00.10", "wifiVersionSoft": "1.02.03"}
        return {"ip": self.host, "device": own_id, "sku": self.sku, **versions}

    def _status(self) -> dict[str, Any]:
        light = self.light
        if self.stale:
            self.stale -= 1
            light = self._before
        return {name: value for name, value in light.items() if name not in self.lacks}

    def _say(self, command: str, data: dict[str, Any], to: str) -> None:
        answer: bytes | None = json.dumps({"msg": {"cmd": command, "data": data}}).encode()
        assert answer is not None
        if self.faults.rewrite is not None:
            answer = self.faults.rewrite(command, answer)
        if answer is None:
            return
        place = (to, self._answer_port)
        if late := self.faults.late_answers.get(command):
            loop = asyncio.get_running_loop()
            loop.call_later(late, self._send, answer, place)
        else:
            self._send(answer, place)

    def _send(self, answer: bytes, place: tuple[str, int]) -> None:
        if self._open:
            self._open[-1].sendto(answer, place)


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, light: GoveeEmulator) -> None:
        self._light = light

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._light.take(data, str(addr[0]))
