"""A command succeeds when its result shows: reported, read back, or assumed."""

import asyncio
from typing import Any, override

import pytest

from lan_edge import (
    ColorControl,
    ColorTemperature,
    Confirm,
    Device,
    LightIntent,
    Mode,
    OfflineError,
    RefusedError,
    Switch,
    SwitchLevel,
    ThermostatHeatingSetpoint,
    UnconfirmedError,
    error_in,
    handles,
)
from lan_edge.device.closeness import is_approaching, is_close, is_rounded
from lan_edge.device.confirmation import observable
from tests.clock import now

from ..bench import Bench, BenchDevice, TestSpeed, new_device, online, send, state_of
from ..peers import until


class Hasty(Bench):
    """Its commands must show within half a second."""

    id = "test_hasty"
    confirm_within = 0.4


class Reader(Hasty):
    """Its results are read back."""

    id = "test_reader"
    confirm = Confirm.READ


class Each(Hasty):
    """Confirms each command in another way."""

    id = "test_each"

    @override
    @handles(Switch.on, confirm=Confirm.ECHO)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True)

    @override
    @handles(Switch.off, confirm=Confirm.ANSWER)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)


GERMAN = {
    "its_name_is_still_present_not_expected": "„{name}“ ist noch {present}, nicht {expected}",
    "off": "aus",
    "stayed_word": "ist {word} geblieben",
}


@pytest.mark.parametrize("family", [Hasty, Reader])
async def test_an_accepted_command_without_effect_fails_and_the_state_stays_true(
    family: Any,
) -> None:
    async with BenchDevice() as peer, online(new_device(family, peer.address)) as device:
        seen = list[Any]()
        device.state.subscribe(Switch.switch, "main", lambda: seen.append(state_of(device)))
        peer.idle = True
        begun = now()
        with pytest.raises(UnconfirmedError, match=r"^stayed off$") as caught:
            await send(device, Switch.on)
        assert error_in(caught.value, GERMAN) == "ist aus geblieben"
        assert 0.3 < now() - begun < 1.5
        assert seen == []  # the state did not change and change back
        assert device.available
        peer.idle = False
        await send(device, Switch.on)
        assert [s["on"] for s in seen] == [True]


async def test_a_result_that_is_not_reported_is_read() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.quiet = True
        await send(device, Switch.on)
        assert state_of(device)["on"] is True


async def test_a_slow_device_is_read_again() -> None:
    async with BenchDevice() as peer, online(new_device(Reader, peer.address)) as device:
        peer.idle = True
        task = asyncio.create_task(send(device, Switch.on))
        await asyncio.sleep(0.15)
        assert not task.done()
        peer.state["on"] = True
        await task
        assert state_of(device)["on"] is True


async def test_a_newer_command_replaces_an_unconfirmed_one() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.quiet = True
        first = asyncio.create_task(send(device, Switch.on))
        await until(lambda: peer.sets)
        await send(device, Switch.off)  # the state, which is out of date, is off already
        await first
        assert peer.sets == [{"on": True}, {"on": False}]


async def test_the_callers_of_replaced_commands_fail_as_well() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        peer.delay = lambda: 0.05
        levels = (30, 50, 70, 90)
        tasks = [asyncio.create_task(send(device, SwitchLevel.set_level, level=n)) for n in levels]
        await until(lambda: len(peer.sets) == 2)
        await asyncio.sleep(0.1)
        tasks[1].cancel()  # the others still wait
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert [s["level"] for s in peer.sets] == [30, 90]
        assert [type(end) for end in ends] == [
            UnconfirmedError,  # though it was sent itself: nothing was done
            asyncio.CancelledError,
            UnconfirmedError,
            UnconfirmedError,
        ]
        assert not any(e.callers for e in device.commands._context.unconfirmed)


async def test_what_takes_its_place_must_show_before_an_older_command_is_done() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        first = asyncio.create_task(send(device, SwitchLevel.set_level, level=90))
        await until(lambda: peer.sets)
        second = asyncio.create_task(send(device, SwitchLevel.set_level, level=20))
        await until(lambda: len(peer.sets) == 2)
        await asyncio.sleep(0.05)
        assert not first.done()
        await peer.push(level=20)
        await asyncio.gather(first, second)
        assert device.commands._settling.changing == []  # nobody waits for 90 any more


