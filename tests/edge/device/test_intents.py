"""Intents on their way to a driver: in one call where it handles them, else command by command."""

import asyncio
from typing import Any, ClassVar, override

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from lan_edge import (
    ArgumentError,
    ColorControl,
    Driver,
    DriverError,
    JsonRpc,
    LightIntent,
    Profile,
    Switch,
    SwitchLevel,
    UnsupportedError,
    handles,
)

from ..bench import Bench, BenchDevice, new_device, online


class Whole(Bench):
    """Handles all of an intent; of its parents' handlers, none is for it."""

    id = "test_whole"
    wanted: ClassVar[list[LightIntent]] = []

    @handles(LightIntent)
    async def change(self, intent: LightIntent) -> None:
        self.wanted.append(intent)
        asked = intent.requested()
        await self.io.call("set", **{k: v for k, v in asked.items() if k in {"on", "level"}})


class OwnOff(Whole):
    """Turns off in its own way."""

    id = "test_own_off"

    @override
    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False, speed=0)


class OnFirst(Bench):
    """Takes nothing while it is off."""

    id = "test_on_first"
    turn_on_first = True


async def test_whole_in_one_call_with_what_is_asked_for_alone() -> None:
    Whole.wanted.clear()
    async with BenchDevice() as peer, online(new_device(Whole, peer.address)) as device:
        await device.commands.perform(LightIntent(on=True, level=30))
        assert peer.sets == [{"on": True, "level": 30}]
        await device.commands.execute(SwitchLevel.set_level, {"level": 40})
        await device.commands.execute(Switch.off, {})
    assert Whole.wanted == [
        LightIntent(on=True, level=30),
        LightIntent(level=40),
        LightIntent(on=False),
    ]


async def test_a_sub_drivers_own_command_is_not_passed_over() -> None:
    Whole.wanted.clear()
    async with BenchDevice() as peer, online(new_device(OwnOff, peer.address)) as device:
        await device.commands.perform(LightIntent(on=True, level=30))
        await device.commands.perform(LightIntent(on=False))
        assert peer.sets == [{"on": True, "level": 30}, {"on": False, "speed": 0}]
        assert "OwnOff.turn_off" in device.explain(Switch.off)[-1]
        assert "Whole.change" in device.explain(Switch.on)[-1]
    assert Whole.wanted == [LightIntent(on=True, level=30)]


class Both(Whole):
    """Handles an intent, and one of its commands in another way, in the same class."""

    id = "test_both"

    @override
    @handles(LightIntent)
    async def change(self, intent: LightIntent) -> None:
        await super().change(intent)

    @override
    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False, speed=1)


async def test_of_one_class_a_commands_own_handler_goes_first() -> None:
    async with BenchDevice() as peer, online(new_device(Both, peer.address)) as device:
        await device.commands.execute(Switch.on, {})
        await device.commands.execute(Switch.off, {})
        assert peer.sets == [{"on": True}, {"on": False, "speed": 1}]


async def test_what_waits_for_a_part_that_goes_is_not_sent() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.delay = lambda: 0.05
        calls = [
            device.commands.execute(Switch.on, {}),
            device.commands.execute(SwitchLevel.set_level, {"level": 9}),
        ]
        tasks = [asyncio.create_task(call) for call in calls]
        await asyncio.sleep(0.01)
        device.driver.set_profile(Profile(Switch))
        first, second = await asyncio.gather(*tasks, return_exceptions=True)
        assert first is None
        assert isinstance(second, UnsupportedError)
        assert peer.sets == [{"on": True}]


async def test_split_in_order_with_nothing_in_between() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.delay = lambda: 0.01
        await asyncio.gather(
            device.commands.perform(LightIntent(on=True, level=30)),
            device.commands.execute(Switch.off, {}),
            device.commands.perform(LightIntent(on=True, level=50, transition=1)),
        )
        assert peer.sets == [
            *({"level": 30}, {"on": True}),
            {"on": False},
            *({"level": 50, "rate": 1}, {"on": True}),
        ]


