"""Reads of a device that make no sense: what it is for decides whether it is there."""

from typing import override

from lan_edge import Profile, RefusedError, ReplyError, Switch, UnreachableError, handles

from ..bench import Bench, BenchDevice, new_device, online
from ..peers import until


class Polled(Bench):
    id = "test_polled"
    profile = Profile(Switch)
    poll = 1
    pushed = ()

    @override
    async def ping(self) -> str:
        return await self.identify()

    @override
    @handles(Switch.on)
    async def turn_on(self) -> None:
        pass

    @override
    @handles(Switch.off)
    async def turn_off(self) -> None:
        pass


async def test_a_device_whose_reads_make_no_sense_is_unavailable() -> None:
    """It answers its pings, but what it shows becomes older and older."""
    async with BenchDevice() as peer, online(new_device(Polled, peer.address)) as device:
        Polled.fails = {"refresh": ReplyError("the state is missing")}
        try:
            await until(lambda: not device.available, 60)
            assert str(device.connection.reason) == "the state is missing"
        finally:
            Polled.fails = {}
        await until(lambda: device.available, 60)


async def test_a_device_that_refuses_to_be_read_is_there() -> None:
    """It may have been asked too often."""
    async with BenchDevice() as peer, online(new_device(Polled, peer.address)) as device:
        hooks = device.driver.memory.hooks
        Polled.fails = {"refresh": RefusedError("too many requests")}
        try:
            begun = len(hooks)
            await until(lambda: len(hooks) > begun + 5, 60)
            assert device.available
        finally:
            Polled.fails = {}


async def test_a_single_read_that_makes_no_sense_changes_nothing() -> None:
    async with BenchDevice() as peer, online(new_device(Polled, peer.address)) as device:
        for _ in range(3):
            hooks = device.driver.memory.hooks
            begun = len(hooks)
            Polled.fails = {"refresh": ReplyError("the state is missing")}
            await until(lambda: len(hooks) > begun, 60)  # noqa: B023
            Polled.fails = {}
            await until(lambda: len(hooks) > begun + 2, 60)  # noqa: B023
            assert device.available
            assert not isinstance(device.connection.reason, UnreachableError)
