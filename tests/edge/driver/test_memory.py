"""What a driver remembers: in which form it may be, what of it is kept, and who takes it over."""

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
    """How fast."""

    SLOW = "slow"
    FAST = "fast"


class Step(Enum):
    """How far."""

    ONE = 1
    TWO = 2


@dataclass
class Everything:
    """One of each that can be stored, and one that is not."""

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
TOLD = Everything(["a"], 7, 2.0, True, "Lamp", "x", Pace.FAST, Step.TWO, ("a", "b"), ((1, 2), ()))


# its form


def test_what_is_marked_is_stored_as_json_and_read_back() -> None:
    class Keeper(Bench):
        id = "test_keeper"
        memory: Everything  # type: ignore[assignment]

    assert Keeper.stored_memory == NAMES
    stored = json.loads(json.dumps(stored_values(TOLD, NAMES)))
    assert read_memory(Everything, stored) == replace(TOLD, session=[])


def test_what_is_wrong_is_left_at_its_default() -> None:
    stored = {
        **{name: {"a": 1} for name in NAMES},
        "count": 1001,
        "names": ["a", 5],
        "session": ["not", "stored"],
        "from_before": 5,
    }
    assert read_memory(Everything, stored) == Everything()
    assert read_memory(Everything, {"count": 5, "name": 5}) == Everything(count=5)


def test_filling_leaves_what_is_not_told_as_it_is() -> None:
    memory = replace(TOLD)
    fill_memory(memory, {"count": 8, "name": 5, "session": ["b"]})
    assert memory == replace(TOLD, count=8)


def test_without_a_memory_nothing_is_read() -> None:
    assert read_memory(None, {"count": 5}) is None
    assert new_device(Bench).driver.stored_memory == ()


@dataclass(frozen=True)
class Frozen:
    """Cannot be assigned to."""

    count: int = 0


@dataclass
class NoDefault:
    """Cannot be made."""

    count: int


@dataclass
class Mapped:
    """Would store what has no schema."""

    counts: Annotated[dict[str, int], Stored()] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class Pair:
    """Two numbers."""

    left: int = 0
    right: int = 0


@dataclass
class Nested:
    """Would store what JSON has not."""

    pair: Annotated[Pair, Stored()] = Pair()


@dataclass
class Bytes:
    """Would store what JSON has not."""

    keys: Annotated[tuple[bytes, ...], Stored()] = ()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (int, "is not a dataclass whose fields all have a default"),
        (Frozen, "is not a dataclass whose fields all have a default"),
        (NoDefault, "is not a dataclass whose fields all have a default"),
        (Mapped, "is not a supported type"),
        (Nested, "memory: pair cannot be stored"),
        (Bytes, "memory: keys cannot be stored"),
    ],
)
def test_what_cannot_be_a_memory(kind: type, said: str) -> None:
    with pytest.raises(DriverError, match=said):

        class Odd(Bench):
            id = "test_odd"
            memory: kind  # type: ignore[valid-type]


# what a matcher tells


@dataclass
class Sighted:
    """What is told of a device where it is found."""

    token: str = ""
    model: Annotated[str, Stored()] = ""
    count: int = 0


def test_a_matcher_that_fills_a_field_the_memory_lacks() -> None:
    with pytest.raises(DriverError, match="memory: matchers fill other, token, which it lacks"):

        class Odd(Driver[JsonRpc]):
            id = "test_odd"
            profile = Profile()
            memory: BenchMemory
            discovery = (
                Mdns("_a._tcp.local.", fields={"token": "{txt[token]}", "hooks": "{name}"}),
                Mdns("_b._tcp.local.", fields={"other": "{name}"}),
            )


def test_a_matcher_that_fills_where_there_is_no_memory() -> None:
    with pytest.raises(DriverError, match="memory: matchers fill token, and there is no memory"):

        class Odd(Driver[JsonRpc]):
            id = "test_odd"
            profile = Profile()
            discovery = (Mdns("_a._tcp.local.", fields={"token": "{txt[token]}"}),)


def test_what_a_matcher_told_is_in_the_memory_from_the_start() -> None:
    class Told(Bench):
        id = "test_told"
        memory: Sighted  # type: ignore[assignment]
        discovery = (Mdns("_a._tcp.local.", fields={"token": "{txt[t]}", "model": "{name}"}),)

    device = Device(Told, Record(fields={"token": "t", "model": "m", "count": "text"}))
    assert device.driver.memory.token == "t"
    assert device.driver.memory.model == "m"
    device.driver.memory.model = "n"
    device._core._keep_memory()
    assert device.record.fields == {"token": "t", "model": "n", "count": "text"}


# what is kept of it


@dataclass
class Counts(BenchMemory):
    """How often something happened."""

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
    """Return what is stored of the count."""
    count: int = device.record.fields.get("ever", 0)
    return count


