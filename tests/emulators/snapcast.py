"""A Snapcast server with one player: JSON-RPC lines over TCP, found by mDNS.

Written from doc/json_rpc_api/control.md of github.com/badaix/snapcast and from what snapserver
0.26 says. Who sends a command gets the reply, only the others get the notification.
"""

import asyncio
from collections.abc import AsyncIterator
import json
from typing import Any, override

from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .listener import Peer
from .mdns import MdnsAnnouncer, Service

SERVICE_TYPE = "_snapcast-jsonrpc._tcp.local."
PLAYER, GROUP, STREAM = "02:00:00:00:00:01", "g1", "default"
INVALID, UNKNOWN, REFUSED = -32602, -32601, -32603

type Json = dict[str, Any]


class SnapcastEmulator(EmulatedDevice[Json]):
    """A server; its id is its host's name, its state the player's `percent` and `muted`."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str = "music",  # noqa: A002 - its host's name
        name: str = "Snapcast",
        announce: bool = False,
    ) -> None:
        super().__init__(host, port, id, name, announce=announce)
        self._state = {"percent": 50, "muted": False}

    @override
    def new_announcer(self) -> Announcer:
        told = Service(SERVICE_TYPE, self.name, self.host, self.port, {}, self.identity)
        return MdnsAnnouncer(told)

    @override
    def check(self, state: State) -> None:
        if unknown := set(state) - {"percent", "muted"}:
            raise ValueError(f"not a player's state: {unknown}")

    @override
    async def change(self, **state: Any) -> float:
        at = await super().change(**state)
        self._tell(self.peers)
        return at

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Json]:
        while True:
            try:
                line = await peer.reader.readuntil(b"\n")
            except asyncio.IncompleteReadError, asyncio.LimitOverrunError:
                return
            yield parsed(line)

    @override
    def received(self, message: Json) -> tuple[str, Any]:
        return str(message.get("method")), message.get("params")

    @override
    async def answer(self, peer: Peer, message: Json) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        before = self.state
        told = self._outcome(str(message.get("method")), message.get("params"))
        self.deliver(peer, line({"id": message.get("id"), **told}))
        if self.state != before:
            self._tell([each for each in self.peers if each is not peer])

    def _outcome(self, method: str, params: Any) -> Json:
        if self.faults.refuses(method):
            return {"error": {"code": REFUSED, "message": "Internal error"}}
        match method, params:
            case "Server.GetStatus", _:
                return {"result": self._status()}
            case "Client.SetVolume", {"id": str(client), "volume": dict(volume)}:
                if client != PLAYER:
                    return {"error": {"code": REFUSED, "message": "Client not found"}}
                return {"result": {"volume": self._set(volume)}}
            case _:
                return {"error": {"code": UNKNOWN, "message": "Method not found"}}

    def _set(self, wanted: State) -> State:
        if self.faults.ignore:
            return self.state
        if self.faults.lie:
            return self.state | wanted
        self.check(wanted)
        self.apply(wanted)
        return self.state

    def _tell(self, peers: list[Peer]) -> None:
        params = {"id": PLAYER, "volume": self.state}
        for peer in peers:
            peer.send(line({"method": "Client.OnVolumeChanged", "params": params}))

    def _status(self) -> Json:
        client = {
            "id": PLAYER,
            "connected": True,
            "config": {"instance": 1, "latency": 0, "name": "Player", "volume": self.state},
            "host": {"ip": "", "mac": PLAYER, "name": "player"},
        }
        group = {"id": GROUP, "name": "", "muted": False, "stream_id": STREAM, "clients": [client]}
        source = {"scheme": "pipe", "query": {"name": STREAM}}
        stream = {"id": STREAM, "status": "idle", "properties": {}, "uri": source}
        about = {
            "host": {"ip": "", "mac": "", "name": self.identity},
            "snapserver": {"name": "Snapserver", "version": "0.26.0"},
        }
        return {"server": {"server": about, "groups": [group], "streams": [stream]}}


def parsed(data: bytes) -> Json:
    """Return what a line says; nothing where it is no request."""
    try:
        message = json.loads(data)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def line(message: Json) -> bytes:
    """Return a message as it is sent."""
    return json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\r\n"