async def test_what_shows_is_done_though_the_newer_command_is_not() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        first = asyncio.create_task(send(device, Switch.on))
        await until(lambda: peer.sets)
        newer = LightIntent(on=True, level=77)
        second = asyncio.create_task(device.commands.perform(newer))
        await until(lambda: len(peer.sets) > 1)
        peer.state["on"] = True
        first_end, second_end = await asyncio.gather(first, second, return_exceptions=True)
        assert first_end is None
        assert isinstance(second_end, UnconfirmedError)


async def test_what_is_refused_takes_nothings_place() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        first = asyncio.create_task(send(device, SwitchLevel.set_level, level=90))
        await until(lambda: peer.sets)
        peer.refuse = True
        with pytest.raises(RefusedError, match="not now"):
            await send(device, SwitchLevel.set_level, level=20)
        assert not first.done()
        peer.refuse = False
        peer.state["level"] = 90
        await first


async def test_off_by_level_0_replaces_an_unconfirmed_level() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        first = asyncio.create_task(send(device, SwitchLevel.set_level, level=90))
        await until(lambda: peer.sets)
        await send(device, SwitchLevel.set_level, level=0)  # which cannot be confirmed itself
        await first


async def test_a_ramp_in_the_right_direction_counts() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        task = asyncio.create_task(send(device, SwitchLevel.set_level, level=80))
        await until(lambda: peer.sets)
        await peer.push(level=7)
        await task


async def test_a_change_in_the_wrong_direction_does_not_count() -> None:
    """The user or an earlier command changes it; the command itself has no effect."""
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.state["level"] = 82
        await device.commands.refresh()
        peer.idle = True
        task = asyncio.create_task(send(device, SwitchLevel.set_level, level=56))
        await until(lambda: peer.sets)
        peer.state["level"] = 19
        await peer.push(level=19)
        with pytest.raises(UnconfirmedError, match=r"^its level is still 19 %, not 56 %$") as lost:
            await task
        assert error_in(lost.value, GERMAN) == "„level“ ist noch 19 %, nicht 56 %"


@pytest.mark.parametrize("family", [Hasty, Reader])
@pytest.mark.parametrize(
    ("before", "wanted"), [(40, 48), (40, 32), (50, 55), (50, 51), (8, 12), (100, 91), (0, 9)]
)
async def test_a_level_that_stays_near_the_wanted_one_is_read_and_fails(
    family: Any, before: int, wanted: int
) -> None:
    """A device that says OK and does nothing, so that a tenth of the range proves nothing."""
    async with BenchDevice() as peer, online(new_device(family, peer.address)) as device:
        await stands_at(peer, device, before)
        peer.idle = True
        with pytest.raises(UnconfirmedError, match=f"its level is still {before} %, not {wanted}"):
            await send(device, SwitchLevel.set_level, level=wanted)
        assert "get" in peer.requests[peer.requests.index("set") :]


@pytest.mark.parametrize("family", [Hasty, Reader])
@pytest.mark.parametrize(("before", "shown", "wanted"), [(40, 47, 48), (40, 50, 44), (45, 52, 48)])
async def test_a_device_that_rounds_has_moved(
    family: Any, before: int, shown: int, wanted: int
) -> None:
    async with BenchDevice() as peer, online(new_device(family, peer.address)) as device:
        await stands_at(peer, device, before)
        peer.idle = True
        task = asyncio.create_task(send(device, SwitchLevel.set_level, level=wanted))
        await until(lambda: peer.sets)
        peer.state["level"] = shown
        await peer.push(level=shown)
        await task


