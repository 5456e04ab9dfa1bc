"""Demo devices as programs: the emulators of tests/emulators, and fauxmo for a WeMo."""

from collections.abc import Callable
from dataclasses import dataclass
import json
from pathlib import Path
import shlex
import socket
import sys
from typing import Any, Self

import aiohttp

from .process import Process

type SocketFactory = Callable[[Any], socket.socket]

FAUXMO = Path(sys.executable).with_name("fauxmo")


@dataclass(frozen=True)
class Identity:
    """Which emulator it is, and what it says of itself."""

    kind: str
    id: str
    name: str
    port: int


class Emulator:
    """An emulator as a program, told what to do by HTTP; an async context manager.

    `via` is the command that starts a program where the device is, `make_socket` makes a socket
    there: a device in a namespace is controlled from inside, whatever its network does.
    """

    def __init__(
        self,
        identity: Identity,
        host: str,
        control: tuple[str, int],
        folder: Path,
        *,
        via: tuple[str, ...] = (),
        make_socket: SocketFactory | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        self.identity = identity
        self.host = host
        self._control = control
        self._log = folder / f"{identity.kind}-{identity.id}.log"
        self._via = via
        self._make_socket = make_socket
        self.options = options

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.process.stop()

    async def start(self) -> None:
        """Start the program and wait until the device answers."""
        identity, (control_host, control_port) = self.identity, self._control
        options = {
            "--host": self.host,
            "--port": identity.port,
            "--id": identity.id,
            "--name": identity.name,
            "--control": control_port,
            "--control-host": control_host,
        }
        words = [str(word) for option in options.items() for word in option]
        module = f"tests.emulators.{identity.kind}"
        command = (sys.executable, "-m", module, *words, *self.options)
        self.process = Process(*self._via, *command, log=self._log)
        await self.process.printed("ready")

    async def show(self) -> dict[str, Any]:
        """Return its state, its log, its connections."""
        return await self._request("GET", "/")

    async def state(self) -> dict[str, Any]:
        """Return the state the device really has."""
        state: dict[str, Any] = (await self.show())["state"]
        return state

    async def change(self, **state: Any) -> float:
        """Change it as a hand at the device would; return when (CLOCK_MONOTONIC)."""
        at: float = (await self._request("POST", "/change", state))["at"]
        return at

    async def fault(self, **wanted: Any) -> None:
        """Make it misbehave."""
        await self._request("POST", "/fault", wanted)

    async def _request(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        connector = aiohttp.TCPConnector(socket_factory=self._make_socket)
        url = "http://{}:{}".format(*self._control)
        async with (
            aiohttp.ClientSession(url, connector=connector) as session,
            session.request(method, path, json=body) as answer,
        ):
            answer.raise_for_status()
            said: dict[str, Any] = await answer.json()
            return said


class Plug:
    """A fauxmo, a WeMo switch that keeps its state in a file; an async context manager."""

    def __init__(
        self, name: str, host: str, folder: Path, *, port: int = 49153, via: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.host = host
        self.port = port
        self._folder = folder
        self._state = folder / "state"
        self._via = via

    async def __aenter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self.change(on=False)
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.process.stop()

    async def start(self) -> None:
        """Start the program and wait until it answers searches."""
        config = self._folder / "fauxmo.json"
        config.write_text(json.dumps(self._config()))
        fauxmo = (str(FAUXMO), "-c", str(config), "-vv")
        self.process = Process(*self._via, *fauxmo, log=self._folder / "fauxmo.log")
        await self.process.printed("Starting UDP server")

    @property
    def on(self) -> bool:
        """Whether it is on."""
        return self._state.read_text() == "1"

    def change(self, *, on: bool) -> None:
        """Change it as a hand at the device would."""
        self._state.write_text("1" if on else "0")

    def _config(self) -> dict[str, Any]:
        state = shlex.quote(str(self._state))
        device = {
            "name": self.name,
            "port": self.port,
            "on_cmd": f"printf 1 >{state}",
            "off_cmd": f"printf 0 >{state}",
            "state_cmd": f"grep -q 1 {state}",
            "shell": True,
        }
        return {
            "FAUXMO": {"ip_address": self.host},
            "PLUGINS": {"CommandLinePlugin": {"path": "unused", "DEVICES": [device]}},
        }