async def test_on_is_not_said_again_to_what_is_on() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        await device.commands.perform(LightIntent(on=True, level=30))
        await device.commands.perform(LightIntent(on=True, level=40))
        await device.commands.perform(LightIntent(on=True))
        assert peer.sets == [{"level": 30}, {"on": True}, {"level": 40}, {"on": True}]


async def test_on_goes_first() -> None:
    async with BenchDevice() as peer, online(new_device(OnFirst, peer.address)) as device:
        await device.commands.perform(LightIntent(on=True, level=30))
        assert peer.sets == [{"on": True}, {"level": 30}]


async def test_a_slider_gives_way_but_not_past_another_command() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.delay = lambda: 0.02
        sliding = [device.commands.perform(LightIntent(on=True, level=n)) for n in range(1, 20)]
        await asyncio.gather(*sliding)
        assert peer.sets == [{"level": 1}, {"on": True}, {"level": 19}]
        peer.sets.clear()
        await asyncio.gather(
            device.commands.perform(LightIntent(on=True, level=30)),
            device.commands.perform(LightIntent(on=True, level=31)),
            device.commands.execute(Switch.off, {}),
            device.commands.perform(LightIntent(on=True, level=32)),
        )
        assert peer.sets == [
            *({"level": 30}, {"level": 31}, {"on": False}),
            *({"level": 32}, {"on": True}),
        ]


async def test_an_off_never_gives_way_to_an_on() -> None:
    Whole.wanted.clear()
    async with BenchDevice() as peer, online(new_device(Whole, peer.address)) as device:
        peer.delay = lambda: 0.02
        wanted = [LightIntent(on=on, transition=1) for on in (True, False, True, True, False)]
        await asyncio.gather(*map(device.commands.perform, wanted))
        assert [w.on for w in Whole.wanted] == [True, False, True, False]


what = st.sampled_from(["on", "off", "dim"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(what, st.booleans()), min_size=1, max_size=10))
async def test_never_an_on_lost(wanted: list[tuple[str, bool]]) -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.delay = lambda: 0.001
        tasks = list[asyncio.Task[None]]()
        for place, (name, pause) in enumerate(wanted, 1):
            level = place if name == "dim" else None
            intent = LightIntent(on=name != "off", level=level)
            tasks.append(asyncio.create_task(device.commands.perform(intent)))
            await asyncio.sleep(0.003 if pause else 0)
        await asyncio.gather(*tasks)
        assert peer.state["on"] is (wanted[-1][0] != "off")
        dimmed = [place for place, (name, _) in enumerate(wanted, 1) if name == "dim"]
        assert peer.state["level"] == (dimmed[-1] if dimmed else 0)


@pytest.mark.parametrize(
    ("intent", "error", "said"),
    [
        (LightIntent(level=101), ArgumentError, "101 is not within 0 to 100"),
        (LightIntent(hue=1, saturation=1), UnsupportedError, "has no colorControl on main"),
    ],
)
@pytest.mark.parametrize("family", [Bench, Whole])
async def test_what_cannot_be_is_told_before_anything_is_sent(
    intent: LightIntent, error: type[Exception], said: str, family: Any
) -> None:
    async with BenchDevice() as peer, online(new_device(family, peer.address)) as device:
        with pytest.raises(error, match=said):
            await device.commands.perform(intent)
        assert peer.sets == []


def test_a_handler_of_an_intent_is_checked() -> None:
    with pytest.raises(DriverError, match="change handles LightIntent, which is passed as one"):

        class Two(Driver[JsonRpc]):
            id = "test_two"
            profile = Profile(Switch)

            @handles(LightIntent)  # type: ignore[arg-type]
            async def change(self, on: bool, level: int) -> None:
                """Take two arguments."""

    with pytest.raises(DriverError, match="but the profile has none of its commands"):

        class Nothing(Driver[JsonRpc]):
            id = "test_nothing"
            profile = Profile()

            @handles(LightIntent)
            async def change(self, intent: LightIntent) -> None:
                """Be of no use."""

    with pytest.raises(DriverError, match=r"no handler for colorControl\.setColor"):

        class Color(Driver[JsonRpc]):
            id = "test_color"
            profile = Profile(ColorControl)