@pytest.mark.parametrize("family", [Hasty, Reader])
async def test_a_device_that_rounds_stays_for_the_same_request(family: Any) -> None:
    """An amplifier in steps of 2 that is set to 41 twice; 42 is another request."""
    async with BenchDevice() as peer, online(new_device(family, peer.address)) as device:
        await stands_at(peer, device, 30)
        peer.idle = True
        task = asyncio.create_task(send(device, SwitchLevel.set_level, level=41))
        await until(lambda: peer.sets)
        peer.state["level"] = 40
        await peer.push(level=40)
        await task
        await send(device, SwitchLevel.set_level, level=41)
        assert peer.requests[-1] == "get"  # what it says now, and not only what it has said
        with pytest.raises(UnconfirmedError, match=r"^its level is still 40 %, not 42 %$"):
            await send(device, SwitchLevel.set_level, level=42)
        await stands_at(peer, device, 60)
        with pytest.raises(UnconfirmedError, match=r"^its level is still 60 %, not 41 %$"):
            await send(device, SwitchLevel.set_level, level=41)
        await stands_at(peer, device, 40)
        with pytest.raises(UnconfirmedError, match=r"^its level is still 40 %, not 41 %$"):
            await send(device, SwitchLevel.set_level, level=41)


async def test_a_level_that_moves_away_proves_nothing() -> None:
    """It stays within the tolerance, but somebody else has moved it."""
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        await stands_at(peer, device, 45)
        peer.idle = True
        task = asyncio.create_task(send(device, SwitchLevel.set_level, level=48))
        await until(lambda: peer.sets)
        peer.state["level"] = 42
        await peer.push(level=42)
        with pytest.raises(UnconfirmedError, match=r"^its level is still 42 %, not 48 %$"):
            await task


@pytest.mark.parametrize("family", [Hasty, Reader])
async def test_a_lamp_at_its_lowest_level_is_as_dark_as_it_can_be(family: Any) -> None:
    async with BenchDevice() as peer, online(new_device(family, peer.address)) as device:
        await stands_at(peer, device, 10)
        peer.idle = True
        await send(device, SwitchLevel.set_level, level=4)
        assert peer.requests[-1] == "get"  # what it says now, and not only what it has said
        with pytest.raises(UnconfirmedError):
            await send(device, SwitchLevel.set_level, level=12)


@pytest.mark.parametrize("family", [Hasty, Reader])
async def test_a_value_that_becomes_unknown_proves_nothing(family: Any) -> None:
    async with BenchDevice() as peer, online(new_device(family, peer.address)) as device:
        await stands_at(peer, device, 40)
        peer.idle = True
        peer.state["level"] = "much"
        await peer.push(level="much")
        await until(lambda: state_of(device)["level"] is None)
        await stands_at(peer, device, 40)
        task = asyncio.create_task(send(device, SwitchLevel.set_level, level=48))
        await until(lambda: peer.sets)
        peer.state["level"] = "much"
        with pytest.raises(UnconfirmedError, match=r"^its level is unknown, not 48 %$"):
            await task


async def test_an_exact_result_takes_no_read() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        reads = peer.requests.count("get")
        for level in (40, 48, 48):
            await send(device, SwitchLevel.set_level, level=level)
        await asyncio.sleep(30)
        assert peer.requests.count("get") == reads


async def stands_at(peer: BenchDevice, device: Device, level: int) -> None:
    """Have the device report a level."""
    peer.state["level"] = level
    await device.commands.refresh()
    assert state_of(device)["level"] == level


def test_which_changes_approach_a_value() -> None:
    assert is_approaching(SwitchLevel.level, 10, 20, 80)
    assert is_approaching(SwitchLevel.level, None, 20, 80)
    assert not is_approaching(SwitchLevel.level, 10, 10, 80)
    assert not is_approaching(SwitchLevel.level, 20, 10, 80)
    assert not is_approaching(Switch.switch, True, False, True)
    assert is_approaching(Mode.mode, "a", "b", "c")
    assert is_approaching(ColorControl.hue, 95, 99, 5)  # across 0


async def test_the_opposite_of_a_command_is_not_its_result() -> None:
    async with BenchDevice() as peer, online(new_device(Reader, peer.address)) as device:
        peer.idle = True
        peer.state["on"] = True  # changed by the user, not reported
        with pytest.raises(UnconfirmedError):
            await send(device, Switch.off)
        assert state_of(device)["on"] is True


async def test_a_result_that_is_unknown_does_not_show() -> None:
    async with BenchDevice() as peer, online(new_device(Reader, peer.address)) as device:
        peer.idle, peer.state["on"], peer.state["level"] = True, None, None
        with pytest.raises(UnconfirmedError, match=r"^its switch is unknown, not on$"):
            await send(device, Switch.on)
        device.state.emit(SwitchLevel.level, 5)
        with pytest.raises(UnconfirmedError, match=r"^its level is unknown, not 50 %$"):
            await send(device, SwitchLevel.set_level, level=50)
        await send(device, SwitchLevel.set_level, level=50)  # unknown before, so nobody can tell


