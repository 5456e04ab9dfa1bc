"""A command is done when it shows: told, read back, or taken as done."""

import asyncio
import time
from typing import Any, override

import pytest

from lan_edge import (
    ColorControl,
    ColorTemperature,
    Confirm,
    Mode,
    OfflineError,
    RefusedError,
    Switch,
    SwitchLevel,
    ThermostatHeatingSetpoint,
    UnconfirmedError,
    handles,
)
from lan_edge.device.confirmation import is_close, is_on_its_way, judgeable

from ..bench import Bench, BenchDevice, TestSpeed, new_device, online, send, state_of
from ..peers import until


class Hasty(Bench):
    """Has but half a second."""

    id = "test_hasty"
    confirm_within = 0.4


class Reader(Hasty):
    """Reads back what it did."""

    id = "test_reader"
    confirm = Confirm.READ


class Each(Hasty):
    """Is confirmed in another way for each command."""

    id = "test_each"

    @override
    @handles(Switch.on, confirm=Confirm.ECHO)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True)

    @override
    @handles(Switch.off, confirm=Confirm.ANSWER)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)


@pytest.mark.parametrize("family", [Hasty, Reader])
async def test_yes_and_nothing_done_is_an_error_and_shown_as_it_is(family: Any) -> None:
    async with BenchDevice() as peer, online(new_device(family, peer.address)) as device:
        seen = list[Any]()
        device.state.subscribe(Switch.switch, "main", lambda: seen.append(state_of(device)))
        peer.idle = True
        begun = time.monotonic()
        said = r"said yes, but switch\.switch is still False, not True"
        with pytest.raises(UnconfirmedError, match=said):
            await send(device, Switch.on)
        assert 0.3 < time.monotonic() - begun < 1.5
        assert seen == []  # the state did not flip there and back
        assert device.available
        peer.idle = False
        await send(device, Switch.on)
        assert [s["on"] for s in seen] == [True]


async def test_what_is_not_told_is_read() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.quiet = True
        await send(device, Switch.on)
        assert state_of(device)["on"] is True


async def test_slow_one_is_read_again() -> None:
    async with BenchDevice() as peer, online(new_device(Reader, peer.address)) as device:
        peer.idle = True
        task = asyncio.create_task(send(device, Switch.on))
        await asyncio.sleep(0.15)
        assert not task.done()
        peer.state["on"] = True
        await task
        assert state_of(device)["on"] is True


async def test_newer_command_takes_over() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.quiet = True
        first = asyncio.create_task(send(device, Switch.on))
        await until(lambda: peer.sets)
        await send(device, Switch.off)  # which holds already, as far as the state tells
        await first
        assert peer.sets == [{"on": True}, {"on": False}]


async def test_all_whose_values_gave_way_learn_that_nothing_was_done() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        peer.delay = lambda: 0.05
        levels = (30, 50, 70, 90)
        tasks = [asyncio.create_task(send(device, SwitchLevel.set_level, level=n)) for n in levels]
        await until(lambda: len(peer.sets) == 2)
        await asyncio.sleep(0.1)
        tasks[1].cancel()  # who does not care any more says nothing about the others
        _, *ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert [s["level"] for s in peer.sets] == [30, 90]
        assert [type(end) for end in ends] == [
            asyncio.CancelledError,
            UnconfirmedError,
            UnconfirmedError,
        ]
        assert not any(e.callers for e in device.commands._bench.unconfirmed)


async def test_off_by_its_level_takes_over_too() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        first = asyncio.create_task(send(device, SwitchLevel.set_level, level=90))
        await until(lambda: peer.sets)
        await send(device, SwitchLevel.set_level, level=0)  # which cannot be judged itself
        await first


async def test_ramp_is_on_its_way() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        task = asyncio.create_task(send(device, SwitchLevel.set_level, level=80))
        await until(lambda: peer.sets)
        await peer.push(level=7)
        await task


