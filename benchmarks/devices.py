"""Simulated devices, as lean as possible, since the hub is measured."""

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
    """Whether it accepts requests without ever responding."""

    def __init__(self, host: Host, arrived: Arrived, push_port: int) -> None:
        """Call `arrived` with the time of each command."""
        self.index, self.id, self.address = host.index, host.id, host.host
        self.port = PORTS[host.family]
        self.on = True
        self.push_port = push_port
        self.commands = 0
        self.repeated = 0
        """How many of these were repeated datagrams."""
        self.changes = 0
        """How many of its reports differed from the one before."""
        self._arrived = arrived
        self._reported = True

    def commanded(self, at: float, *, on: bool) -> None:
        """Handle a command."""
        self._arrived(at, self.index)
        self.commands += 1
        self.on = on

    def reporting(self) -> None:
        """Count the report that is about to be sent, if it is a change."""
        self.changes += self.on is not self._reported
        self._reported = self.on

    @abstractmethod
    async def start(self) -> None:
        """Listen at its address."""

    @abstractmethod
    def stop(self) -> None:
        """Lose power: connections are reset."""

    @abstractmethod
    def push(self, on: bool, component: int = 0) -> None:
        """Report its state, changed or not."""


class Lines(asyncio.Protocol):
    """One connection of a device with a line protocol."""

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
            reply = self._device.reply(at, orjson.loads(line))
            if not self._device.frozen:
                self.transport.write(reply)


class LineDevice(Simulated):
    """A device with JSON lines over TCP."""

    protocol = Lines

    def __init__(self, host: Host, arrived: Arrived, push_port: int) -> None:
        """Create it without connections."""
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
        report = self.report(component)
        for transport in self.transports:
            transport.write(report)

    @abstractmethod
    def reply(self, at: float, request: Any) -> bytes:
        """Return the reply to a request, and the push that follows."""

    @abstractmethod
    def report(self, component: int) -> bytes:
        """Return a push with the state."""


class JsonBulb(LineDevice):
    """The JSON bulb; for the device with many components, its pushes may name one."""

    @override
    def reply(self, at: float, request: Any) -> bytes:
        method, push = request["method"], b""
        if method == "set":
            self.commanded(at, on=request["params"].get("on", True))
            push = self.report(0)
        result = {"id": self.id} if method == "info" else self._state()
        return orjson.dumps({"id": request["id"], "result": result}) + b"\n" + push

    @override
    def report(self, component: int) -> bytes:
        self.reporting()
        state = self._state() | ({"component": component} if component else {})
        return orjson.dumps({"method": "state", "params": state}) + b"\n"

    def _state(self) -> dict[str, Any]:
        return {"on": self.on, "level": 80}
