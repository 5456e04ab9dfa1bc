"""A dimmable bulb: JSON lines over TCP, every change pushed; found by SSDP."""

import argparse
import asyncio
from collections.abc import AsyncIterator
import math
from typing import Any, override
from uuid import uuid4
from xml.sax.saxutils import escape

from .command_line import parser, run
from .device import Announcer, State
from .faults import seconds
from .http_messages import Answer, Request, requests
from .json_calls import Call, CallError, JsonCallEmulator, read_object
from .listener import Listener, Peer
from .ssdp import REPEAT, Advertisement, SsdpAnnouncer

TARGET = "urn:lan-edge-org:device:JsonBulb:1"
MODEL = "JB-1"
FIRMWARE = "1.0.2"
MAX_LEVEL = 100

PARSE_ERROR = -32700
UNKNOWN_METHOD = -32601
BAD_PARAMS = -32602
REFUSED = -32000


class JsonBulbEmulator(JsonCallEmulator):
    """A bulb; its state is `{"on": bool, "level": 1..100}`."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str | None = None,  # noqa: A002 - the protocol's word
        name: str = "Demo bulb",
        announce: bool = False,
    ) -> None:
        super().__init__(host, port, id or str(uuid4()), name, announce=announce)
        self.description_port = 0
        """Port of the UPnP description; 0 becomes the one the system chooses."""
        self.notify_every = REPEAT
        """Seconds between two ssdp:alive; read when announcing starts."""
        self._state = {"on": False, "level": MAX_LEVEL}
        self._description: Listener | None = None

    @property
    def location(self) -> str:
        """The URL of the UPnP description."""
        return f"http://{self.host}:{self.description_port}/bulb.xml"

    @override
    async def up(self) -> None:
        await self._close_description()
        description = Listener(
            self.host, self.description_port, self._serve_description, self.faults
        )
        await description.open()
        self.description_port = description.port
        self._description = description
        await super().up()

    @override
    async def down(self) -> None:
        await super().down()
        await self._close_description()

    @override
    async def stop(self) -> None:
        await super().stop()
        await self._close_description()

    @override
    def new_announcer(self) -> Announcer:
        extra = {"X-Port": str(self.port)}
        told = Advertisement(self.host, self.identity, TARGET, self.location, extra)
        return SsdpAnnouncer(told, self.notify_every)

    @override
    def check(self, state: State) -> None:
        if unknown := set(state) - {"on", "level"}:
            msg = f"unknown: {', '.join(sorted(unknown))}"
            raise ValueError(msg)
        if not isinstance(state.get("on", True), bool) or not _is_level(state.get("level", 1)):
            msg = "on is true or false, level is 1 to 100"
            raise ValueError(msg)

    @override
    def apply(self, state: State) -> None:
        before = self.state
        super().apply(state)
        if self.state != before:
            push = self.encode({"method": "state", "params": self.state})
            for peer in self.peers:
                peer.send(push)

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Call]:
        while True:
            try:
                line = await peer.reader.readuntil(b"\n")
            except asyncio.IncompleteReadError:
                return
            except asyncio.LimitOverrunError:
                yield Call(raw="line too long")
                return
            yield parse(line)

    @override
    def _outcome(self, call: Call) -> tuple[Any, State]:
        if self.faults.refuses(call.method):
            raise CallError(REFUSED, "refused")
        match call.method:
            case "":
                raise CallError(PARSE_ERROR, "not a request")
            case "info":
                return self._info(), {}
            case "get":
                return self.state, {}
            case "set":
                return self._set(call.params)
        raise CallError(UNKNOWN_METHOD, f"unknown method: {call.method}")

    def _info(self) -> State:
        return {
            "id": self.identity,
            "model": MODEL,
            "firmware": FIRMWARE,
            "name": self.name,
        }

    def _set(self, params: Any) -> tuple[State, State]:
        wanted = self._wanted(params)
        if self.faults.ignore:
            return self.state, {}
        return self.state | wanted, {} if self.faults.lie else wanted

    def _wanted(self, params: Any) -> State:
        if not isinstance(params, dict):
            raise CallError(BAD_PARAMS, "params is an object")
        wanted = dict(params)
        _check_fade(wanted.pop("fade", 0))
        try:
            self.check(wanted)
        except ValueError as error:
            raise CallError(BAD_PARAMS, str(error)) from None
        if not wanted:
            raise CallError(BAD_PARAMS, "on or level is missing")
        return {"on": True, **wanted}

    async def _close_description(self) -> None:
        if self._description:
            await self._description.close()

    async def _serve_description(self, peer: Peer) -> None:
        async for request in requests(peer.reader):
            await asyncio.sleep(seconds(self.faults.slow))
            answer = self._describe(request)
            peer.send(answer.encode(keep_alive=request.keep_alive))

    def _describe(self, request: Request) -> Answer:
        if instead := self.faults.override:
            return Answer(instead.status, instead.body, instead.headers)
        if request.error or request.path != "/bulb.xml":
            return Answer(request.error or 404)
        if request.method != "GET":
            return Answer(405, headers={"Allow": "GET"})
        text = DESCRIPTION.format(
            name=escape(self.name),
            uuid=escape(self.identity),
            serial=f"JB1-{escape(self.identity[:8])}",
        )
        headers = {"Content-Type": 'text/xml; charset="utf-8"'}
        return Answer(body=text.encode(), headers=headers)


DESCRIPTION = f"""<?xml version="1.0" encoding="utf-8"?>
<root xmlns="urn:schemas-upnp-org:device-1-0">
  <specVersion><major>1</major><minor>0</minor></specVersion>
  <device>
    <deviceType>{TARGET}</deviceType>
    <friendlyName>{{name}}</friendlyName>
    <manufacturer>LAN Edge</manufacturer>
    <modelName>{MODEL}</modelName>
    <serialNumber>{{serial}}</serialNumber>
    <UDN>uuid:{{uuid}}</UDN>
  </device>
</root>
"""


def parse(line: bytes) -> Call:
    """Read a line; one that is no request becomes a Call without a method."""
    raw = line.decode(errors="replace").rstrip("\n")
    if (message := read_object(line)) is None:
        return Call(raw=raw)
    method = message.get("method")
    if not isinstance(method, str) or "id" not in message:
        return Call(id=message.get("id"), raw=raw)
    return Call(message["id"], method, message.get("params", {}), raw)


def _is_level(value: Any) -> bool:
    return type(value) is int and 1 <= value <= MAX_LEVEL


def _check_fade(fade: Any) -> None:
    if isinstance(fade, bool) or not isinstance(fade, int | float):
        raise CallError(BAD_PARAMS, "fade is a number of seconds")
    if not 0 <= fade < math.inf:
        raise CallError(BAD_PARAMS, "fade is 0 or more")


def from_options(options: argparse.Namespace) -> JsonBulbEmulator:
    """Make the bulb that the command line asks for."""
    bulb = JsonBulbEmulator(
        options.host,
        options.port,
        id=options.id,
        name=options.name,
        announce=options.announce,
    )
    bulb.description_port = options.description_port
    return bulb


if __name__ == "__main__":
    words = parser(__doc__, port=5577, name="Demo bulb")
    words.add_argument("--description-port", type=int, default=0)
    given = words.parse_args()
    asyncio.run(run(from_options(given), given))
