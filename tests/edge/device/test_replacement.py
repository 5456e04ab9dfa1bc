"""Another class takes the place of a running device's driver."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any, override

import pytest

from lan_edge import (
    Confirm,
    Driver,
    DriverError,
    EdgeError,
    Identity,
    JsonRpc,
    JsonRpcOptions,
    Lines,
    LinesOptions,
    OfflineError,
    Options,
    Profile,
    Status,
    Switch,
    SwitchLevel,
    handles,
)
from lan_edge.connection import availability, backoff as backoff_module
from lan_edge.driver.driver import AnyDriver

from ..bench import (
    Bench,
    BenchDevice,
    TestSpeed,
    Toggle,
    hooks_of,
    new_device,
    online,
    send,
    state_of,
)
from ..peers import closed_port, until


@pytest.fixture(autouse=True)
def faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry quickly."""
    monkeypatch.setattr(backoff_module, "SHORTEST_DELAY", 0.01)


class Brighter(Bench):
    """What is turned on also gets brighter."""

    @handles(Switch.on)
    @override
    async def turn_on(self) -> None:
        await self.io.call("set", on=True, level=90)


async def test_what_it_does_is_replaced_and_nothing_else() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        await send(device, SwitchLevel.set_level, level=20)
        changes, losses = list[Any](), list[Status]()
        device.state.subscribe(SwitchLevel.level, "main", lambda: changes.append(1))
        device.observer.on_available = lambda: losses.append(device.connection.status)
        await device.replace_driver(Brighter)
        assert type(device.driver) is Brighter
        assert state_of(device) == {"on": False, "level": 20, "speed": 0}
        assert not changes
        assert hooks_of(device).count("connected") == 1
        await send(device, Switch.on)
        await until(lambda: device.state.get(SwitchLevel.level) == 90)
        assert peer.accepted == 1
        assert not losses


async def test_everything_is_read_again_soon() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        before = peer.requests.count("get")
        await device.replace_driver(Brighter)
        await until(lambda: peer.requests.count("get") > before)


# what does not fit


class Another(Bench):
    id = "test_another"


class Broken(Bench):
    def __init__(self, context: Any) -> None:
        super().__init__(context)
        raise ValueError("no such table")


class BrokenOptions(Bench):
    @override
    def transport_options(self) -> Options:
        raise KeyError("port")


@pytest.mark.parametrize(
    ("driver", "said"),
    [
        (Another, "Another is the driver test_another, not test_bench"),
        (Broken, "Broken cannot be used: ValueError('no such table')"),
        (BrokenOptions, "BrokenOptions cannot be used: KeyError('port')"),
    ],
)
async def test_a_class_that_cannot_be_used_leaves_the_old_one(driver: AnyDriver, said: str) -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        old, memory, settings = device.driver, device.driver.memory, device.driver.settings
        with pytest.raises(DriverError) as caught:
            await device.replace_driver(driver)
        assert str(caught.value) == said
        assert device.driver is old
        assert (old.memory, old.settings) == (memory, settings)
        assert device._core.memory is memory
        await send(device, Switch.on)
        assert peer.accepted == 1


# memory, fields and settings


@dataclass
class OldMemory:
    token: str = ""
    count: int = 0
    seen: list[str] | None = None
    old: int = 0


@dataclass
class NewMemory:
    token: str = "none"
    count: list[int] | None = None
    seen: list[str] | None = None
    new: int = 7


def with_memory(kind: type[Any]) -> AnyDriver:
    class Remembering(Bench):
        memory: kind  # type: ignore[valid-type]

        @override
        def hook(self, name: str) -> None:
            """Note nothing."""

    return Remembering


async def test_the_memory_stays_by_the_names_of_its_fields() -> None:
    async with BenchDevice() as peer:
        device = new_device(with_memory(OldMemory), peer.address)
        async with online(device):
            seen = ["a"]
            device.driver.memory = device._core.memory
            device.driver.memory.token, device.driver.memory.seen = "abc", seen
            device.driver.memory.count = 5
            await device.replace_driver(with_memory(NewMemory))
            assert device.driver.memory == NewMemory("abc", None, ["a"], 7)
            assert device.driver.memory.seen is seen


class Counting(Bench):
    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.sent = 0
        self.cache: dict[str, int] = {}
        self.queue: list[int] = []
        self.unused = object()
        self.step = 1

    @handles(Switch.on)
    @override
    async def turn_on(self) -> None:
        self.sent += self.step
        self.late = self.sent
        self.cache["on"] = self.sent
        self.queue.append(self.sent)
        self.unused = object()
        await self.io.call("set", on=True)


class CountingOn(Bench):
    late: int

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.sent = 0
        self.cache: dict[str, int] = {}
        self.queue: tuple[int, ...] = ()
        self.step = 10

    @handles(Switch.on)
    @override
    async def turn_on(self) -> None:
        self.sent += self.step + self.late - self.late
        await self.io.call("set", on=True)


