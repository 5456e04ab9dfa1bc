"""TP-Link Kasa: tplink-smarthome-simulator, which we did not write, in a program of node.

One program has all devices; each is a `KasaSimulator`.
"""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
import json
import os
from pathlib import Path
import shutil
import subprocess
from typing import Any, Literal, Self, override

from tests.ports import free_port

PACKAGE = "tplink-smarthome-simulator@5.0.1"
SCRIPT = Path(__file__).with_suffix(".js")
TOOLS = ("node", "npm")


def missing() -> list[str]:
    """Return the programs that it needs and that are not here."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def install(folder: Path) -> None:
    """Install the simulator, if it is not there yet."""
    if not (folder / "node_modules" / PACKAGE.partition("@")[0]).exists():
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=100)


class Simulators:
    """The program; told what to do by lines, and it answers each."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["node", str(SCRIPT)],
            env={**os.environ, "NODE_PATH": str(folder / "node_modules")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """End it, with all its devices."""
        self._process.communicate(timeout=5)

    def do(self, action: str, **what: Any) -> dict[str, Any]:
        """Have something done; return what it answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": action, **what}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    @contextmanager
    def broadcasts(self) -> Generator[None]:
        """Have all devices answer what is sent to everybody at port 9999."""
        self.do("broadcast")
        try:
            yield
        finally:
            self.do("quiet")


class KasaFaults:
    """The faults of a simulated device; each is told to it as it is set.

    `silent`, `lie` and `impostor` are the contract's; `closes`: it closes each connection after
    a reply; `instead`: what it answers to everything; `refuse`: the method that it refuses.
    """

    silent: bool
    lie: bool
    impostor: str | None
    closes: bool
    instead: str | None
    refuse: str

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self.__dict__.update(told={}, tell=tell)

    @override
    def __setattr__(self, name: str, value: Any) -> None:
        told: dict[str, Any] = self.__dict__["told"]
        told[name] = value
        if value is None:
            del told[name]
        self.__dict__["tell"](told)

    def as_dict(self) -> dict[str, Any]:
        """Return those that are set."""
        return dict(self.__dict__["told"])


class KasaSimulator:
    """One simulated device, as the drivers' contract wants it; an async context manager."""

    def __init__(
        self,
        simulators: Simulators,
        model: str = "hs100",
        host: str = "127.0.0.3",  # away from the ports of connections that this machine makes
        port: int = 0,
        **sysinfo: Any,
    ) -> None:
        self._simulators = simulators
        self._model = model
        self._number = 0
        self.host = host
        self.port = port
        self.mac = "50:C7:BF:01:02:03"
        self.faults = KasaFaults(self._tell_faults)
        self._sysinfo = sysinfo
        self._left: list[str] = []

    @property
    def id(self) -> str:
        """The id that its driver has for it."""
        return self.mac.replace(":", "").lower()

    @property
    def _name(self) -> str:
        return f"{id(self)}-{self._number}"

    async def __aenter__(self) -> Self:
        data = {"mac": self.mac, "alias": "Demo", "deviceId": "8006" + "0" * 36}
        self._start(data)
        if self._sysinfo:
            self._set({"system": {"sysinfo": self._sysinfo}})
        return self

    async def __aexit__(self, *_: object) -> None:
        for name in (self._name, *self._left):
            self._simulators.do("stop", name=name)

    def _start(self, data: dict[str, Any]) -> None:
        self.port = self.port or free_port(self.host)
        what = {"model": self._model, "host": self.host, "port": self.port, "data": data}
        self._simulators.do("start", name=self._name, **what)

    def _set(self, data: dict[str, Any]) -> None:
        self._simulators.do("set", name=self._name, data=data)

    def _tell_faults(self, faults: dict[str, Any]) -> None:
        self._simulators.do("faults", name=self._name, faults=faults)
        mac = faults.get("impostor") and "50:C7:BF:99:99:99"
        key = "mac" if "mac" in self.sysinfo else "mic_mac"
        self._set({"system": {"sysinfo": {key: mac or self.mac}}})

    def _see(self) -> dict[str, Any]:
        return self._simulators.do("see", name=self._name)

    @property
    def data(self) -> dict[str, Any]:
        """All that the device has, as it is now."""
        data: dict[str, Any] = self._see()["data"]
        return data

    @property
    def sysinfo(self) -> dict[str, Any]:
        """What the device has to tell of itself."""
        sysinfo: dict[str, Any] = self.data["system"]["sysinfo"]
        return sysinfo

    @property
    def state(self) -> dict[str, Any]:
        """The state in the contract's words."""
        info = self.sysinfo
        light = info.get("light_state", info)
        on = light.get("on_off", info.get("relay_state"))
        return {"on": {0: False, 1: True}[on], "level": light.get("brightness")}

    @property
    def log(self) -> list[dict[str, Any]]:
        """The requests that it has had."""
        log: list[dict[str, Any]] = self._see()["log"]
        return log

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections it has accepted, and how many are open."""
        seen = self._see()
        return seen["accepted"], seen["open"]

    async def change(self, *, on: bool | None = None, **data: Any) -> None:
        """Change the state at the device itself: a plug's relay, or any of its data."""
        if on is not None:
            data["system"] = {"sysinfo": {"relay_state": int(on)}}
        self._set(data)

    async def restart(self, down: float = 0.0) -> None:
        """Go down, and come back at the same address with the same state."""
        await self.down()
        await asyncio.sleep(down)
        await self.up()

    async def down(self) -> None:
        """Reset every connection, and refuse new ones."""
        self._simulators.do("down", name=self._name)

    async def up(self) -> None:
        """Be there again, at the same address with the same state."""
        self._simulators.do("up", name=self._name)

    async def move(self, host: str, *, old: Literal["silent", "closed"] = "silent") -> None:
        """Go on at another address; the old one stays silent or is closed."""
        data, name, faults = self.data, self._name, self.faults.as_dict()
        if old == "silent":
            self._simulators.do("faults", name=name, faults={"silent": True})
            self._left.append(name)
        else:
            self._simulators.do("stop", name=name)
        self._number += 1
        self.host = host
        self._start({"mac": self.mac, "deviceId": "8006" + "0" * 36})
        self._set({"system": {"sysinfo": data["system"]["sysinfo"]}})
        self._tell_faults(faults)