async def test_confirmation_by_command() -> None:
    async with BenchDevice() as peer, online(new_device(Each, peer.address)) as device:
        peer.idle = True
        await send(device, Switch.on)
        assert state_of(device)["on"] is True
        await send(device, Switch.off)
        assert state_of(device)["on"] is True  # the reply is enough; nothing was reported


async def test_a_refusal_has_the_devices_message() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.refuse = True
        with pytest.raises(RefusedError, match="not now"):
            await send(device, Switch.on)
        assert all(each.is_over for each in device.commands._context.unconfirmed)


async def test_a_device_that_is_lost_before_the_result_shows() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        task = asyncio.create_task(send(device, Switch.on))
        await until(lambda: peer.sets)
        peer.deaf = True
        peer.drop()
        with pytest.raises(OfflineError, match=r"^info: no answer$"):
            await task


async def test_a_confirmation_unsubscribes() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        subscribers = device.state._subscribers._by_key
        before = {key: len(each) for key, each in subscribers.items()}
        peer.idle = True
        task = asyncio.create_task(send(device, Switch.on))
        await until(lambda: peer.sets)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(UnconfirmedError):
            await send(device, Switch.on)
        await send(device, TestSpeed.set_speed, speed=0)
        assert {k: len(each) for k, each in subscribers.items() if each} == {
            k: n for k, n in before.items() if n
        }


HUE, PALE = ColorControl.hue, ColorControl.saturation


@pytest.mark.parametrize(
    ("effects", "left"),
    [
        ([(SwitchLevel.level, 0)], []),  # many turn off, and keep their level
        ([(SwitchLevel.level, 1)], [(SwitchLevel.level, 1)]),
        ([(HUE, 50.0), (PALE, 0.0)], [(PALE, 0.0)]),  # white has no hue
        ([(HUE, 50.0), (PALE, 60.0)], [(HUE, 50.0), (PALE, 60.0)]),
    ],
)
def test_which_effects_are_observable(effects: Any, left: Any) -> None:
    assert observable(effects) == left


@pytest.mark.parametrize(
    ("attribute", "value", "wanted", "expected"),
    [
        (SwitchLevel.level, 31, 30, True),
        (SwitchLevel.level, 10, 1, True),  # the minimum of many lamps
        (SwitchLevel.level, 50, 30, False),
        (ColorTemperature.color_temperature, 2702, 2700, True),
        (ColorTemperature.color_temperature, 4000, 2700, False),
        (ThermostatHeatingSetpoint.heating_setpoint, 21.5, 21.0, True),
        (ThermostatHeatingSetpoint.heating_setpoint, 22.0, 21.0, False),
        (Mode.mode, "eco", "eco", True),
        (Mode.mode, "eco", "away", False),
        (Switch.switch, True, True, True),
        (Switch.switch, False, True, False),
    ],
)
def test_how_devices_round(attribute: Any, value: Any, wanted: Any, expected: bool) -> None:
    assert is_close(attribute, value, wanted) is expected


@pytest.mark.parametrize(
    ("attribute", "value", "wanted", "expected"),
    [
        (SwitchLevel.level, 40, 41, False),
        (SwitchLevel.level, 10, 1, True),  # the minimum of many lamps
        (SwitchLevel.level, 10, 0, False),
        (SwitchLevel.level, 11, 1, False),
        (ColorTemperature.color_temperature, 6494, 6500, True),  # one mired
        (ColorTemperature.color_temperature, 4000, 4200, False),
        (ColorControl.hue, 33.3, 33.33, True),
        (ThermostatHeatingSetpoint.heating_setpoint, 21.0, 21.2, True),
        (ThermostatHeatingSetpoint.heating_setpoint, 21.0, 21.5, False),
        (Mode.mode, "eco", "away", False),
        (Switch.switch, False, True, False),
    ],
)
def test_what_is_the_same_to_a_device(
    attribute: Any, value: Any, wanted: Any, expected: bool
) -> None:
    assert is_rounded(attribute, value, wanted) is expected
