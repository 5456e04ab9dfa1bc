"""Devices of the local families as other projects play them, each on a host of its own."""

from abc import ABC, abstractmethod
import ast
import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re
from typing import Any, override

from tuyamock import MockDevice

from tests.drivers import miio_simulator
from tests.real.process import Process

from .family import EVERYBODY, TUYA_PORT

DARK = 20.0
"""Seconds: longer than until it is noticed that nothing is answered."""
WAITING = """
import builtins, runpy, sys, threading
builtins.input = lambda *_: threading.Event().wait()  # there is nobody who would press a key
runpy.run_path(sys.argv.pop(1), run_name="__main__")
"""
MIIO_CLIENT = f"""
import json, sys
from miio import Device
Device("127.0.0.1", "{miio_simulator.TOKEN}").send(*json.loads(sys.argv[1]))
print("ok")
"""


class Counterparty(ABC):
    """A device that another project plays, at an address of its host."""

    def __init__(self, host: str) -> None:
        self.host = host

    @property
    @abstractmethod
    def state(self) -> dict[str, bool]:
        """Whether it is on."""

    @abstractmethod
    async def change(self, *, on: bool) -> None:
        """Have it changed by something else than Home Assistant."""

    @abstractmethod
    async def start(self) -> None:
        """Begin at its address."""

    @abstractmethod
    async def stop(self) -> None:
        """End without a word."""

    async def move(self, address: str) -> None:
        """Begin again at another address."""
        await self.stop()
        self.host = address
        await self.start()

    async def restart(self, seconds: float) -> None:
        """Begin again later."""
        await self.stop()
        await asyncio.sleep(seconds)
        await self.start()


@asynccontextmanager
async def running[T: Counterparty](made: T) -> AsyncGenerator[T]:
    """Have a device run for the length of a block."""
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


class TuyaMock(Counterparty):
    """A plug of tuyamock, in one of the versions of the protocol."""

    def __init__(self, host: str, version: str, key: str, **faults: Any) -> None:
        super().__init__(host)
        self.id = f"eb0123456789abcd{version.replace('.', ''):>06}"
        self._options = {"local_key": key, "version": version, "gw_id": self.id, **faults}
        self.points: dict[str, Any] = {"1": False, "9": 0}

    @property
    @override
    def state(self) -> dict[str, bool]:
        return {"on": self.points["1"]}

    @override
    async def change(self, *, on: bool) -> None:
        self.mock.dps["1"] = on
        self.mock.push({"1": on})

    @override
    async def start(self) -> None:
        self.mock = MockDevice(
            dps=self.points,
            host=self.host,
            port=TUYA_PORT,
            discovery=True,
            discovery_addr=EVERYBODY,
            **self._options,
        )
        self.mock.start()
        self.points = self.mock.dps

    @override
    async def stop(self) -> None:
        await asyncio.to_thread(self.mock.stop)

    async def go_dark(self) -> None:
        """Answer nothing more on this connection, which ends later; then recover."""
        server = self.mock.server
        server.drop_after_dark, server.outages, server.go_dark_after = DARK, 1, 0


class Program(Counterparty):
    """A device that is a program."""

    process: Process

    def __init__(self, host: str, python: Path, folder: Path) -> None:
        super().__init__(host)
        self.python, self.folder = python, folder

    @abstractmethod
    def command(self) -> tuple[str, ...]:
        """What starts it."""

    @property
    @abstractmethod
    def begun(self) -> str:
        """What it prints when it has begun."""

    @property
    def printed(self) -> str:
        """What it has printed."""
        return self.process.log.read_text(errors="replace")

    @override
    async def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = Process(*self.command(), log=self.folder / "log.txt")
        await self.process.printed(self.begun)

    @override
    async def stop(self) -> None:
        self.process.kill()

    async def run(self, *words: str | Path, until: str) -> None:
        """Run another program of the same project until it prints something."""
        process = Process(*map(str, words), log=self.folder / "client.txt")
        try:
            await process.printed(until)
        finally:
            process.kill()


class SonoffMock(Program):
    """A device of pysonofflanr3's mock, with a device key; its client changes it.

    Its mock takes nothing without `encrypt`, which DIY mode does not have.
    """

    begun = "Running on"

    def __init__(
        self, host: str, python: Path, folder: Path, *, mock: Path, own_id: str, kind: str
    ) -> None:
        super().__init__(host, python, folder)
        self.mock = mock
        self.id, self.kind = own_id, kind
        self.key = f"key of {own_id}"

    @override
    def command(self) -> tuple[str, ...]:
        own = (self.id, self.kind, self.key, self.host, "8081")
        return (str(self.python), "-u", "-c", WAITING, str(self.mock), *own)

    @property
    @override
    def state(self) -> dict[str, bool]:
        """Whether the first outlet is on: by the last command that it has printed."""
        told = [line for line in self.printed.splitlines() if line.startswith("{'switch")]
        data = ast.literal_eval(told[-1]) if told else {"switch": "off"}
        (own, *_) = data.get("switches", [data])
        return {"on": own["switch"] == "on"}

    @override
    async def change(self, *, on: bool) -> None:
        client = self.python.parent / "pysonofflanr3"
        own = ("--device_id", self.id, "--api_key", self.key)
        word = "on" if on else "off"
        await self.run(client, *own, word, until=f"State: {word.upper()}")


class MiioSimulator(Program):
    """A plug of python-miio's simulators; its client changes it. It is at all addresses."""

    def __init__(self, host: str, python: Path, folder: Path, model: str) -> None:
        super().__init__(host, python, folder)
        self.model = model

    @property
    @override
    def begun(self) -> str:
        return "server started"

    @override
    def command(self) -> tuple[str, ...]:
        python, _, code, *words = miio_simulator.command(self.python, self.model, self.folder)
        return (python, "-c", code, "--debug", *words)

    @property
    @override
    def state(self) -> dict[str, bool]:
        """Whether it is on: by the last command that it has logged."""
        if self.model == miio_simulator.OLD:
            told = re.findall(r"setter call with .*'params': \['(on|off)'\]", self.printed)
            return {"on": told[-1:] == ["on"]}
        told = re.findall(r"Set 2:1 to .*current_value=(True|False)", self.printed)
        return {"on": told[-1:] == ["True"]}

    @override
    async def change(self, *, on: bool) -> None:
        request: tuple[str, list[Any]] = ("set_power", ["on" if on else "off"])
        if self.model != miio_simulator.OLD:
            request = ("set_properties", [{"siid": 2, "piid": 1, "did": "1", "value": on}])
        await self.run(self.python, "-c", MIIO_CLIENT, json.dumps(request), until="ok")