async def test_what_the_driver_keeps_in_itself_stays_as_far_as_it_fits() -> None:
    async with BenchDevice() as peer, online(new_device(Counting, peer.address)) as device:
        await send(device, Switch.on)
        await device.replace_driver(CountingOn)
        driver = device.driver
        assert isinstance(driver, CountingOn)
        assert (driver.sent, driver.late, driver.cache) == (1, 1, {"on": 1})
        assert driver.queue == ()  # another type than before
        assert driver.step == 10  # never changed, so it is as the new class has it
        assert not hasattr(driver, "unused")
        await send(device, Switch.off)
        await send(device, Switch.on)
        assert driver.sent == 11


@dataclass(frozen=True)
class Paces:
    pace: int = 5
    extra: bool = True


class Paced(Bench):
    settings: Paces  # type: ignore[assignment]


async def test_the_settings_are_read_again() -> None:
    async with BenchDevice() as peer:
        device = new_device(Bench, peer.address, settings={"pace": 3, "extra": False})
        async with online(device):
            await device.replace_driver(Paced)
            assert device.driver.settings == Paces(3, extra=False)


# profile and handlers


class More(Bench):
    profile = Profile(Switch, SwitchLevel, TestSpeed, Toggle)

    @handles(Toggle.toggle)
    async def toggle(self) -> None:
        await self.io.call("set", on=True)


class Fewer(Bench):
    profile = Profile(Switch)


async def test_the_declared_profile_and_the_handlers_are_the_new_ones() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        profiles = list[Profile]()
        device.observer.on_profile = lambda: profiles.append(device.profile)
        assert not device.handles(Toggle.toggle)
        await device.replace_driver(More)
        assert device.handles(Toggle.toggle)
        await send(device, Toggle.toggle)
        await device.replace_driver(Fewer)
        assert state_of(device)["level"] is None
        assert profiles == [More.profile, Fewer.profile]
        await device.replace_driver(Brighter)
        assert not device.handles(Toggle.toggle)


async def test_a_profile_of_the_device_itself_stays() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        device.driver.set_profile(Profile(Switch))
        await device.replace_driver(More)
        assert device.profile == Profile(Switch)


# the transport


class Slower(Bench):
    options = JsonRpcOptions(timeout=0.7)


class ByLines(Driver[Lines]):
    id = "test_bench"
    profile = Profile(Switch)
    options = LinesOptions()
    confirm = Confirm.ANSWER

    @override
    async def identify(self) -> str:
        return "bench-1"

    @handles(Switch.on)
    async def turn_on(self) -> None:
        self.io.send('{"method": "set", "params": {"on": true}, "id": 1}')

    @handles(Switch.off)
    async def turn_off(self) -> None:
        """Do nothing."""


async def test_other_options_reconnect_that_device_alone() -> None:
    async with (
        BenchDevice() as peer,
        online(new_device(Bench, peer.address)) as device,
        online(new_device(Bench, peer.address)) as other,
    ):
        losses = list[bool]()
        device.observer.on_available = lambda: losses.append(device.available)
        await device.replace_driver(Slower)
        await until(lambda: peer.accepted == 3)
        await until(lambda: device.connection.status is Status.ONLINE)
        assert device.driver.io.options == Slower.options
        assert hooks_of(device).count("disconnected") == 1
        assert hooks_of(device).count("connected") == 2
        assert hooks_of(other).count("connected") == 1
        assert not losses


async def test_another_transport_is_a_new_connection() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        await device.replace_driver(ByLines)
        assert isinstance(device.driver.io, Lines)
        await until(lambda: device.connection.status is Status.ONLINE)
        assert peer.accepted == 2
        await device.commands.execute(Switch.on, {})
        await until(lambda: peer.state["on"])
        await device.replace_driver(Bench)
        assert isinstance(device.driver.io, JsonRpc)
        await until(lambda: device.connection.status is Status.ONLINE)
        await until(lambda: device.state.get(Switch.switch))


# at any time


async def test_before_it_is_started() -> None:
    async with BenchDevice() as peer:
        device = new_device(Bench, peer.address)
        await device.replace_driver(Brighter)
        async with online(device):
            assert type(device.driver) is Brighter
        assert peer.accepted == 1


async def test_after_it_was_stopped() -> None:
    async with BenchDevice() as peer:
        device = new_device(Bench, peer.address)
        async with online(device):
            pass
        await device.replace_driver(ByLines)
        assert type(device.driver) is ByLines


async def test_while_it_is_offline() -> None:
    device = new_device(Bench, closed_port())
    device.start()
    await until(lambda: device.connection.status is Status.WAITING)
    await device.replace_driver(Brighter)
    assert type(device.driver) is Brighter
    with pytest.raises(OfflineError):
        await send(device, Switch.on)
    await device.stop()


