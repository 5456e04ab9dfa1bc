"""Snapcast as it is: snapserver, snapclient and their control connection, which are Debian's."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
import json
import os
from pathlib import Path
import shutil
import signal
import sys
from typing import Any, Self

from .process import Process

NO_BUS = "unix:path=/nonexistent"
"""No avahi is asked to announce on this machine's own network."""

CONFIG = """
[server]
datadir = {folder}
[http]
enabled = false
[tcp]
port = {control}
bind_to_address = {host}
[stream]
port = {audio}
bind_to_address = {host}
source = pipe://{folder}/default?name=default&mode=read
source = pipe://{folder}/radio?name=Radio&mode=read&controlscript={folder}/player
[logging]
sink = stdout
"""

PLAYER = '''#!{python}
"""A player as a plug-in of a stream: doc/json_rpc_api/stream_plugin.md."""
import json
import sys

AFTER = {{"play": "playing", "pause": "paused", "stop": "stopped"}}
state = dict.fromkeys(["canControl", "canPlay", "canPause", "canGoNext"], True)
state |= {{"canGoPrevious": False, "canSeek": False, "playbackStatus": "stopped"}}


def say(**message):
    print(json.dumps({{"jsonrpc": "2.0", **message}}), flush=True)


say(method="Plugin.Stream.Ready")
for line in sys.stdin:
    asked = json.loads(line)
    method = asked["method"].rpartition(".")[2]
    say(id=asked["id"], result=state if method == "GetProperties" else "ok")
    if method == "Control":
        state["playbackStatus"] = AFTER.get(asked["params"]["command"], "playing")
        say(method="Plugin.Stream.Player.Properties", params=state)
'''


def missing(*programs: str) -> str:
    """Say which programs are not there; empty: they all are."""
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    return ", ".join(p for p in programs if not shutil.which(p, path=path))


class SnapServer:
    """A server; an async context manager. What it keeps survives `stop` and `start`."""

    def __init__(
        self,
        folder: Path,
        host: str,
        *,
        control: int = 1705,
        audio: int = 1704,
        via: tuple[str, ...] = (),
        bus: str = NO_BUS,
    ) -> None:
        self.host = host
        self.control = control
        self.audio = audio
        self.folder = folder
        self._via = (*via, "env", f"DBUS_SYSTEM_BUS_ADDRESS={bus}")
        self._starts = 0

    async def __aenter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("default", "radio"):
            os.mkfifo(self.folder / name)
        player = self.folder / "player"
        player.write_text(PLAYER.format(python=sys.executable))
        player.chmod(0o700)
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start it and wait until it listens."""
        config = self.folder / "snapserver.conf"
        config.write_text(CONFIG.format(**vars(self)))
        self._starts += 1
        log = self.folder / f"server{self._starts}.log"
        self.process = Process(*self._via, "snapserver", "-c", str(config), log=log)
        await self.process.printed("Number of threads")

    async def stop(self) -> None:
        """End it, frozen or not; it keeps what it knows of its players."""
        self.thaw()
        await self.process.stop()

    def freeze(self) -> None:
        """Have it answer nothing, its connections kept."""
        self.process.send_signal(signal.SIGSTOP)
        # it stands still only after some milliseconds, in which it would answer
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)

    def thaw(self) -> None:
        """Have it go on."""
        self.process.send_signal(signal.SIGCONT)

    async def feed(self, stream: str, seconds: float) -> None:
        """Give a stream silence to play."""
        pipe = os.open(self.folder / stream, os.O_RDWR | os.O_NONBLOCK)
        try:
            for _ in range(round(seconds / 0.02)):
                with suppress(BlockingIOError):
                    os.write(pipe, bytes(3840))
                await asyncio.sleep(0.02)
        finally:
            os.close(pipe)

    @asynccontextmanager
    async def client(self, its_id: str) -> AsyncGenerator[Process]:
        """Run a player, connected for the length of a block."""
        sound = ("--player", "file:filename=null", "--mixer", "software")
        whom = ("-h", self.host, "-p", str(self.audio), "--hostID", its_id)
        log = self.folder / f"client-{its_id}.log"
        process = Process(*self._via, "snapclient", *whom, *sound, log=log)
        try:
            yield process
        finally:
            await process.stop()

    async def ask(self, method: str, **params: Any) -> Any:
        """Ask on a control connection of its own; return the result."""
        reader, writer = await asyncio.open_connection(self.host, self.control, limit=1 << 20)
        try:
            request = {"id": 1, "jsonrpc": "2.0", "method": method, "params": params}
            writer.write(json.dumps(request).encode() + b"\n")
            while (answer := json.loads(await reader.readuntil())).get("id") != 1:
                pass
        finally:
            writer.close()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    async def volume(self, its_id: str) -> dict[str, Any]:
        """Return a player's volume as the server has it."""
        told = await self.ask("Client.GetStatus", id=its_id)
        volume: dict[str, Any] = told["client"]["config"]["volume"]
        return volume

    async def group_of(self, its_id: str) -> dict[str, Any]:
        """Return the group that a player is in."""
        status = await self.ask("Server.GetStatus")
        groups: list[dict[str, Any]] = status["server"]["groups"]
        return next(g for g in groups if its_id in [c["id"] for c in g["clients"]])
