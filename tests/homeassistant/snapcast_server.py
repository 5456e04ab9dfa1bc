"""A snapserver 0.26 with two players: its recorded status, with names and ids shortened."""

from contextlib import suppress
import json
from typing import Any

from tests.edge.peers import TcpPeer, Wire


def client(name: str, mac: str) -> dict[str, Any]:
    return {
        "config": {
            "instance": 1,
            "latency": 0,
            "name": name,
            "volume": {"muted": False, "percent": 40},
        },
        "connected": True,
        "host": {"arch": "x86_64", "ip": "127.0.0.1", "mac": mac, "name": "box", "os": "Debian"},
        "id": mac,
        "lastSeen": {"sec": 1795340347, "usec": 468282},
        "snapclient": {"name": "Snapclient", "protocolVersion": 2, "version": "0.26.0"},
    }


def stream(name: str, **properties: Any) -> dict[str, Any]:
    return {"id": name, "properties": properties, "status": "idle", "uri": {"scheme": "pipe"}}


CONTROLLED = {
    **dict.fromkeys(("canControl", "canGoNext", "canPause", "canPlay"), True),
    "canGoPrevious": False,
    "canSeek": False,
    "playbackStatus": "stopped",
}
KITCHEN = client("Kitchen", "02:00:00:00:00:01")
HALL = client("Hall", "02:00:00:00:00:02")
STATUS = {
    "server": {
        "groups": [
            {"clients": [KITCHEN], "id": "g1", "muted": False, "name": "", "stream_id": "Radio"},
            {"clients": [HALL], "id": "g2", "muted": False, "name": "", "stream_id": "default"},
        ],
        "server": {
            "host": {"arch": "x86_64", "ip": "", "mac": "", "name": "music", "os": "Debian"},
            "snapserver": {
                "controlProtocolVersion": 1,
                "name": "Snapserver",
                "protocolVersion": 1,
                "version": "0.26.0",
            },
        },
        "streams": [stream("default", canControl=False), stream("Radio", **CONTROLLED)],
    }
}


class SnapcastServer(TcpPeer):
    """The server; it answers only questions for its status."""

    name = "Music"

    def __init__(self) -> None:
        super().__init__(self._talk)

    async def _talk(self, wire: Wire) -> None:
        with suppress(ConnectionError):
            while line := await wire.reader.readline():
                request = json.loads(line)
                assert request["method"] == "Server.GetStatus"
                reply = {"id": request["id"], "jsonrpc": "2.0", "result": STATUS}
                await wire.send(json.dumps(reply).encode() + b"\r\n")
