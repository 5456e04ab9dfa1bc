"""How declarations control a command: built-in, redundant, and how its result is confirmed.

The capabilities are the tests' own: the rules are not limited to the standard ones.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    Attribute,
    Builtin,
    Capability,
    Command,
    Driver,
    DriverError,
    Intent,
    JsonRpc,
    OfflineError,
    Profile,
    RefusedError,
    UnconfirmedError,
    UnsupportedError,
    command,
    handles,
)
from lan_edge.capabilities.intents.base import IntentPart
from lan_edge.device.closeness import is_approaching, is_close
from lan_edge.device.confirmation import observable

from ..bench import Bench, BenchDevice, Toggle, new_device, online, send
from ..peers import closed_port, until

# built-in commands


class Upkeep(Capability, id="test.upkeep"):
    @command(builtin=Builtin.READ)
    def read_all(self) -> None:
        """Read everything."""

    @command(builtin=Builtin.PING)
    def look(self) -> None:
        """Check whether it responds."""


class Kept(Bench):
    id = "test_kept"
    profile = Profile(Upkeep)


class KeptByItself(Kept):
    id = "test_kept_by_itself"

    @handles(Upkeep.read_all)
    async def read_all(self) -> None:
        await self.io.call("set", read=True)


async def test_the_framework_reads_and_pings() -> None:
    async with BenchDevice() as peer, online(new_device(Kept, peer.address)) as device:
        peer.requests.clear()
        await send(device, Upkeep.read_all)
        await send(device, Upkeep.look)
        assert peer.requests == ["get", "info"]
        assert (device.history.succeeded, device.history.failed) == (2, 0)
        assert not device.handles(Upkeep.read_all)


async def test_the_drivers_own_handler_is_used_first() -> None:
    async with BenchDevice() as peer, online(new_device(KeptByItself, peer.address)) as device:
        peer.requests.clear()
        await send(device, Upkeep.read_all)
        await send(device, Upkeep.look)
        assert peer.requests == ["set", "info"]


async def test_a_built_in_command_is_queued_and_fails_like_any_command() -> None:
    async with BenchDevice() as peer, online(new_device(Kept, peer.address)) as device:
        peer.requests.clear()
        peer.delay = lambda: 0.02
        await asyncio.gather(*(send(device, c) for c in (Upkeep.look, Upkeep.read_all) * 2))
        assert peer.requests == ["info", "get"] * 2
        with pytest.raises(UnsupportedError, match=r"main has no capability test\.toggle"):
            await send(device, Toggle.toggle)
        with pytest.raises(UnsupportedError, match=r"outlet_1 has no capability test\.upkeep"):
            await device.commands.execute(Upkeep.look, {}, "outlet_1")
        peer.refuse = True
        with pytest.raises(RefusedError, match="not now"):
            await send(device, Upkeep.read_all)
        assert device.history.failed == 2  # an unsupported command, and this one


async def test_a_device_that_is_offline_is_not_read() -> None:
    device = new_device(Kept, closed_port())
    device.start()
    await until(lambda: device.connection.reason)
    for each in (Upkeep.read_all, Upkeep.look):
        with pytest.raises(OfflineError, match=r"^connecting to"):
            await send(device, each)
    await device.stop()


# redundant commands


class Siren(Capability, id="test.siren"):
    armed = Attribute(bool, words=("disarmed", "armed"))
    tone = Attribute(int, minimum=0, maximum=9, off_value=0)

    @command(sets="armed=armed", redundant_when_set=True)
    def arm(self) -> None:
        """Arm it."""

    @command(sets="armed=disarmed")
    def disarm(self) -> None:
        """Disarm it."""

    @command(sets="tone", redundant_when_set=True)
    def set_tone(self, tone: int) -> None:
        """Set the tone."""

    @command(redundant_when_set=True)
    def test_it(self) -> None:
        """Sound once; this sets no attribute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SirenIntent(Intent):
    """The requested changes of a siren."""

    armed: bool | None = None
    tone: int | None = None
    tested: bool | None = None

    id: ClassVar[str] = "test.sirenIntent"
    parts: ClassVar[tuple[IntentPart, ...]] = (
        IntentPart(Siren.arm, ("armed",), True),
        IntentPart(Siren.disarm, ("armed",), False),
        IntentPart(Siren.set_tone, ("tone",)),
        IntentPart(Siren.test_it, ("tested",), True),
    )


class Alarm(Driver[JsonRpc]):
    """A siren without pushes: its results are read."""

    id = "test_alarm"
    profile = Profile(Siren)
    confirm_within = 0.2

    @override
    async def refresh(self) -> None:
        state = await self.io.call("get")
        for key, attribute in ATTRIBUTES.items():
            if key in state:
                self.emit(attribute, state[key])

    @handles(Siren.arm)
    async def arm(self) -> None:
        await self.io.call("set", armed=True)

    @handles(Siren.disarm)
    async def disarm(self) -> None:
        await self.io.call("set", armed=False)

    @handles(Siren.set_tone)
    async def set_tone(self, tone: int) -> None:
        await self.io.call("set", tone=tone)

    @handles(Siren.test_it)
    async def test_it(self) -> None:
        await self.io.call("set", tested=True)


