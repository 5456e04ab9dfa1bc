"""No Home Assistant: bare asyncio on the same simulator. `python -m benchmarks.raw FD SYSTEM`."""

import asyncio
import gc
import sys
import time
from typing import Any, override

import orjson

from .channel import serve
from .measured import Measured, Note
from .systems import BY_NAME, PORTS, System


class Connection(asyncio.Protocol):
    """The least code for requests and pushes."""

    transport: asyncio.Transport

    def __init__(self, index: int, noted: list[Note]) -> None:
        """Create it without pending requests."""
        self.on = True
        self._index, self._noted = index, noted
        self._number = 0
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._rest = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self.transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            message = orjson.loads(line)
            if "method" not in message:
                self._pending.pop(message["id"]).set_result(message["result"])
            elif message["params"]["on"] is not self.on:
                self.on = message["params"]["on"]
                self._noted.append((time.monotonic(), self._index, "on" if self.on else "off"))

    def ask(self, method: str, **params: Any) -> asyncio.Future[Any]:
        """Send a request; return the future of its result."""
        self._number += 1
        future = self._pending[self._number] = asyncio.get_running_loop().create_future()
        request = {"id": self._number, "method": method, "params": params}
        self.transport.write(orjson.dumps(request) + b"\n")
        return future


class Raw(Measured):
    """The same methods as those of a Home Assistant."""

    def __init__(self, system: System) -> None:
        """Create it without devices."""
        super().__init__()
        self.system = system
        self._lines: list[Connection] = []

    async def prepare(self) -> None:
        """Do nothing: there is no Home Assistant to start."""

    async def set_up(self, count: int) -> dict[str, Any]:
        """Connect to the devices and read them."""
        loop, begun, cpu = asyncio.get_running_loop(), time.monotonic(), time.process_time()
        for index in range(len(self._lines), count):
            address = self.system.host(index).host, PORTS[self.system.family]
            line = Connection(index, self.noted)
            await loop.create_connection(lambda line=line: line, *address)  # type: ignore[misc]
            line.on = (await line.ask("get"))["on"]
            self._lines.append(line)
        passed = time.monotonic() - begun
        gc.collect()
        return {"ready": passed, "returned": passed, "cpu": time.process_time() - cpu, "dead": []}

    async def commands(self, picks: list[int]) -> list[tuple[float, float, int]]:
        """Switch these devices one after another."""
        done = []
        for index in picks:
            line = self._lines[index]
            on, called = not line.on, time.monotonic()
            await line.ask("set", on=on)
            done.append((called, time.monotonic(), index))
            while line.on is not on:  # noqa: ASYNC110  # its push comes at once
                await asyncio.sleep(0)
        return done

    async def call_all(self, on: bool) -> dict[str, Any]:
        """Switch all devices."""
        called, cpu = time.monotonic(), time.process_time()
        await asyncio.gather(*(line.ask("set", on=on) for line in self._lines))
        returned = time.monotonic()
        spent = time.process_time() - cpu
        return {"called": called, "returned": returned, "cpu": spent, "error": ""}

    async def watch(self) -> None:
        """Clear the recorded changes; recording never stops."""
        self.noted.clear()

    async def unwatch(self) -> None:
        """Continue to record: it costs almost nothing."""


if __name__ == "__main__":
    asyncio.run(serve(Raw(BY_NAME[sys.argv[2]]), int(sys.argv[1])))
