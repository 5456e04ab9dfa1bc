"""A driver file is saved while its device is in use."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
import gc
from pathlib import Path
import sys
from typing import Any
import weakref

import pytest

from lan_edge import (
    Device,
    DriverFolder,
    Identity,
    Record,
    Registry,
    Status,
    Switch,
    SwitchLevel,
    capability,
)

from ..bench import BenchDevice, new_device, online, send
from ..peers import until

SAVES = 50
DRIVER = '''"""Own bench: JSON lines, with everything that a file can define."""

from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Annotated

from lan_edge import (
    Attribute, Capability, Driver, Identity, JsonRpc, JsonRpcOptions, Label, Profile, Stored,
    Switch, SwitchLevel, command, handles, id_at, register,
)

VERSION = 0


class Mood(Enum):
    CALM = "calm"
    WILD = "wild"


class MoodOfIt(Capability, id="own.mood"):
    mood = Attribute(Mood)

    @command()
    def calm(self) -> None: ...


@dataclass(frozen=True)
class Settings:
    mood: Mood = Mood.CALM
    password: Annotated[str, Label(secret=True)] = ""


@dataclass
class Zone:
    name: str
    mood: Mood = Mood.CALM

    def label(self):
        return f"{self.name} {VERSION}"


@dataclass
class Memory:
    zones: dict[str, Zone] = field(default_factory=dict)
    mood: Annotated[Mood, Stored()] = Mood.CALM
    count: int = 0


async def log_in(io):
    del io
    return (0, 1)


@register
class OwnBench(Driver[JsonRpc]):
    id = "test_own_bench"
    profile = Profile(Switch, SwitchLevel, MoodOfIt)
    options = JsonRpcOptions(timeout=0.5, login=log_in)
    settings: Settings
    memory: Memory

    def __init__(self, context):
        super().__init__(context)
        self.hooks = {"on": self.note}
        self.seen = []

    async def identify(self):
        return id_at(await self.io.call("info"), "id")

    async def connected(self):
        self.memory.zones["hall"] = Zone("hall", Mood.WILD)
        self.zone = self.memory.zones["hall"]
        self.every(0.1, lambda: self.tick())
        self.every(0.1, partial(self.tell, self.zone))

    async def tick(self):
        self.memory.count += 1

    async def tell(self, zone):
        self.told = zone.label()

    def note(self, message):
        self.seen.append(VERSION)

    async def refresh(self):
        await self.optional(self.read_more, SwitchLevel)
        self.emit(MoodOfIt.mood, Mood.WILD)

    async def read_more(self):
        await self.io.call("get")

    def on_message(self, message):
        self.hooks["on"](message)
        self.emit_field(Switch.switch, message.data, "on", unchanged=True)
        self.emit_field(SwitchLevel.level, message.data, "level", unchanged=True)

    @handles(Switch.on)
    async def turn_on(self):
        await self.io.call("set", on=True, version=VERSION)

    @handles(Switch.off)
    async def turn_off(self):
        await self.io.call("set", on=False, version=VERSION)

    @handles(MoodOfIt.calm)
    async def calm(self):
        await self.io.call("set", mood="calm", version=VERSION)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level, rate=None):
        await self.io.call("set", level=level, version=VERSION)


@register
class OwnBenchOne(OwnBench):
    @classmethod
    def can_handle(cls, identity: Identity):
        return identity.unique_id == "bench-1"
'''


class Saved:
    """A driver file that is saved again and again, and a device that uses it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.registry = Registry()
        self.folder = DriverFolder(self.registry, path)

    async def save(self, version: int, change: Callable[[str], str] = str) -> type[Any]:
        """Save another version; return its driver."""
        text = change(DRIVER).replace("VERSION = 0", f"VERSION = {version}")
        (self.path / "own_bench.py").write_text(text)
        await self.folder.reload()
        assert not self.folder.failures
        return self.registry.driver("test_own_bench")


@pytest.fixture
async def saved(tmp_path: Path) -> AsyncGenerator[Saved]:
    saved = Saved(tmp_path / "drivers")
    saved.path.mkdir()
    yield saved
    (saved.path / "own_bench.py").unlink()
    await saved.folder.reload()
    await saved.folder.look()
    await saved.folder.close()


@asynccontextmanager
async def in_use(saved: Saved) -> AsyncGenerator[tuple[Device, BenchDevice]]:
    settings = {"mood": "wild", "password": "hush"}
    async with BenchDevice() as peer:
        device = new_device(await saved.save(1), peer.address, settings=settings)
        async with online(device):
            yield device, peer


def driver_of(device: Device) -> Any:
    """Return the driver, which has fields of its own."""
    return device.driver


