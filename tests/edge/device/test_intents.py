"""Intents: passed to a driver in one call, or as single commands."""

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
    """Handles a whole intent."""

    id = "test_whole"
    intents: ClassVar[list[LightIntent]] = []

    @handles(LightIntent)
    async def change(self, intent: LightIntent) -> None:
        self.intents.append(intent)
        fields = intent.asked()
        await self.io.call("set", **{k: v for k, v in fields.items() if k in {"on", "level"}})


class OwnOff(Whole):
    """Handles off itself."""

    id = "test_own_off"

    @override
    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False, speed=0)


class OnFirst(Bench):
    """Accepts nothing else while it is off."""

    id = "test_on_first"
    on_first = True


async def test_a_whole_intent_in_one_call() -> None:
    Whole.intents.clear()
    async with BenchDevice() as peer, online(new_device(Whole, peer.address)) as device:
        await device.commands.perform(LightIntent(on=True, level=30))
        assert peer.sets == [{"on": True, "level": 30}]
        await device.commands.execute(SwitchLevel.set_level, {"level": 40})
        await device.commands.execute(Switch.off, {})
    assert Whole.intents == [
        LightIntent(on=True, level=30),
        LightIntent(level=40),
        LightIntent(on=False),
    ]


async def test_a_sub_drivers_own_command_precedes_its_parents_intent() -> None:
    Whole.intents.clear()
    async with BenchDevice() as peer, online(new_device(OwnOff, peer.address)) as device:
        await device.commands.perform(LightIntent(on=True, level=30))
        await device.commands.perform(LightIntent(on=False))
        assert peer.sets == [{"on": True, "level": 30}, {"on": False, "speed": 0}]
        assert "OwnOff.turn_off" in device.explain(Switch.off)[-1]
        assert "Whole.change" in device.explain(Switch.on)[-1]
    assert Whole.intents == [LightIntent(on=True, level=30)]


class Both(Whole):
    """Handles an intent and one of its commands in the same class."""

    id = "test_both"

    @override
    @handles(LightIntent)
    async def change(self, intent: LightIntent) -> None:
        await super().change(intent)

    @override
    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False, speed=1)


async def test_in_one_class_a_commands_own_handler_goes_first() -> None:
    async with BenchDevice() as peer, online(new_device(Both, peer.address)) as device:
        await device.commands.execute(Switch.on, {})
        await device.commands.execute(Switch.off, {})
        assert peer.sets == [{"on": True}, {"on": False, "speed": 1}]


async def test_a_waiting_command_fails_when_its_capability_goes() -> None:
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


async def test_an_intent_is_split_with_nothing_in_between() -> None:
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


async def test_on_is_not_sent_again_while_on() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        await device.commands.perform(LightIntent(on=True, level=30))
        await device.commands.perform(LightIntent(on=True, level=40))
        await device.commands.perform(LightIntent(on=True))
        assert peer.sets == [{"level": 30}, {"on": True}, {"level": 40}, {"on": True}]


async def test_on_goes_first() -> None:
    async with BenchDevice() as peer, online(new_device(OnFirst, peer.address)) as device:
        await device.commands.perform(LightIntent(on=True, level=30))
        assert peer.sets == [{"on": True}, {"level": 30}]


async def test_a_newer_level_replaces_a_waiting_one_but_not_past_another_command() -> None:
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


async def test_an_off_is_never_replaced_by_an_on() -> None:
    Whole.intents.clear()
    async with BenchDevice() as peer, online(new_device(Whole, peer.address)) as device:
        peer.delay = lambda: 0.02
        intents = [LightIntent(on=on, transition=1) for on in (True, False, True, True, False)]
        await asyncio.gather(*map(device.commands.perform, intents))
        assert [intent.on for intent in Whole.intents] == [True, False, True, False]


what = st.sampled_from(["on", "off", "dim"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(what, st.booleans()), min_size=1, max_size=10))
async def test_no_on_or_off_is_lost(wanted: list[tuple[str, bool]]) -> None:
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
    ("intent", "error", "message"),
    [
        (LightIntent(level=101), ArgumentError, "101 is outside the range 0 to 100"),
        (LightIntent(hue=1, saturation=1), UnsupportedError, "has no capability colorControl"),
    ],
)
@pytest.mark.parametrize("family", [Bench, Whole])
async def test_an_impossible_intent_fails_before_anything_is_sent(
    intent: LightIntent, error: type[Exception], message: str, family: Any
) -> None:
    async with BenchDevice() as peer, online(new_device(family, peer.address)) as device:
        with pytest.raises(error, match=message):
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
                """Do nothing."""

    with pytest.raises(DriverError, match=r"no handler for colorControl\.setColor"):

        class Color(Driver[JsonRpc]):
            id = "test_color"
            profile = Profile(ColorControl)
