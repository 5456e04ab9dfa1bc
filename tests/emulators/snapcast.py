"""A Snapcast server with one player or more: JSON-RPC lines over TCP, found by mDNS.

Written from doc/json_rpc_api/control.md of github.com/badaix/snapcast and from what snapserver
0.26 says. Who sends a command gets the reply, only the others get the notification.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from copy import deepcopy
import json
from typing import Any, override

from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .listener import Peer
from .mdns import MdnsAnnouncer, Service

SERVICE_TYPE = "_snapcast-jsonrpc._tcp.local."
PLAYERS = tuple(f"02:00:00:00:00:{number:02}" for number in range(1, 10))
PLAYER, GROUP, STREAM = PLAYERS[0], "g1", "default"
MISSING = object()
"""Said of a field of a player: it is not there."""
INVALID, UNKNOWN, REFUSED = -32602, -32601, -32603

type Json = dict[str, Any]


class SnapcastEmulator(EmulatedDevice[Json]):
    """A server; its id is its host's name, its state its first player's `percent` and `muted`.

    Each player has a group of its own at first.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str = "music",  # noqa: A002 - its host's name
        name: str = "Snapcast",
        announce: bool = False,
        players: int = 1,
    ) -> None:
        super().__init__(host, port, id, name, announce=announce)
        self._state = {"percent": 50, "muted": False}
        self.volumes = {each: dict(self._state) for each in PLAYERS[1:players]}
        """The volumes of the other players."""
        self.groups = {f"g{number + 1}": [PLAYERS[number]] for number in range(players)}
        """The groups, with their players in order."""
        self.played = dict.fromkeys(self.groups, STREAM)
        """What each group plays; it need not be one of the `streams`."""
        self.streams = [STREAM]
        self.streams_told: Json = {}
        """What is told of each stream instead of what is true."""
        self.told: Json = {}
        """What is told of one player instead of what is true."""
        self.odd_player = PLAYER
        """Which one that is."""

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
        before, groups, played = self.state, deepcopy(self.groups), dict(self.played)
        told = self._outcome(str(message.get("method")), message.get("params"))
        self.deliver(peer, line({"id": message.get("id"), **told}))
        others = [each for each in self.peers if each is not peer]
        if self.state != before:
            self._tell(others)
        if self.groups != groups:
            self.update(others)
        elif self.played != played:
            self._tell_streams(others)

    def _outcome(self, method: str, params: Any) -> Json:
        if self.faults.refuses(method):
            return refused("Internal error")
        match method, params:
            case "Server.GetStatus", _:
                return {"result": self._status()}
            case "Client.SetVolume", {"id": str(client), "volume": dict(volume)}:
                return self._set_volume(client, volume)
            case "Group.SetStream", {"id": str(group), "stream_id": str(stream)}:
                return self._set_stream(group, stream)
            case "Group.SetClients", {"id": str(group), "clients": list(clients)}:
                return self._set_clients(group, clients)
            case _:
                return {"error": {"code": UNKNOWN, "message": "Method not found"}}

    def _set_volume(self, client: str, volume: State) -> Json:
        if client in self.volumes:
            self.volumes[client] |= volume
            return {"result": {"volume": self.volumes[client]}}
        if client != PLAYER:
            return refused("Client not found")
        return {"result": {"volume": self._set(volume)}}

    def _set_stream(self, group: str, stream: str) -> Json:
        if group not in self.groups or stream not in self.streams:
            return refused("Stream not found")
        if not (self.faults.ignore or self.faults.lie):
            self.played[group] = stream
        return {"result": {"stream_id": stream}}

    def _set_clients(self, group: str, clients: list[str]) -> Json:
        if group not in self.groups:
            return refused("Group not found")
        if not (self.faults.ignore or self.faults.lie):
            self._gather(group, clients)
        return {"result": self._status()}

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

    def play(self, group: str, stream: str) -> None:
        """Have a group play a stream, and tell all; it may be one that was not listed before."""
        self.played[group] = stream
        self._tell_streams(self.peers)

    def update(self, peers: Iterable[Peer] | None = None) -> None:
        """Tell all, or some, of everything."""
        for peer in self.peers if peers is None else peers:
            peer.send(line({"method": "Server.OnUpdate", "params": self._status()}))

    def _tell_streams(self, peers: Iterable[Peer]) -> None:
        for peer in peers:
            for group in self.groups:
                told = {"id": group, "stream_id": self.played[group]}
                peer.send(line({"method": "Group.OnStreamChanged", "params": told}))

    def update_stream(self, stream: str = STREAM) -> None:
        """Tell all of a stream."""
        params = {"id": stream, "stream": self._stream(stream)}
        for peer in self.peers:
            peer.send(line({"method": "Stream.OnUpdate", "params": params}))

    def _gather(self, group: str, clients: list[str]) -> None:
        """Have these clients in a group; whoever was in it before gets one of their own."""
        for left in [each for each in self.groups[group] if each not in clients]:
            own = f"g{max(int(each[1:]) for each in self.groups) + 1}"
            self.groups[own], self.played[own] = [left], self.played[group]
        stay = [each for each in self.groups[group] if each in clients]
        for others in self.groups.values():
            others[:] = [each for each in others if each not in clients]
        self.groups[group] = [*stay, *(each for each in clients if each not in stay)]
        self.groups = {name: players for name, players in self.groups.items() if players}

    def _client(self, player: str) -> Json:
        number = PLAYERS.index(player) + 1
        volume = self.state if player == PLAYER else self.volumes[player]
        name = "Player" if not self.volumes else f"Player {number}"
        client = {
            "id": player,
            "connected": True,
            "config": {"instance": 1, "latency": 0, "name": name, "volume": volume},
            "host": {"ip": "", "mac": player, "name": "player"},
        }
        if player == self.odd_player:
            client |= self.told
        return {name: value for name, value in client.items() if value is not MISSING}

    def _stream(self, stream: str) -> Json:
        uri = {"scheme": "pipe", "query": {"name": stream}}
        entry = {"id": stream, "status": "idle", "properties": {}, "uri": uri}
        return entry | self.streams_told

    def _status(self) -> Json:
        groups = [
            {
                "id": group,
                "name": "",
                "muted": False,
                "stream_id": self.played[group],
                "clients": [self._client(player) for player in players],
            }
            for group, players in self.groups.items()
        ]
        streams = [self._stream(stream) for stream in self.streams]
        about = {
            "host": {"ip": "", "mac": "", "name": self.identity},
            "snapserver": {"name": "Snapserver", "version": "0.26.0"},
        }
        return {"server": {"server": about, "groups": groups, "streams": streams}}


def refused(reason: str) -> Json:
    """Return what a server says that does not do what it is told."""
    return {"error": {"code": REFUSED, "message": reason}}


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
