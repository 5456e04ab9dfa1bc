"""A change that takes a while: its end is read, also where the next poll is far away."""

import asyncio
from typing import Any, override

import pytest

from lan_edge import (
    Component,
    Confirm,
    JsonRpc,
    Profile,
    ShadeState,
    SwitchLevel,
    WindowShade,
    WindowShadeLevel,
    handles,
)

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


class Shade(Silent):
    """A shade that is at a level, closed only at 0."""

    id = "test_shade"
    profile = Profile(WindowShade, WindowShadeLevel)

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        if "level" in message.data:
            level = message.data["level"]
            self.emit(WindowShadeLevel.shade_level, level)
            self.emit(WindowShade.window_shade, ShadeState.OPEN if level else ShadeState.CLOSED)

    @handles(WindowShade.open)
    async def open(self) -> None:
        await self.io.call("set", level=100)

    @handles(WindowShade.close)
    async def close(self) -> None:
        await self.io.call("set", level=0)

    @handles(WindowShadeLevel.set_shade_level)
    async def set_shade_level(self, shade_level: int) -> None:
        await self.io.call("set", level=shade_level)


class LeavingShade(Shade):
    """Is no longer there once it is closed."""

    id = "test_leaving_shade"

    @override
    @handles(WindowShade.close)
    async def close(self) -> None:
        await super().close()
        self.set_profile(Profile(other=Component((WindowShade,))))


class TellingShade(Shade):
    """Reports where it is by itself."""

    id = "test_telling_shade"
    confirm = Confirm.PUSH


@pytest.mark.parametrize(
    ("command", "given", "end"),
    [
        (WindowShade.open, {}, 100),
        (WindowShade.close, {}, 0),
        (WindowShadeLevel.set_shade_level, {"shade_level": 80}, 80),
    ],
)
async def test_where_a_shade_is_shows_while_it_moves(
    command: Any, given: dict[str, Any], end: int
) -> None:
    async with Slow() as peer, online(new_device(Shade, peer.address)) as device:
        peer.seconds, peer.quiet, peer.state["level"] = 20, True, 40
        await device.commands.refresh()
        await device.commands.execute(command, given)
        for _ in range(9):
            await asyncio.sleep(2)
            shown = device.state.get(WindowShadeLevel.shade_level)
            assert abs(shown - peer.state["level"]) <= 9
        await asyncio.sleep(10)
        assert device.state.get(WindowShadeLevel.shade_level) == end
        reads = peer.requests.count("get")
        await asyncio.sleep(120)
        assert peer.requests.count("get") == reads


async def test_a_shade_that_is_gone_once_it_is_closed_has_been_closed() -> None:
    async with Slow() as peer, online(new_device(LeavingShade, peer.address)) as device:
        await device.commands.execute(WindowShade.close, {})
        assert "main" not in device.profile.components
        await asyncio.sleep(60)  # the device is done as well


async def test_a_shade_that_reports_where_it_is_is_not_asked() -> None:
    async with Slow() as peer, online(new_device(TellingShade, peer.address)) as device:
        peer.seconds, peer.quiet = 10, True
        await device.commands.execute(WindowShade.open, {})
        await asyncio.sleep(4)
        reads = peer.requests.count("get")
        await asyncio.sleep(10)
        assert peer.requests.count("get") == reads


async def test_what_never_stands_still_is_not_looked_at_for_ever() -> None:
    async with Slow() as peer, online(new_device(Shade, peer.address)) as device:
        peer.seconds, peer.quiet = 0.1, True
        await device.commands.execute(WindowShade.open, {})

        async def wobble() -> None:
            while True:
                peer.state["level"] = 100 - peer.state["level"]
                await asyncio.sleep(1.5)

        wobbling = asyncio.ensure_future(wobble())
        await asyncio.sleep(400)
        reads = peer.requests.count("get")
        await asyncio.sleep(250)
        wobbling.cancel()
        assert peer.requests.count("get") - reads <= 1