async def test_what_the_file_defines_is_that_of_the_new_file(saved: Saved) -> None:
    async with in_use(saved) as (device, peer):
        await until(lambda: getattr(device.driver, "told", "") == "hall 1")
        await device.replace_driver(await saved.save(2))
        module: Any = sys.modules[type(device.driver).__module__]
        assert type(device.driver) is module.OwnBenchOne
        assert type(driver_of(device).memory) is module.Memory
        assert type(driver_of(device).memory.zones["hall"]) is module.Zone
        assert driver_of(device).memory.zones["hall"].mood is module.Mood.WILD
        assert driver_of(device).settings == module.Settings(module.Mood.WILD, "hush")
        assert [capability("own.mood")] == [module.MoodOfIt]
        assert device.state.get(module.MoodOfIt.mood) is module.Mood.WILD
        count = driver_of(device).memory.count
        await until(lambda: driver_of(device).memory.count > count)
        await until(lambda: driver_of(device).told == "hall 2")
        await peer.push(on=True)
        await until(lambda: device.state.get(Switch.switch))
        assert driver_of(device).seen[-1] == 2
        assert 1 in driver_of(device).seen
        await device.commands.execute(module.MoodOfIt.calm, {})
        assert peer.sets[-1] == {"mood": "calm", "version": 2}
        assert peer.accepted == 1


async def test_options_of_the_same_code_do_not_reconnect(saved: Saved) -> None:
    async with in_use(saved) as (device, peer):
        old = driver_of(device).io.options.login
        await device.replace_driver(await saved.save(2, lambda text: "# new\n" + text))
        assert driver_of(device).io.options.login is not old
        assert peer.accepted == 1
        await device.replace_driver(await saved.save(3, lambda text: text.replace("0, 1", "0, 2")))
        await until(lambda: peer.accepted == 2)
        await until(lambda: device.connection.status is Status.ONLINE)


async def test_fifty_saves_under_load(saved: Saved) -> None:
    async with in_use(saved) as (device, peer), BenchDevice(unique_id="bench-2") as beside:
        other = Device(
            type(device.driver).__mro__[1], Record(Identity("bench-2"), (beside.address,))
        )
        async with online(other):
            losses, flips, numbers = list[bool](), list[bool | None](), list[int]()
            device.observer.on_available = lambda: losses.append(device.available)
            device.state.subscribe(
                Switch.switch, "main", lambda: flips.append(device.state.get(Switch.switch))
            )
            asked = len(beside.requests)
            done = asyncio.Event()

            async def command() -> None:
                level = 0
                while not done.is_set():
                    level = level % 100 + 1
                    await send(device, SwitchLevel.set_level, level=level)
                    numbers.append(level)

            async def push() -> None:
                while not done.is_set():
                    await peer.push(number=1)
                    await asyncio.sleep(0.001)

            async with asyncio.TaskGroup() as group:
                group.create_task(command())
                group.create_task(push())
                for version in range(2, SAVES + 2):
                    await device.replace_driver(await saved.save(version))
                done.set()
            sets = [each["level"] for each in peer.sets]
            assert sets == numbers
            versions = [each["version"] for each in peer.sets]
            assert versions == sorted(versions)
            assert versions[-1] >= SAVES
            assert (peer.accepted, beside.accepted) == (1, 1)
            assert not losses
            assert None not in flips
            assert len(beside.requests) == asked


async def test_nothing_of_the_old_files_remains(saved: Saved) -> None:
    async with in_use(saved) as (device, _):
        kept: list[weakref.ref[Any]] = []
        for version in range(2, SAVES + 2):
            kept += [weakref.ref(type(device.driver)), weakref.ref(device.driver)]
            kept += [weakref.ref(type(device.driver).profile), weakref.ref(device.driver.memory)]
            await send(device, Switch.on)
            await send(device, Switch.off)
            await device.commands.refresh()
            await device.replace_driver(await saved.save(version))
        await asyncio.sleep(3)
        await saved.folder.look()
        await asyncio.sleep(3)
        gc.collect()
        left = [each() for each in kept if each() is not None]
        assert len(left) == 0, left


async def test_what_waits_is_done_by_the_new_file(saved: Saved) -> None:
    def with_moods(text: str) -> str:
        return (
            text.replace(
                "    @command()\n    def calm(self) -> None: ...\n",
                "    @command()\n    def calm(self) -> None: ...\n\n"
                '    @command(sets="mood")\n    def set_mood(self, mood: Mood) -> None: ...\n',
            )
            .replace(
                "    @handles(MoodOfIt.calm)",
                "    @handles(MoodOfIt.set_mood, confirm=Confirm.ECHO)\n"
                "    async def set_mood(self, mood):\n"
                "        assert mood is Mood.CALM\n"
                '        await self.io.call("set", mood=mood.value, version=VERSION)\n\n'
                "    @handles(MoodOfIt.calm)",
            )
            .replace("    Attribute, Capability,", "    Attribute, Capability, Confirm,")
        )

    async with BenchDevice() as peer:
        device = new_device(await saved.save(1, with_moods), peer.address)
        async with online(device):
            own: Any = sys.modules[type(device.driver).__module__]
            new = await saved.save(2, with_moods)
            execute = device.commands.execute
            running = asyncio.create_task(execute(Switch.on, {}))
            replaced = asyncio.create_task(device.replace_driver(new))
            await asyncio.sleep(0)
            waiting = asyncio.create_task(execute(own.MoodOfIt.set_mood, {"mood": own.Mood.CALM}))
            await asyncio.gather(running, replaced, waiting)
            present: Any = sys.modules[type(device.driver).__module__]
            assert present is not own
            assert device.state.get(present.MoodOfIt.mood) is present.Mood.CALM
