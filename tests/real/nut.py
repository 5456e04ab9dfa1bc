"""Network UPS Tools as they are: Debian's upsd, and its driver for a UPS that is a file."""

import asyncio
import os
from pathlib import Path
from typing import Self

from .process import Process

UPSD = "/lib/nut/upsd"
DUMMY = "/lib/nut/dummy-ups"
VALUES = {
    "ups.mfr": "Dummy & Sons",
    "ups.model": "DP-700",
    "ups.serial": "NUT-4711",
    "ups.firmware": "1.2",
    "ups.status": "OL CHRG",
    "ups.load": "23.5",
    "battery.charge": "88",
}


class NutServer:
    """A server with one UPS; an async context manager. Its values are in `values`."""

    def __init__(self, folder: Path, host: str, port: int = 3493) -> None:
        self.folder = folder
        self.host = host
        self.port = port
        self.values = dict(VALUES)
        self._starts = 0

    @staticmethod
    def missing() -> str:
        """Say which of the programs are not there; empty: they all are."""
        return ", ".join(p for p in (UPSD, DUMMY) if not os.access(p, os.X_OK))

    async def __aenter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        files = {
            "nut.conf": "MODE=netserver\n",
            "ups.conf": f"[office]\ndriver = dummy-ups\nport = {self.folder}/office.dev\n",
            "upsd.conf": f"LISTEN {self.host} {self.port}\n",
            "upsd.users": "",
        }
        for name, text in files.items():
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o600)
        self._write()
        self._environment = dict.fromkeys(("NUT_CONFPATH", "NUT_STATEPATH"), str(self.folder))
        self._driver = self._process("driver", DUMMY, "-a", "office", "-u", "root", "-F")
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        await self._driver.stop()

    async def start(self) -> None:
        """Start the server, and wait until it has the values of the UPS."""
        self._starts += 1
        self._server = self._process(f"server{self._starts}", UPSD, "-u", "root", "-F")
        async with asyncio.timeout(20):
            while not (await self._asked("GET VAR office device.serial")).startswith("VAR "):
                self._driver.check()
                self._server.check()
                await asyncio.sleep(0.05)

    async def _asked(self, line: str) -> str:
        try:
            reader, writer = await asyncio.open_connection(self.host, self.port)
        except OSError:
            return ""
        writer.write(f"{line}\n".encode())
        try:
            return (await reader.readline()).decode()
        finally:
            writer.close()

    def _process(self, name: str, *command: str) -> Process:
        log = self.folder / f"{name}.log"
        return Process(*command, log=log, environment=self._environment)

    async def stop(self) -> None:
        """End the server; the UPS stays."""
        await self._server.stop()

    def change(self, **values: str) -> None:
        """Change values of the UPS: `ups_load="40"`."""
        self.values |= {name.replace("_", "."): value for name, value in values.items()}
        self._write()

    def _write(self) -> None:
        lines = (f"{name}: {value}\n" for name, value in self.values.items())
        (self.folder / "office.dev").write_text("".join(lines))
