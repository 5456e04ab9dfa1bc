"""The memory of a driver: its definition, its storage, and its use by other sub-drivers."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
import json
from typing import Annotated, Any, override

import pytest

from lan_edge import (
    Ask,
    Device,
    Driver,
    DriverError,
    Identity,
    JsonRpc,
    Mdns,
    Pairing,
    Profile,
    Range,
    Record,
    RefusedError,
    Stored,
    Switch,
    handles,
    register,
)
from lan_edge.driver.memory import fill_memory, read_memory, stored_values

from ..bench import Bench, BenchDevice, BenchMemory, new_device, online, send
from ..peers import until


class Pace(StrEnum):
    """A speed."""

    SLOW = "slow"
    FAST = "fast"


class Step(Enum):
    """A distance."""

    ONE = 1
    TWO = 2


@dataclass
class Everything:
    """A field of each type that can be stored, and one that is not stored."""

    session: list[str] = field(default_factory=list[str])
    count: Annotated[int, Range(0, 1000), Stored()] = 0
    offset: Annotated[float, Stored()] = 0.5
    on: Annotated[bool, Stored()] = False
    name: Annotated[str, Stored()] = ""
    nothing: Annotated[str | None, Stored()] = None
    pace: Annotated[Pace, Stored()] = Pace.SLOW
    step: Annotated[Step, Stored()] = Step.ONE
    names: Annotated[tuple[str, ...], Stored()] = ()
    pairs: Annotated[tuple[tuple[int, ...], ...], Stored()] = ()


NAMES = ("count", "offset", "on", "name", "nothing", "pace", "step", "names", "pairs")
FILLED = Everything(["a"], 7, 2.0, True, "Lamp", "x", Pace.FAST, Step.TWO, ("a", "b"), ((1, 2), ()))


# definition


def test_marked_fields_are_stored_as_json_and_read_back() -> None:
    class Keeper(Bench):
        id = "test_keeper"
        memory: Everything  # type: ignore[assignment]

    assert Keeper.stored_memory == NAMES
    stored = json.loads(json.dumps(stored_values(FILLED, NAMES)))
    assert read_memory(Everything, stored) == replace(FILLED, session=[])


def test_wrong_values_are_left_at_their_defaults() -> None:
    stored = {
        **{name: {"a": 1} for name in NAMES},
        "count": 1001,
        "names": ["a", 5],
        "session": ["not", "stored"],
        "from_before": 5,
    }
    assert read_memory(Everything, stored) == Everything()
    assert read_memory(Everything, {"count": 5, "name": 5}) == Everything(count=5)


def test_filling_leaves_the_other_fields_unchanged() -> None:
    memory = replace(FILLED)
    fill_memory(memory, {"count": 8, "name": 5, "session": ["b"]})
    assert memory == replace(FILLED, count=8)


def test_without_a_memory_nothing_is_read() -> None:
    assert read_memory(None, {"count": 5}) is None
    assert new_device(Bench).driver.stored_memory == ()


@dataclass(frozen=True)
class Frozen:
    """Its fields cannot be assigned to."""

    count: int = 0


@dataclass
class NoDefault:
    """Cannot be created without arguments."""

    count: int


@dataclass
class Mapped:
    """Its stored field has no schema."""

    counts: Annotated[dict[str, int], Stored()] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class Pair:
    """Two numbers."""

    left: int = 0
    right: int = 0


@dataclass
class Nested:
    """Its stored field cannot be JSON."""

    pair: Annotated[Pair, Stored()] = Pair()


@dataclass
class Bytes:
    """Its stored field cannot be JSON."""

    keys: Annotated[tuple[bytes, ...], Stored()] = ()


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (int, "is not a dataclass whose fields all have a default"),
        (Frozen, "is not a dataclass whose fields all have a default"),
        (NoDefault, "is not a dataclass whose fields all have a default"),
        (Mapped, "is not a supported type"),
        (Nested, "memory: pair cannot be stored"),
        (Bytes, "memory: keys cannot be stored"),
    ],
)
def test_unsuitable_memories_are_refused(kind: type, message: str) -> None:
    with pytest.raises(DriverError, match=message):

        class Odd(Bench):
            id = "test_odd"
            memory: kind  # type: ignore[valid-type]


# fields filled by a matcher


@dataclass
class Sighted:
    """Filled by a matcher when a device is added."""

    token: str = ""
    model: Annotated[str, Stored()] = ""
    count: int = 0


def test_a_matcher_cannot_fill_a_missing_field() -> None:
    with pytest.raises(DriverError, match="memory: it has no other, token, which matchers fill"):

        class Odd(Driver[JsonRpc]):
            id = "test_odd"
            profile = Profile()
            memory: BenchMemory
            discovery = (
                Mdns("_a._tcp.local.", fields={"token": "{txt[token]}", "hooks": "{name}"}),
                Mdns("_b._tcp.local.", fields={"other": "{name}"}),
            )


def test_a_matcher_cannot_fill_a_missing_memory() -> None:
    with pytest.raises(
        DriverError, match="memory: matchers fill token, but the driver has no memory"
    ):

        class Odd(Driver[JsonRpc]):
            id = "test_odd"
            profile = Profile()
            discovery = (Mdns("_a._tcp.local.", fields={"token": "{txt[token]}"}),)


def test_the_fields_of_a_matcher_are_in_the_memory_from_the_start() -> None:
    class Filled(Bench):
        id = "test_filled"
        memory: Sighted  # type: ignore[assignment]
        discovery = (Mdns("_a._tcp.local.", fields={"token": "{txt[t]}", "model": "{name}"}),)

    device = Device(Filled, Record(fields={"token": "t", "model": "m", "count": "text"}))
    assert device.driver.memory.token == "t"
    assert device.driver.memory.model == "m"
    device.driver.memory.model = "n"
    device._core._save_memory()
    assert device.record.fields == {"token": "t", "model": "n", "count": "text"}


# storage


@dataclass
class Counts(BenchMemory):
    """Counters of events."""

    ever: Annotated[int, Stored()] = 0
    """Since the device was added."""
    now: int = 0
    """In this run."""


class Counting(Bench):
    """Counts its hooks, handlers and messages."""

    id = "test_counting"
    memory: Counts

    @override
    def hook(self, name: str) -> None:
        self.count()
        super().hook(name)

    def count(self) -> None:
        self.memory.ever += 1
        self.memory.now += 1

    @override
    async def ping(self) -> str:
        self.count()
        return await self.identify()

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        if message.data.get("counts"):
            self.count()

    @override
    @handles(Switch.on)
    async def turn_on(self) -> None:
        self.count()
        await self.io.call("set", on=True)

    @override
    async def pair(self, ask: Ask) -> None:
        self.count()


def kept(device: Device) -> int:
    """Return the stored count."""
    count: int = device.record.fields.get("ever", 0)
    return count


def counted(device: Device) -> tuple[int, int]:
    """Return the counts in the memory."""
    memory: Counts = device.driver.memory
    return memory.ever, memory.now


async def test_stored_fields_survive_a_restart_and_others_do_not() -> None:
    async with BenchDevice() as peer:
        device = new_device(Counting, peer.address)
        async with online(device):
            pass
        assert counted(device) == (5, 5)  # added, connected, refresh; goodbye, disconnected
        stored = json.loads(json.dumps(device.record.as_dict()))
        again = Device(Counting, Record.from_dict(stored))
        assert counted(again) == (5, 0)
        async with online(again):
            assert counted(again) == (7, 2)
        assert kept(again) == 9


async def test_the_memory_survives_a_lost_connection() -> None:
    async with BenchDevice() as peer, online(new_device(Counting, peer.address)) as device:
        peer.drop()
        await until(lambda: device.connection.attempts == 2 and counted(device) == (6, 6))
        await until(lambda: kept(device) == 6)


async def test_each_change_is_reported_once() -> None:
    async with BenchDevice() as peer, online(new_device(Counting, peer.address)) as device:
        reported: list[int] = []
        device.observer.on_record = lambda: reported.append(kept(device))
        await peer.push(level=1)
        await peer.push(counts=True)
        await until(lambda: reported)
        await peer.push(level=2)
        await peer.push(counts=True)
        await until(lambda: len(reported) == 2)
        assert reported == [4, 5]


async def command_fails(device: Device, peer: BenchDevice) -> None:
    peer.refuse = True
    with pytest.raises(RefusedError):
        await send(device, Switch.on)
    peer.refuse = False


async def reading_fails(device: Device, peer: BenchDevice) -> None:
    peer.refuse = True
    with pytest.raises(RefusedError):
        await device.commands.refresh()
    peer.refuse = False


async def timer_fails(device: Device, peer: BenchDevice) -> None:
    async def work() -> None:
        device.driver.count()  # type: ignore[attr-defined]
        raise RefusedError("no")

    await device._session.timers.start(work)


async def timer(device: Device, peer: BenchDevice) -> None:
    async def work() -> None:
        device.driver.count()  # type: ignore[attr-defined]

    await device._session.timers.start(work)


@pytest.mark.parametrize(
    "what",
    [
        lambda device, _: device.commands.refresh(),
        lambda device, _: send(device, Switch.on),
        lambda _, peer: peer.push(counts=True),
        lambda device, _: device.change_settings({"pace": 2}),
        lambda device, _: device._session.liveness.ping(),
        timer,
        timer_fails,
        command_fails,
        reading_fails,
    ],
)
async def test_every_change_is_stored(
    what: Callable[[Device, BenchDevice], Any],
) -> None:
    async with BenchDevice() as peer, online(new_device(Counting, peer.address)) as device:
        await what(device, peer)
        await until(lambda: counted(device)[0] >= 4)
        await until(lambda: kept(device) == counted(device)[0])


@pytest.mark.parametrize("end", [Device.stop, Device.remove])
async def test_changes_by_the_last_hooks_are_stored(end: Callable[..., Any]) -> None:
    async with BenchDevice() as peer:
        device = new_device(Counting, peer.address)
        async with online(device):
            await end(device)
            assert kept(device) == 5


async def test_changes_by_pairing_and_checking_are_stored() -> None:
    async with BenchDevice() as peer:
        device = new_device(Counting, unique_id="")

        async def pair(ask: Ask) -> None:
            await device.pair(peer.address, ask)

        pairing = Pairing(pair)
        assert await pairing.question() is None
        await pairing.close()
        assert kept(device) == 1
        await device.check(peer.address)
        assert kept(device) == 4  # connected, refresh, disconnected
        other = new_device(Counting, peer.address)
        other.adopt_pairing(device)
        assert counted(other) == (4, 0)
        async with online(other):
            assert kept(other) == 7


# from one sub-driver to another


class Plain(Counting):
    """A family with sub-drivers for some models."""

    id = "test_plain_memory"


@dataclass
class ProCounts(Counts):
    """Has one more field, and stores one that its parent does not store."""

    now: Annotated[int, Stored()] = 0
    levels: Annotated[tuple[int, ...], Stored()] = ()


@dataclass
class Other:
    """Shares some field names with the others."""

    ever: Annotated[int, Stored()] = 0
    hooks: list[str] = field(default_factory=list[str])
    now: int = 0


class SubDrivers:
    """A family with the sub-drivers `Pro` for the model pro, and `Old` for the model old."""

    def __init__(self) -> None:
        @register
        class Family(Plain):
            pass

        @register
        class Pro(Family):
            memory: ProCounts

            @classmethod
            @override
            def can_handle(cls, identity: Identity) -> bool:
                return identity.model == "pro"

        @register
        class Old(Family):
            memory: Other  # type: ignore[assignment]

            @classmethod
            @override
            def can_handle(cls, identity: Identity) -> bool:
                return identity.model == "old"

        self.family, self.pro, self.old = Family, Pro, Old


def choose(device: Device, model: str) -> Any:
    """Choose the driver for a model of the device; return its memory."""
    device.record.identity = replace(device.identity, model=model)
    device._session.handshake._choose_driver()
    return device.driver.memory


async def test_another_sub_driver_gets_the_memory() -> None:
    drivers = SubDrivers()
    async with BenchDevice() as peer:
        device = new_device(drivers.family, peer.address)
        async with online(device):
            peer.drop()
            device.record.identity = replace(device.identity, model="pro")
            await until(lambda: device.connection.attempts == 2 and device.connection.status)
            await until(lambda: counted(device) == (6, 6))
            assert type(device.driver) is drivers.pro
            assert type(device.driver.memory) is ProCounts
            assert device.driver.memory.hooks[0] == "added"
            await until(lambda: device.record.fields == {"ever": 6, "now": 6, "levels": []})


def test_fields_that_the_other_memory_lacks_come_from_the_storage() -> None:
    drivers = SubDrivers()
    device = new_device(drivers.family)
    memory = choose(device, "pro")
    memory.ever, memory.levels = 5, (1, 2)
    device._core._save_memory()
    memory = choose(device, "")
    assert type(memory) is Counts
    assert memory.ever == 5
    memory.ever = 6
    device._core._save_memory()
    assert device.record.fields == {"ever": 6, "now": 0, "levels": [1, 2]}
    memory = choose(device, "pro")
    assert (memory.ever, memory.levels) == (6, (1, 2))


def test_an_unrelated_memory_gets_the_fields_of_the_same_name() -> None:
    drivers = SubDrivers()
    device = Device(drivers.family, Record(Identity("x"), fields={"ever": 3, "levels": [1]}))
    device.driver.memory.now = 9
    memory = choose(device, "old")
    assert type(memory) is Other
    assert (memory.ever, memory.now) == (3, 9)
    device._core._save_memory()
    assert device.record.fields == {"ever": 3, "levels": [1]}


def test_the_sub_driver_of_a_known_model_reads_its_memory_at_once() -> None:
    drivers = SubDrivers()
    fields = {"ever": 3, "now": 4, "levels": [1, "x"]}
    device = Device(drivers.family, Record(Identity("x", model="pro"), fields=fields))
    assert device.driver.memory == ProCounts([], 3, 4, ())