ATTRIBUTES: dict[str, Attribute[Any]] = {"armed": Siren.armed, "tone": Siren.tone}


class AlarmDevice(BenchDevice):
    def __init__(self, **state: object) -> None:
        super().__init__()
        self.state = {"armed": False, "tone": 3, **state}


async def test_redundant_commands_of_an_intent_are_left_out() -> None:
    async with AlarmDevice() as peer, online(new_device(Alarm, peer.address)) as device:
        await device.commands.perform(SirenIntent(armed=True, tone=5))
        await device.commands.perform(SirenIntent(armed=True, tone=6))
        await device.commands.perform(SirenIntent(armed=True, tone=6))
        assert peer.sets == [{"armed": True}, {"tone": 5}, {"tone": 6}]
        peer.sets.clear()
        await device.commands.perform(SirenIntent(armed=False, tone=6))
        await device.commands.perform(SirenIntent(armed=False, tone=7))
        assert peer.sets == [
            {"armed": False},
            {"armed": False},
            {"tone": 7},
        ]  # disarm is not declared redundant


async def test_a_single_command_is_sent_even_if_it_is_redundant() -> None:
    async with AlarmDevice(armed=True) as peer, online(new_device(Alarm, peer.address)) as device:
        await send(device, Siren.arm)
        await device.commands.perform(SirenIntent(armed=True))
        assert peer.sets == [{"armed": True}] * 2


async def test_a_command_that_sets_nothing_is_never_left_out() -> None:
    async with AlarmDevice() as peer, online(new_device(Alarm, peer.address)) as device:
        await device.commands.perform(SirenIntent(armed=False, tested=True))
        assert peer.sets == [{"armed": False}, {"tested": True}]


async def test_nothing_is_redundant_while_another_command_is_unconfirmed() -> None:
    async with AlarmDevice(armed=True) as peer, online(new_device(Alarm, peer.address)) as device:
        peer.idle = True
        disarming = asyncio.create_task(send(device, Siren.disarm))
        await until(lambda: peer.sets)
        peer.idle = False
        peer.state["armed"] = False  # it disarms, which is not read yet
        await device.commands.perform(SirenIntent(armed=True, tone=4))
        assert peer.sets == [{"armed": False}, {"armed": True}, {"tone": 4}]
        assert peer.state["armed"] is True
        await disarming


# confirmation


class Dial(Capability, id="test.dial"):
    angle = Attribute(int, minimum=0, maximum=359, circular=True, meaningless_below=("length", 10))
    length = Attribute(int, minimum=0, maximum=100, off_value=0)
    place = Attribute(int, minimum=0, maximum=359)

    @command(sets=("angle", "length"))
    def point(self, angle: int, length: int) -> None:
        """Point there."""


def test_the_declaration_of_an_attribute() -> None:
    assert (Dial.angle.circular, Dial.place.circular) == (True, False)
    assert Dial.angle.meaningless_below == (Dial.length, 10)
    assert Dial.length.meaningless_below is None
    assert (Dial.length.off_value, Dial.place.off_value) == (0, None)


def test_meaningless_below_must_name_an_attribute_of_the_capability() -> None:
    with pytest.raises(DriverError, match="angle names 'size', which is not an attribute"):

        class _Bad(Capability, id="test.badDial"):
            angle = Attribute(int, meaningless_below=("size", 10))


@pytest.mark.parametrize(
    ("effects", "left"),
    [
        ([(Dial.angle, 90), (Dial.length, 9)], [(Dial.length, 9)]),
        ([(Dial.angle, 90), (Dial.length, 10)], [(Dial.angle, 90), (Dial.length, 10)]),
        ([(Dial.angle, 90)], [(Dial.angle, 90)]),  # the length is not known
        ([(Dial.angle, 90), (Dial.length, 0)], []),
        ([(Dial.place, 0)], [(Dial.place, 0)]),
    ],
)
def test_which_effects_are_observable(effects: Any, left: Any) -> None:
    assert observable(effects) == left


def test_on_a_circle_both_directions_approach_a_value() -> None:
    assert is_approaching(Dial.angle, 350, 340, 10)
    assert not is_approaching(Dial.place, 350, 360, 10)
    assert is_approaching(Dial.place, 350, 340, 10)
    assert not is_approaching(Dial.angle, 350, 350, 10)
    assert is_close(Dial.angle, 8, 10)


@pytest.mark.parametrize(("tone", "is_observable"), [(0, False), (5, True)])
async def test_a_device_need_not_report_that_it_is_off(tone: int, is_observable: bool) -> None:
    async with AlarmDevice() as peer, online(new_device(Alarm, peer.address)) as device:
        peer.idle = True
        if is_observable:
            with pytest.raises(UnconfirmedError, match="tone is still 3, not 5"):
                await send(device, Siren.set_tone, tone=tone)
        else:
            await send(device, Siren.set_tone, tone=tone)
        assert peer.sets == [{"tone": tone}]


def test_the_declaration_of_a_command() -> None:
    commands: list[Command[...]] = [Siren.arm, Siren.disarm, Upkeep.look]
    assert [each.redundant_when_set for each in commands] == [True, False, False]
    assert [each.builtin for each in commands] == [None, None, Builtin.PING]
