"""MPD as it is: Debian's mpd, which plays to nowhere."""

import asyncio
from pathlib import Path
from typing import Self
import wave

from .process import Process

CONFIG = """
bind_to_address "{host}"
port "{port}"
music_directory "{folder}"
db_file "{folder}/database"
state_file "{folder}/state"
auto_update "no"
zeroconf_enabled "no"
audio_output {{
  type "null"
  name "nowhere"
  mixer_type "software"
}}
"""
RATE = 8000
SECONDS = 30


class Mpd:
    """A music player with three songs of silence; an async context manager."""

    def __init__(self, folder: Path, host: str, port: int = 6600) -> None:
        self.host = host
        self.port = port
        self.folder = folder
        self._starts = 0

    async def __aenter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        for number in (1, 2, 3):
            with wave.open(str(self.folder / f"song{number}.wav"), "wb") as song:
                song.setparams((1, 2, RATE, 0, "NONE", ""))
                song.writeframes(bytes(2 * RATE * SECONDS))
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start it and wait until it answers."""
        config = self.folder / "mpd.conf"
        config.write_text(CONFIG.format(**vars(self)))
        self._starts += 1
        log = self.folder / f"mpd{self._starts}.log"
        self.process = Process("mpd", "--no-daemon", "--stderr", str(config), log=log)
        async with asyncio.timeout(20):
            while not await self._listens():
                self.process.check()

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection(self.host, self.port)
        except OSError:
            await asyncio.sleep(0.05)
            return False
        writer.close()
        return True

    async def stop(self) -> None:
        """End it."""
        await self.process.stop()

    async def ask(self, *lines: str) -> list[str]:
        """Ask on a connection of its own; return the lines of the last reply."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            await reader.readline()
            reply = list[str]()
            for line in lines:
                writer.write(f"{line}\n".encode())
                reply = []
                while (answer := (await reader.readline()).decode().strip()) != "OK":
                    if not answer or answer.startswith("ACK"):
                        raise RuntimeError(f"{line}: {answer}")
                    reply.append(answer)
        finally:
            writer.close()
        return reply

    async def status(self, name: str) -> str:
        """Return a value of its status."""
        values = dict(line.split(": ", 1) for line in await self.ask("status"))
        return values.get(name, "")

    async def fill(self) -> None:
        """Find the songs, and queue them."""
        await self.ask("update")
        async with asyncio.timeout(20):
            while await self.status("updating_db"):  # noqa: ASYNC110  # nothing tells of it
                await asyncio.sleep(0.05)
        await self.ask("clear", *(f'add "song{number}.wav"' for number in (1, 2, 3)))
