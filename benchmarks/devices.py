"""Simulated devices, as lean as they can be: what is measured is the hub."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Callable
import time
from typing import Any, override

import orjson

from .systems import PORTS, Host

type Arrived = Callable[[float, int], None]


class Simulated(ABC):
    """A device with one light; `on` is its true state."""

    port: int
    frozen = False
    """Accepts, and never answers."""

    def __init__(self, host: Host, arrived: Arrived, push_port: int) -> None:
        """Call `arrived` with the time of each command."""
        self.index, self.id, self.address = host.index, host.id, host.host
        self.port = PORTS[host.family]
        self.on = True
        self.push_port = push_port
        self.commands = 0
        self.repeated = 0
        """Of these, datagrams that came before."""
        self.changes = 0
        """What it told that was other than what it told before."""
        self._arrived = arrived
        self._told = True

    def commanded(self, at: float, *, on: bool) -> None:
        """Take a command."""
        self._arrived(at, self.index)
        self.commands += 1
        self.on = on

    def telling(self) -> None:
        """Count what it tells now."""
        self.changes += self.on is not self._told
        self._told = self.on

    @abstractmethod
    async def start(self) -> None:
        """Be there, at its address."""

    @abstractmethod
    def stop(self) -> None:
        """Lose power: connections are reset."""

    @abstractmethod
    def push(self, on: bool, component: int = 0) -> None:
        """Tell that it changed, or did not."""


class Lines(asyncio.Protocol):
    """One connection of a device that speaks lines."""

    transport: asyncio.Transport

    def __init__(self, device: LineDevice) -> None:
        """Serve a device."""
        self._device = device
        self._rest = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self.transport = transport
        self._device.transports.add(transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._device.transports.discard(self.transport)

    @override
    def data_received(self, data: bytes) -> None:
        at = time.monotonic()
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            answer = self._device.answer(at, orjson.loads(line))
            if not self._device.frozen:
                self.transport.write(answer)


class LineDevice(Simulated):
    """A device that speaks JSON lines over TCP."""

    protocol = Lines

    def __init__(self, host: Host, arrived: Arrived, push_port: int) -> None:
        """Have no connection yet."""
        super().__init__(host, arrived, push_port)
        self.transports: set[asyncio.Transport] = set()
        self._server: asyncio.Server | None = None

    @override
    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: self.protocol(self), self.address, self.port, backlog=16
        )

    @override
    def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for transport in tuple(self.transports):
            transport.abort()

    @override
    def push(self, on: bool, component: int = 0) -> None:
        self.on = on
        if not self.transports:
            return
        told = self.told(component)
        for transport in self.transports:
            transport.write(told)

    @abstractmethod
    def answer(self, at: float, request: Any) -> bytes:
        """Return the answer to a request, and the push that follows."""

    @abstractmethod
    def told(self, component: int) -> bytes:
        """Return a push."""


class JsonBulb(LineDevice):
    """The JSON bulb; its pushes may name a component, for the device with many."""

    @override
    def answer(self, at: float, request: Any) -> bytes:
        method, told = request["method"], b""
        if method == "set":
            self.commanded(at, on=request["params"].get("on", True))
            told = self.told(0)
        result = {"id": self.id} if method == "info" else self._state()
        return orjson.dumps({"id": request["id"], "result": result}) + b"\n" + told

    @override
    def told(self, component: int) -> bytes:
        self.telling()
        state = self._state() | ({"component": component} if component else {})
        return orjson.dumps({"method": "state", "params": state}) + b"\n"

    def _state(self) -> dict[str, Any]:
        return {"on": self.on, "level": 80}