def counted(device: Device) -> tuple[int, int]:
    """Return what is remembered."""
    memory: Counts = device.driver.memory
    return memory.ever, memory.now


async def test_what_is_stored_survives_and_the_rest_is_of_this_run() -> None:
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


async def test_a_drop_does_not_take_the_memory_away() -> None:
    async with BenchDevice() as peer, online(new_device(Counting, peer.address)) as device:
        peer.drop()
        await until(lambda: device.connection.attempts == 2 and counted(device) == (6, 6))
        await until(lambda: kept(device) == 6)


async def test_each_change_is_told_once_and_nothing_else() -> None:
    async with BenchDevice() as peer, online(new_device(Counting, peer.address)) as device:
        told: list[int] = []
        device.observer.on_record = lambda: told.append(kept(device))
        await peer.push(level=1)
        await peer.push(counts=True)
        await until(lambda: told)
        await peer.push(level=2)
        await peer.push(counts=True)
        await until(lambda: len(told) == 2)
        assert told == [4, 5]


async def fails(device: Device, peer: BenchDevice) -> None:
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
        fails,
        reading_fails,
    ],
)
async def test_whatever_changes_it_has_it_stored(
    what: Callable[[Device, BenchDevice], Any],
) -> None:
    async with BenchDevice() as peer, online(new_device(Counting, peer.address)) as device:
        await what(device, peer)
        await until(lambda: counted(device)[0] >= 4)
        await until(lambda: kept(device) == counted(device)[0])


@pytest.mark.parametrize("end", [Device.stop, Device.remove])
async def test_what_its_last_hooks_change_is_stored_as_well(end: Callable[..., Any]) -> None:
    async with BenchDevice() as peer:
        device = new_device(Counting, peer.address)
        async with online(device):
            await end(device)
            assert kept(device) == 5


async def test_what_pairing_and_checking_change_is_stored() -> None:
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
        other.take_over(device)
        assert counted(other) == (4, 0)
        async with online(other):
            assert kept(other) == 7


# from one version of a driver to the next


class Plain(Counting):
    """A family, with versions for the models of its devices."""

    id = "test_plain_memory"


@dataclass
class ProCounts(Counts):
    """Has one more, and stores what its parent does not."""

    now: Annotated[int, Stored()] = 0
    levels: Annotated[tuple[int, ...], Stored()] = ()


@dataclass
class Other:
    """Shares one name with the others."""

    ever: Annotated[int, Stored()] = 0
    hooks: list[str] = field(default_factory=list[str])
    now: int = 0


class Versions:
    """A family whose `Pro` is for the model pro, and whose `Old` for the model old."""

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


def become(device: Device, model: str) -> Any:
    """Have the device turn out to be of a model; return its memory."""
    device.record.identity = replace(device.identity, model=model)
    device._session._handshake._choose_driver()
    return device.driver.memory


async def test_another_sub_driver_takes_the_memory_over() -> None:
    versions = Versions()
    async with BenchDevice() as peer:
        device = new_device(versions.family, peer.address)
        async with online(device):
            peer.drop()
            device.record.identity = replace(device.identity, model="pro")
            await until(lambda: device.connection.attempts == 2 and device.connection.status)
            await until(lambda: counted(device) == (6, 6))
            assert type(device.driver) is versions.pro
            assert type(device.driver.memory) is ProCounts
            assert device.driver.memory.hooks[0] == "added"
            await until(lambda: device.record.fields == {"ever": 6, "now": 6, "levels": []})


def test_what_the_other_one_lacks_comes_from_what_is_stored() -> None:
    versions = Versions()
    device = new_device(versions.family)
    memory = become(device, "pro")
    memory.ever, memory.levels = 5, (1, 2)
    device._core._keep_memory()
    memory = become(device, "")
    assert type(memory) is Counts
    assert memory.ever == 5
    memory.ever = 6
    device._core._keep_memory()
    assert device.record.fields == {"ever": 6, "now": 0, "levels": [1, 2]}
    memory = become(device, "pro")
    assert (memory.ever, memory.levels) == (6, (1, 2))


def test_a_memory_of_another_kind_takes_what_has_the_same_name() -> None:
    versions = Versions()
    device = Device(versions.family, Record(Identity("x"), fields={"ever": 3, "levels": [1]}))
    device.driver.memory.now = 9
    memory = become(device, "old")
    assert type(memory) is Other
    assert (memory.ever, memory.now) == (3, 9)
    device._core._keep_memory()
    assert device.record.fields == {"ever": 3, "levels": [1]}


def test_the_sub_driver_of_a_known_model_reads_its_own_at_once() -> None:
    versions = Versions()
    fields = {"ever": 3, "now": 4, "levels": [1, "x"]}
    device = Device(versions.family, Record(Identity("x", model="pro"), fields=fields))
    assert device.driver.memory == ProCounts([], 3, 4, ())
