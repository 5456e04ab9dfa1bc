"""The library compared with the least code for the same protocol, as ratios from one run.

    python -m benchmarks.core [REPETITIONS]

A device simulator in a second process on loopback replies to JSON lines and pushes each change.
`raw` is a bare asyncio protocol with a dictionary of futures and none of the library's promises;
`lan_edge` is a Device with the bundled JSON bulb driver. Both do the same work in turn, repetition
by repetition; the ratio is calculated within each, and the median is printed.
"""

import asyncio
from collections.abc import Awaitable, Callable
import itertools
from multiprocessing import Process, Queue
import statistics
import sys
import time
from typing import Any, override

import orjson

from lan_edge import Address, Device, Driver, Identity, Record, SwitchLevel
from tests.bundled import driver_for

COMMANDS = 2000
PUSHES = 10000


class Simulator(asyncio.Protocol):
    """Replies to `info`, `get` and `set`; `flood` sends that many pushes."""

    transport: asyncio.Transport
    rest = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self.transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            request = orjson.loads(line)
            result = {"id": "b", "on": True, "level": request.get("params", {}).get("level", 1)}
            self.send({"id": request["id"], "result": result})
            if "level" in request.get("params", {}):
                self.send({"method": "state", "params": {"on": True, "level": result["level"]}})
            for n in range(request.get("params", {}).get("flood", 0)):
                self.send({"method": "state", "params": {"on": True, "level": 1 + n % 100}})

    def send(self, message: dict[str, Any]) -> None:
        """Send one line."""
        self.transport.write(orjson.dumps(message) + b"\n")


def simulate(port: Queue[int]) -> None:
    """Run the simulator until the process is ended."""

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Simulator, "127.0.0.1", 0)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


class Raw(asyncio.Protocol):
    """The least code for requests and pushes on one connection."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        """Create it without pending requests."""
        self.ids = itertools.count(1)
        self.pending: dict[int, asyncio.Future[Any]] = {}
        self.rest = b""
        self.level = 0
        self.received = 0
        self.all_received = asyncio.Event()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self.transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            message = orjson.loads(line)
            if "method" in message:
                self.level = message["params"]["level"]
                self.received += 1
                if self.received == PUSHES:
                    self.all_received.set()
            else:
                self.pending.pop(message["id"]).set_result(message["result"])

    async def ask(self, method: str, **params: Any) -> Any:
        """Send a request; return its result."""
        number = next(self.ids)
        future = self.pending[number] = asyncio.get_running_loop().create_future()
        request = {"id": number, "method": method, "params": params}
        self.transport.write(orjson.dumps(request) + b"\n")
        async with asyncio.timeout(3):
            return await future

    async def commands(self) -> None:
        """Send the commands one after another."""
        for n in range(COMMANDS):
            await self.ask("set", level=1 + n % 100)

    async def pushes(self) -> None:
        """Request a flood, and receive all of it."""
        self.received = 0
        self.all_received.clear()
        await self.ask("set", flood=PUSHES)
        await self.all_received.wait()


class Ours:
    """A Device with the bundled driver, and a counter of its pushes."""

    def __init__(self, port: int, driver: type[Driver[Any]] | None = None, part: int = 1) -> None:
        """Create the device of the simulator at `port`, of another `driver` if one is given.

        It does one `part`th of the work at a time.
        """
        self._commands, self._pushes = COMMANDS // part, PUSHES // part
        record = Record(Identity("b", "bulb"), (Address("127.0.0.1", port),))
        self.device = Device(driver or driver_for("json_bulb"), record)
        self.received = 0
        self.all_received = asyncio.Event()

    async def start(self) -> None:
        """Connect, and wait until the device is available."""
        online = asyncio.Event()
        self.device.observer.on_available = online.set
        self.device.start()
        await online.wait()
        self.device.state.subscribe(SwitchLevel.level, "main", self._count)

    def _count(self) -> None:
        self.received += 1
        if self.received == self._pushes:
            self.all_received.set()

    async def commands(self) -> None:
        """Send the commands one after another."""
        for n in range(self._commands):
            await self.device.commands.execute(SwitchLevel.set_level, {"level": 1 + n % 100})

    async def pushes(self) -> None:
        """Request a flood, and receive all of it."""
        self.received = 0
        self.all_received.clear()
        await self.device.driver.io.call("set", level=100, flood=self._pushes)
        await self.all_received.wait()


async def measure(port: int, repetitions: int) -> None:
    """Run both systems in turn, and print the results."""
    _, raw = await asyncio.get_running_loop().create_connection(Raw, "127.0.0.1", port)
    ours = Ours(port)
    await ours.start()
    results: dict[str, list[tuple[float, float]]] = {"command, there and back": [], "push": []}
    for _ in range(repetitions):
        pair = await timed(raw.commands) / COMMANDS, await timed(ours.commands) / COMMANDS
        results["command, there and back"].append(pair)
        pair = await timed(raw.pushes) / PUSHES, await timed(ours.pushes) / PUSHES
        results["push"].append(pair)
    await ours.device.stop()
    raw.transport.close()
    report(results)


async def timed(work: Callable[[], Awaitable[None]]) -> float:
    """Return the seconds that `work` takes."""
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


def report(
    results: dict[str, list[tuple[float, float]]], one: str = "raw", other: str = "lan_edge"
) -> None:
    """Print medians and ratios."""
    heads = f"{f'{one} us':>10}{f'{other} us':>13}"
    print(f"{'':26}{heads}{'ratio':>8}{'min':>7}{'max':>7}")
    for name, pairs in results.items():
        ratios = sorted(ours / raw for raw, ours in pairs)
        raw_us, our_us = (statistics.median(p[i] for p in pairs) * 1e6 for i in (0, 1))
        middle = statistics.median(ratios)
        print(
            f"{name:26}{raw_us:10.1f}{our_us:13.1f}{middle:8.2f}{ratios[0]:7.2f}{ratios[-1]:7.2f}"
        )


def main() -> None:
    """Start the simulator, measure, and end the simulator."""
    port: Queue[int] = Queue()
    simulator = Process(target=simulate, args=(port,), daemon=True)
    simulator.start()
    try:
        asyncio.run(measure(port.get(timeout=10), int(sys.argv[1]) if len(sys.argv) > 1 else 7))
    finally:
        simulator.terminate()


if __name__ == "__main__":
    main()