async def test_what_goes_elsewhere_is_not_on_its_way() -> None:
    """A hand at the device, or what was sent to it earlier, while it says yes and does nothing."""
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.state["level"] = 82
        await device.commands.refresh()
        peer.idle = True
        task = asyncio.create_task(send(device, SwitchLevel.set_level, level=56))
        await until(lambda: peer.sets)
        peer.state["level"] = 19
        await peer.push(level=19)
        with pytest.raises(UnconfirmedError, match="level is still 19, not 56"):
            await task


def test_which_change_is_on_its_way() -> None:
    def leads(attribute: Any, before: Any, now: Any, wanted: Any) -> bool:
        return is_on_its_way(attribute, before, now, wanted)

    assert leads(SwitchLevel.level, 10, 20, 80)
    assert leads(SwitchLevel.level, None, 20, 80)
    assert not leads(SwitchLevel.level, 10, 10, 80)
    assert not leads(SwitchLevel.level, 20, 10, 80)
    assert not leads(Switch.switch, True, False, True)
    assert leads(Mode.mode, "a", "b", "c")
    assert leads(ColorControl.hue, 95, 99, 5)  # by 0


async def test_what_turns_out_to_be_the_other_was_not_done() -> None:
    async with BenchDevice() as peer, online(new_device(Reader, peer.address)) as device:
        peer.idle = True
        peer.state["on"] = True  # by hand, and not told
        with pytest.raises(UnconfirmedError):
            await send(device, Switch.off)
        assert state_of(device)["on"] is True


async def test_by_command_and_by_echo() -> None:
    async with BenchDevice() as peer, online(new_device(Each, peer.address)) as device:
        peer.idle = True
        await send(device, Switch.on)
        assert state_of(device)["on"] is True
        await send(device, Switch.off)
        assert state_of(device)["on"] is True  # its answer is enough; it never told


async def test_refusal_comes_in_the_devices_words() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.refuse = True
        with pytest.raises(RefusedError, match="not now"):
            await send(device, Switch.on)
        assert all(each.is_met for each in device.commands._bench.unconfirmed)


async def test_gone_before_it_shows() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        peer.idle = True
        task = asyncio.create_task(send(device, Switch.on))
        await until(lambda: peer.sets)
        peer.deaf = True
        peer.drop()
        with pytest.raises(OfflineError, match="is offline"):
            await task


async def test_nothing_is_left_of_what_was_waited_for() -> None:
    async with BenchDevice() as peer, online(new_device(Hasty, peer.address)) as device:
        listeners = device.state._subscribers
        before = {key: len(each) for key, each in listeners.items()}
        peer.idle = True
        task = asyncio.create_task(send(device, Switch.on))
        await until(lambda: peer.sets)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(UnconfirmedError):
            await send(device, Switch.on)
        await send(device, TestSpeed.set_speed, speed=0)
        assert {k: len(each) for k, each in listeners.items() if each} == {
            k: n for k, n in before.items() if n
        }


HUE, PALE = ColorControl.hue, ColorControl.saturation


@pytest.mark.parametrize(
    ("effects", "left"),
    [
        ([(SwitchLevel.level, 0)], []),  # off to many, who keep their level
        ([(SwitchLevel.level, 1)], [(SwitchLevel.level, 1)]),
        ([(HUE, 50.0), (PALE, 0.0)], [(PALE, 0.0)]),  # white has no hue
        ([(HUE, 50.0), (PALE, 60.0)], [(HUE, 50.0), (PALE, 60.0)]),
    ],
)
def test_what_cannot_be_judged(effects: Any, left: Any) -> None:
    assert judgeable(effects) == left


@pytest.mark.parametrize(
    ("attribute", "value", "wanted", "expected"),
    [
        (SwitchLevel.level, 31, 30, True),
        (SwitchLevel.level, 10, 1, True),  # the least of many lamps
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