async def test_while_it_is_connecting() -> None:
    async with BenchDevice() as peer:
        peer.deaf = True
        device = new_device(Bench, peer.address)
        device.start()
        await until(lambda: peer.wires)
        await device.replace_driver(Brighter)
        assert type(device.driver) is Brighter
        peer.deaf = False
        await until(lambda: device.available)
        assert hooks_of(device).count("connected") == 1
        await device.stop()


async def test_while_it_is_stopped() -> None:
    async with BenchDevice() as peer:
        device = new_device(Bench, peer.address)
        async with online(device):
            peer.delay = lambda: 0.3
            command = asyncio.create_task(send(device, Switch.on))
            await until(lambda: not device._queue.is_free)
            replacing = asyncio.create_task(device.replace_driver(Brighter))
            await asyncio.sleep(0)
        await replacing
        assert type(device.driver) is Brighter
        with pytest.raises(EdgeError):
            await command


async def test_a_command_is_ended_by_the_driver_that_began_it() -> None:
    class Twice(Bench):
        @handles(Switch.on)
        @override
        async def turn_on(self) -> None:
            await self.io.call("set", level=1)
            await self.io.call("set", on=True)

    async with BenchDevice() as peer, online(new_device(Twice, peer.address)) as device:
        peer.delay = lambda: 0.05
        first = asyncio.create_task(send(device, Switch.on))
        await until(lambda: peer.sets)
        replacing = asyncio.create_task(device.replace_driver(Brighter))
        await asyncio.sleep(0)
        second = asyncio.create_task(send(device, Switch.on))
        await asyncio.gather(first, replacing, second)
        assert peer.sets == [{"level": 1}, {"on": True}, {"on": True, "level": 90}]


async def test_it_waits_for_its_turn_though_all_else_that_waits_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(availability, "GRACE", 0.05)
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.deaf = True
        command = asyncio.create_task(send(device, Switch.on))
        await until(lambda: not device._queue.is_free)
        replacing = asyncio.create_task(device.replace_driver(Brighter))
        await asyncio.sleep(0)
        peer.drop()
        with pytest.raises(EdgeError):
            await command
        await replacing
        assert type(device.driver) is Brighter


# timers


class Ticking(Bench):
    """Sends its name every 50 ms, in different ways."""

    word = "old"

    @override
    async def connected(self) -> None:
        self.every(0.05, self.tick)
        self.every(0.05, partial(self.tell, "partial"))
        self.every(0.05, lambda: self.tell("lambda"))
        self.every(0.05, self.old)
        self.after(0.2, self.later)

    async def tick(self) -> None:
        await self.tell("method")

    async def later(self) -> None:
        await self.tell("later")

    async def old(self) -> None:
        await self.tell("gone")

    async def tell(self, how: str) -> None:
        await self.io.call("set", tick=f"{how} {self.word}")


class TickingOn(Bench):
    word = "new"

    async def tick(self) -> None:
        await self.tell("method")

    async def later(self) -> None:
        await self.tell("later")

    async def tell(self, how: str) -> None:
        await self.io.call("set", tick=f"{how} {self.word}")


def ticks(peer: BenchDevice, since: int = 0) -> list[str]:
    return [each["tick"] for each in peer.sets[since:]]


async def test_timers_go_on_with_the_methods_of_the_new_class() -> None:
    async with BenchDevice() as peer, online(new_device(Ticking, peer.address)) as device:
        await until(
            lambda: {"method old", "partial old", "lambda old", "gone old"} <= {*ticks(peer)}
        )
        await device.replace_driver(TickingOn)
        since = len(peer.sets)
        await until(lambda: "later new" in ticks(peer))
        await until(lambda: ticks(peer).count("lambda new") > 3)
        assert {*ticks(peer, since)} == {"method new", "partial new", "lambda new", "later new"}


class Polling(Bench):
    poll = 0.1


async def test_the_interval_of_the_polling_changes() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        await device.replace_driver(Polling)
        before = peer.requests.count("get")
        await until(lambda: peer.requests.count("get") > before + 5)


# sub-drivers


def sub_driver(parent: AnyDriver, level: int) -> AnyDriver:
    class Sub(parent):  # type: ignore[misc, valid-type]
        @classmethod
        @override
        def can_handle(cls, identity: Identity) -> bool:
            return identity.unique_id == "bench-1"

        @handles(Switch.on)
        async def turn_on(self) -> None:
            await self.io.call("set", on=True, level=level)

    return Sub


async def test_the_sub_driver_is_chosen_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bench, "sub_drivers", [sub_driver(Bench, 11)])
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        await send(device, Switch.on)
        assert peer.sets[-1] == {"on": True, "level": 11}
        Bench.sub_drivers[:] = [sub_driver(Bench, 22)]
        await device.replace_driver(Bench)
        await send(device, Switch.on)
        assert peer.sets[-1] == {"on": True, "level": 22}
        Bench.sub_drivers.clear()
        await device.replace_driver(Bench)
        assert type(device.driver) is Bench
        assert peer.accepted == 1
