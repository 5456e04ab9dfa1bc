"""A device that reports only some of its changes: the others are polled as usual."""

import asyncio
from typing import Any, override

import pytest

from lan_edge import Driver, DriverError, Http, Profile, Switch, SwitchLevel

from ..bench import Bench, BenchDevice, TestSpeed, new_device, online, send, state_of


class Half(Bench):
    """Its switch and its speed are reported, its level is not."""

    id = "test_half"
    pushed = (Switch.switch, TestSpeed.speed)


class Whole(Bench):
    """All of it is reported, and said to be."""

    id = "test_whole"
    pushed = (Switch.switch, SwitchLevel.level, TestSpeed.speed)


class Leisurely(Half):
    """Has an interval of its own."""

    id = "test_leisurely"
    poll = 40


class HalfDevice(BenchDevice):
    """Reports only its switch."""

    @override
    async def push(self, **state: Any) -> None:
        await super().push(**{"on": state["on"]} if "on" in state else {})


async def test_what_is_not_pushed_is_polled_as_usual() -> None:
    async with HalfDevice() as peer, online(new_device(Half, peer.address)) as device:
        peer.state["level"] = 70
        await asyncio.sleep(12)
        assert state_of(device)["level"] == 70


@pytest.mark.parametrize("family", [Bench, Whole])
async def test_what_is_pushed_is_not(family: Any) -> None:
    async with BenchDevice() as peer, online(new_device(family, peer.address)):
        reads = peer.requests.count("get")
        await asyncio.sleep(250)
        assert peer.requests.count("get") == reads
        await asyncio.sleep(90)
        assert peer.requests.count("get") == reads + 1


async def test_the_drivers_own_interval_counts() -> None:
    async with HalfDevice() as peer, online(new_device(Leisurely, peer.address)):
        reads = peer.requests.count("get")
        await asyncio.sleep(30)
        assert peer.requests.count("get") == reads
        await asyncio.sleep(15)
        assert peer.requests.count("get") == reads + 1


async def test_a_command_that_sets_it_is_read_at_once() -> None:
    async with HalfDevice() as peer, online(new_device(Half, peer.address)) as device:
        await send(device, SwitchLevel.set_level, level=30)
        assert state_of(device)["level"] == 30
        assert peer.requests[-2:] == ["set", "get"]
        await send(device, Switch.on)  # is reported
        assert peer.requests[-1] == "set"


def test_mistakes_are_found_when_it_is_loaded() -> None:
    with pytest.raises(DriverError, match="pushed is not a tuple of attributes"):

        class Words(Driver[Http]):
            id = "test_words"
            profile = Profile()
            pushed = ("switch",)  # type: ignore[assignment]

    with pytest.raises(DriverError, match=r"pushed names switchLevel\.level, but the profile"):

        class Others(Driver[Http]):
            id = "test_others"
            profile = Profile()
            pushed = (SwitchLevel.level,)
