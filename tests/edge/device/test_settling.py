"""A change that takes a while: its end is read, also where the next poll is far away."""

import asyncio
from typing import Any, override

import pytest

from lan_edge import Confirm, SwitchLevel

from ..bench import Bench, BenchDevice, new_device, online, send, state_of


class Dimmer(Bench):
    """Reports its changes."""

    id = "test_dimmer"


class Silent(Bench):
    """Is read after each command, and otherwise every five minutes."""

    id = "test_silent_dimmer"
    confirm = Confirm.READ


class Slow(BenchDevice):
    """Takes `seconds` to dim, and pushes what it says at first."""

    seconds = 8.0
    dimming: asyncio.Future[None] | None = None

    @override
    async def _answer(self, wire: Any, request: dict[str, Any]) -> None:
        if request["method"] == "set":
            if self.dimming is not None:
                self.dimming.cancel()
            self.dimming = asyncio.ensure_future(self.dim(request["params"]["level"]))
            await self.say(wire, id=request["id"], result={})
            await asyncio.sleep(0.1)
            if not self.quiet:
                await self.push(level=self.state["level"])
        else:
            await super()._answer(wire, request)

    async def dim(self, new: int) -> None:
        old = self.state["level"]
        for step in range(1, 41):
            self.state["level"] = old + (new - old) * step // 40
            await asyncio.sleep(self.seconds / 40)


@pytest.mark.parametrize("family", [Dimmer, Silent])
@pytest.mark.parametrize("seconds", [0.5, 8, 50])
@pytest.mark.parametrize("quiet", [True, False])
async def test_the_end_is_read(family: Any, seconds: float, quiet: bool) -> None:
    async with Slow() as peer, online(new_device(family, peer.address)) as device:
        peer.seconds, peer.quiet = seconds, quiet
        await send(device, SwitchLevel.set_level, level=80)
        assert 0 < state_of(device)["level"] < 80
        await asyncio.sleep(2.5 * seconds + 1)
        assert state_of(device)["level"] == 80
        reads = peer.requests.count("get")
        await asyncio.sleep(120)
        assert peer.requests.count("get") == reads


@pytest.mark.parametrize("family", [Dimmer, Silent])
async def test_a_transition_is_waited_for_although_it_is_hardly_seen(family: Any) -> None:
    """Whether the lamp obeys cannot be seen within the time that a command has."""
    async with Slow() as peer, online(new_device(family, peer.address)) as device:
        peer.seconds = 60
        await send(device, SwitchLevel.set_level, level=4, rate=60)
        assert state_of(device)["level"] == 0
        await asyncio.sleep(63)
        assert state_of(device)["level"] == 4


async def test_a_value_that_stays_near_is_looked_at_twice() -> None:
    async with BenchDevice() as peer, online(new_device(Silent, peer.address)) as device:
        peer.idle = True
        task = asyncio.create_task(send(device, SwitchLevel.set_level, level=50))
        await asyncio.sleep(0.1)
        peer.state["level"] = 47
        await task
        reads = peer.requests.count("get")
        await asyncio.sleep(120)
        assert peer.requests.count("get") == reads + 2


async def test_a_newer_command_ends_it() -> None:
    async with Slow() as peer, online(new_device(Silent, peer.address)) as device:
        peer.seconds = 30
        await send(device, SwitchLevel.set_level, level=80)
        peer.seconds = 0.1
        await send(device, SwitchLevel.set_level, level=30)
        await asyncio.sleep(1)
        reads = peer.requests.count("get")
        await asyncio.sleep(120)
        assert state_of(device)["level"] == 30
        assert peer.requests.count("get") <= reads + 1
