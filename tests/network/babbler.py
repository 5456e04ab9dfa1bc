"""Devices that say far too much at once, as a program: python -m tests.network.babbler HOST

Each line that it reads has one of them babble: KIND SECONDS. When that is over, it prints what it
was as JSON. It ends when there is nothing more to read.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from itertools import count
import json
import sys
import time
from typing import Any

from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.snapcast import SnapcastEmulator, line
from tests.emulators.wemo import BASIC, WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.tcp import Connection, Server

from .chaos.lamps import SseLamp, WsLamp

MESSAGES = 20_000
"""How many are sent in one piece, over TCP."""
DATAGRAMS, AT_A_TIME = 5000, 100
PLAYERS = 200
"""How many new ones a Snapcast server names in a message."""
PAUSE = 0.05
"""Seconds between two of its messages."""
DEEP = 9000
"""How deeply XML is nested: as much as an event may have."""
PORTS = {
    "lines": 4999,
    "json": 5577,
    "events": 8090,
    "websocket": 8091,
    "udp": 38899,
    "xml": 49153,
    "players": 1705,
}

type Babble = Callable[[int], Awaitable[int]]
"""Says a lot, at a level in percent; returns how many messages that was."""


class Amplifier(Server[Connection]):
    """Lines over TCP, as docs/examples/amplifier.py has them."""

    def __init__(self, host: str) -> None:
        super().__init__(Connection, self._answer, host, PORTS["lines"])

    async def _answer(self, connection: Connection) -> None:
        async for asked in connection.lines(b"\r\n"):
            connection.write(b"BABBLER\r\n" if asked.startswith(b"SERIAL") else b"VOLUME 1\r\n")


def in_one_piece(peers: Callable[[], Iterable[Connection]], say: Callable[[int], bytes]) -> Babble:
    """Return what writes a piece to everybody, as soon as there is room for it."""

    async def babble(level: int) -> int:
        piece = say(level)
        for peer in list(peers()):
            peer.write(piece)
            await peer.drain()
        return MESSAGES

    return babble


def text_lines(level: int) -> bytes:
    """Return an amplifier's."""
    return b"*VOLUME %d\r\n" % level * MESSAGES


def json_lines(level: int) -> bytes:
    """Return a bulb's."""
    return b'{"method":"state","params":{"on":true,"level":%d}}\n' % level * MESSAGES


def events(level: int) -> bytes:
    """Return an event stream's."""
    last = b'event: lamp\ndata: {"on":true,"level":%d}\n\n' % level
    return b"data:x\n\n" * (MESSAGES - 1) + last


def frames(level: int) -> bytes:
    """Return a WebSocket's."""
    last = b'{"on":true,"level":%d}' % level
    return b"\x81\x02{}" * (MESSAGES - 1) + bytes([0x81, len(last)]) + last


def datagrams(light: WizEmulator) -> Babble:
    """Return a light's pushes, as fast as it can."""

    async def babble(level: int) -> int:
        for _ in range(DATAGRAMS // AT_A_TIME):
            for _ in range(AT_A_TIME):
                light.push(state=True, dimming=level)
            await asyncio.sleep(0)
        return DATAGRAMS

    return babble


def nested(wemo: WemoEmulator) -> Babble:
    """Return a WeMo's events, one after the other."""
    body = b"<e:propertyset xmlns:e='urn:e'><e:property>" + b"<a>" * DEEP + b"</a>" * DEEP

    async def babble(_level: int) -> int:
        wemo.publisher.instead = body + b"</e:property></e:propertyset>"
        await wemo.publisher.notify(wemo.host, BASIC, {})
        wemo.publisher.instead = None
        return 1

    return babble


class Music(SnapcastEmulator):
    """A Snapcast server that has other players in each message."""

    _numbers = count()

    async def babble(self, _level: int) -> int:
        """Name new players."""
        told = self._status()
        players = told["server"]["groups"][0]["clients"]
        names = [f"new-{next(self._numbers)}" for _ in range(PLAYERS)]
        players += [{**players[0], "id": name} for name in names]
        for peer in self.peers:
            peer.send(line({"method": "Server.OnUpdate", "params": told}))
        await asyncio.sleep(PAUSE)
        return 1


async def babblers(host: str, stack: AsyncExitStack) -> dict[str, Babble]:
    """Start all of them; return how each babbles."""
    amplifier = Amplifier(host)
    await amplifier.open()
    stack.push_async_callback(amplifier.close)
    enter = stack.enter_async_context
    bulb = await enter(JsonBulbEmulator(host, PORTS["json"], name="Bulb"))
    stream = await enter(SseLamp(host, PORTS["events"], id="events", name="Events"))
    websocket = await enter(WsLamp(host, PORTS["websocket"], id="websocket", name="WebSocket"))
    light = WizEmulator(host=host, port=PORTS["udp"])
    light.id = "a8bb500102ff"
    await enter(light)
    wemo = await enter(WemoEmulator(host, PORTS["xml"], id="B1", name="Babbler"))
    music = await enter(Music(host, PORTS["players"], id="players"))
    return {
        "lines": in_one_piece(lambda: amplifier.connections, text_lines),
        "json": in_one_piece(lambda: bulb.peers, json_lines),
        "events": in_one_piece(lambda: stream.watchers, events),
        "websocket": in_one_piece(lambda: websocket.watchers, frames),
        "udp": datagrams(light),
        "xml": nested(wemo),
        "players": music.babble,
    }


async def babbled(babble: Babble, seconds: float) -> dict[str, Any]:
    """Babble for a while; return what it was."""
    end, sent, level = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        level = level % 100 + 1
        sent += await babble(level)
    return {"sent": sent, "level": level}


def tell(what: object) -> None:
    """Print a line of JSON."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def main(host: str) -> None:
    """Babble as it is told to."""
    async with AsyncExitStack() as stack:
        ways = await babblers(host, stack)
        tell("ready")
        while words := (await asyncio.to_thread(sys.stdin.readline)).split():
            tell(await babbled(ways[words[0]], float(words[1])))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
