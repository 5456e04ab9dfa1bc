"""A device of JSON lines with a switch, a level and a speed, its driver, and how to use both."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import json
from typing import Any, ClassVar, override

from lan_edge import (
    Address,
    Attribute,
    Capability,
    Command,
    Device,
    Driver,
    Identity,
    JsonRpc,
    JsonRpcOptions,
    Profile,
    Record,
    Switch,
    SwitchLevel,
    command,
    handles,
)

from .peers import LOOPBACK, TcpPeer, Wire, until


class TestSpeed(Capability, id="test.speed"):
    """A number of our own."""

    __test__ = False

    speed = Attribute(int, minimum=0, maximum=1000)

    @command(sets="speed")
    def set_speed(self, speed: int) -> None:
        """Go at `speed`."""


class Toggle(Capability, id="test.toggle"):
    """What the bench device itself does not have."""

    @command()
    def toggle(self) -> None:
        """The other way round."""


@dataclass(frozen=True)
class BenchSettings:
    """What may be changed."""

    pace: int = 1


@dataclass
class BenchMemory:
    """What is kept as long as the device's handle lives."""

    hooks: list[str] = field(default_factory=list[str])
    """The hooks that ran, in order."""


class Bench(Driver[JsonRpc]):
    """Notes each hook in its memory."""

    id = "test_bench"
    profile = Profile(Switch, SwitchLevel, TestSpeed)
    options = JsonRpcOptions(timeout=0.5)
    settings: BenchSettings
    memory: BenchMemory
    fails: ClassVar[dict[str, Exception]] = {}
    """What a hook raises, by its name."""

    def hook(self, name: str) -> None:
        self.memory.hooks.append(name)
        if name in self.fails:
            raise self.fails[name]

    @override
    async def identify(self) -> str:
        return str((await self.io.call("info"))["id"])

    @override
    async def refresh(self) -> None:
        self.hook("refresh")
        await self.io.call("get")

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        self.hook("message") if "message" in self.fails else None
        for key, attribute in STATE.items():
            if key in message.data:
                self.emit(attribute, message.data[key])

    @override
    async def added(self) -> None:
        self.hook("added")

    @override
    async def connected(self) -> None:
        self.hook("connected")

    @override
    async def disconnected(self) -> None:
        self.hook("disconnected")

    @override
    async def settings_changed(self, old: Any) -> None:
        self.hook(f"settings_changed {old.pace}")

    @override
    async def goodbye(self) -> None:
        self.hook("goodbye")

    @override
    async def removed(self) -> None:
        self.hook("removed")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        await self.io.call("set", level=level, **({} if rate is None else {"rate": rate}))

    @handles(TestSpeed.set_speed)
    async def set_speed(self, speed: int) -> None:
        await self.io.call("set", speed=speed)


STATE: dict[str, Attribute[Any]] = {
    "on": Switch.switch,
    "level": SwitchLevel.level,
    "speed": TestSpeed.speed,
}


class BenchDevice(TcpPeer):
    """The device; every change is pushed, after the reply."""

    def __init__(self, host: str = LOOPBACK, port: int = 0, unique_id: str = "bench-1") -> None:
        super().__init__(self._talk, host, port)
        self.unique_id = unique_id
        self.state: dict[str, Any] = {"on": False, "level": 0, "speed": 0}
        self.sets: list[dict[str, Any]] = []
        """The `set` requests in the order they came."""
        self.requests: list[str] = []
        self.delay: Callable[[], float] = lambda: 0.0
        self.refuse = False
        self.deaf = False
        """Hear nothing, and answer nothing: a program that hangs."""
        self.deaf_to = ""
        """Become deaf with the first request of this method."""
        self.idle = False
        """Say yes, and do nothing."""
        self.quiet = False
        """Do what is asked for, and push nothing."""

    async def _talk(self, wire: Wire) -> None:
        async for line in wire.lines():
            request = json.loads(line)
            self.deaf = self.deaf or request["method"] == self.deaf_to
            if self.deaf:
                continue
            self.requests.append(request["method"])
            if request["method"] == "set":
                self.sets.append(request["params"])
            if delay := self.delay():
                await asyncio.sleep(delay)
            await self._answer(wire, request)

    async def _answer(self, wire: Wire, request: dict[str, Any]) -> None:
        if self.refuse:
            await self.say(wire, id=request["id"], error={"code": 1, "message": "not now"})
        elif request["method"] == "info":
            await self.say(wire, id=request["id"], result={"id": self.unique_id})
        elif request["method"] == "get":
            await self.say(wire, id=request["id"], result=self.state)
        else:
            changed = {**self.state, **request["params"]} != self.state
            if not self.idle:
                self.state.update(request["params"])
            await self.say(wire, id=request["id"], result={})
            if changed and not self.idle and not self.quiet:
                await self.push(**self.state)

    async def say(self, wire: Wire, **message: Any) -> None:
        await wire.send(json.dumps(message).encode() + b"\n")

    async def push(self, **state: Any) -> None:
        """Tell all who are connected."""
        for wire in self.wires:
            await self.say(wire, method="state", params=state)

    async def raw(self, data: bytes) -> None:
        """Send any bytes to all."""
        for wire in self.wires:
            wire.write(data)
            with wire.until_gone():
                await wire.drain()


def new_device(
    family: type[Driver[Any]] = Bench, *addresses: Address, unique_id: str = "bench-1", **more: Any
) -> Device:
    """Return a device that is known, but not started."""
    return Device(family, Record(Identity(unique_id), addresses), **more)


@asynccontextmanager
async def online(device: Device, *, seconds: float = 5) -> AsyncGenerator[Device]:
    """Start a device, which is online within `seconds`, and stop it in the end."""
    device.start()
    try:
        await until(lambda: device.available, seconds)
        yield device
    finally:
        await device.stop()


def hooks_of(device: Device) -> list[str]:
    """Return the hooks of a bench device's driver that ran, in order."""
    memory: BenchMemory = device.driver.memory
    return memory.hooks


def state_of(device: Device) -> dict[str, Any]:
    """Return a bench device's state as the library has it."""
    return {key: device.state.get(attribute) for key, attribute in STATE.items()}


async def send(device: Device, what: Command[...], **arguments: Any) -> None:
    """Execute a command."""
    await device.commands.execute(what, arguments)
