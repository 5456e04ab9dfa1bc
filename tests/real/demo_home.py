"""The demo: Home Assistant with three devices that announce themselves."""

from collections.abc import Callable
import contextlib
from dataclasses import dataclass
import math
from pathlib import Path
import socket
from typing import Self

from .client import until
from .devices import Emulator, Identity, Plug
from .home_assistant import HomeAssistant
from .isolated import NamespaceError
from .process import Process

RELAY = Identity("rest_switch", "relay-1", "Demo relay", port=8080)
BULB = Identity("json_bulb", "2f402f80-da50-11e1-9b23-001788102201", "Demo bulb", port=5577)
PLUG = "Demo plug"


@dataclass(frozen=True)
class Hosts:
    """The addresses of the demo devices."""

    relay: str
    bulb: str
    plug: str
    control: str | None = None

    @classmethod
    def isolated(cls) -> Self:
        """Return an address a device, in a network of one's own."""
        return cls("10.99.0.11", "10.99.0.12", "10.99.0.13")

    @classmethod
    def of_this_machine(cls) -> Self:
        """Return the address that multicast leaves from, for all of them."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("224.0.0.251", 5353))  # sends nothing
            except OSError as error:
                raise NamespaceError(f"no network for the demo devices: {error}") from error
            host = probe.getsockname()[0]
        return cls(host, host, host, control="127.0.0.1")


class DemoHome:
    """All of the demo in a folder; use it as an async context manager."""

    relay: Emulator
    bulb: Emulator
    plug: Plug

    def __init__(
        self, folder: Path, hosts: Hosts, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self._say = say
        self.folder = folder
        self.hosts = hosts
        # the devices are on the same machine, where none are discovered otherwise
        environment = {"LAN_EDGE_DEVICES_BESIDE_HUB": "1"}
        self.home_assistant = HomeAssistant(folder / "config", environment=environment)
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as stack:
            self._stack = stack
            self._say("Starting three demo devices.")
            await self._start_devices()
            self._say("Starting Home Assistant; the first time, this takes up to a minute.")
            await stack.enter_async_context(self.home_assistant)
            self._say("Making the user demo, and adding LAN Edge.")
            async with await self.home_assistant.log_in() as client:
                await client.add_lan_edge()  # it has cards for the devices of driver files
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def first_to_end(self) -> Process:
        """Wait until one of its programs ends by itself; return it."""
        devices = (self.home_assistant, self.relay, self.bulb, self.plug)
        processes = [device.process for device in devices]

        async def ended() -> Process | None:
            return next((one for one in processes if not one.running), None)

        return await until(ended, "a program ends", patience=math.inf, pause=0.5)

    async def _start_devices(self) -> None:
        hosts, enter = self.hosts, self._stack.enter_async_context
        control = (hosts.control or hosts.relay, 18080)
        self.relay = await enter(Emulator(RELAY, hosts.relay, control, self.folder))
        control = (hosts.control or hosts.bulb, 18081)
        self.bulb = await enter(Emulator(BULB, hosts.bulb, control, self.folder))
        self.plug = await enter(Plug(PLUG, hosts.plug, self.folder / "plug"))
