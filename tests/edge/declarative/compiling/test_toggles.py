"""A device that only toggles is sent that where it is needed, and never twice."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web
import pytest

from lan_edge import (
    Address,
    Alarm,
    Command,
    Device,
    EdgeError,
    RefusedError,
    Switch,
    WindowShade,
    connect,
)
from lan_edge.declarative.compiling.toggles import Toggle, Toggles
from tests.clock import now
from tests.drivers.described import compiled

LAMP = """
description: 1
id: lamp
name: Lamp
talks: http
requests: {status: {get: /status}}
components:
  main:
    category: light
    switch:
      switch: {path: light}
      'on': {get: /press, query: {light: toggle}}
      'off': {get: /press, query: {light: toggle}}
  gate:
    windowShade:
      windowShade: {path: gate, map: {0: closed, 1: open, 2: closing, 3: opening}}
      open: {get: /press, query: {gate: toggle}}
      close: {get: /press, query: {gate: toggle}}
"""
ASSUMED = """
description: 1
id: fan
name: Fan
talks: http
confirm: echo
requests: {status: {get: /status}}
components:
  main:
    switch:
      'on': {get: /press, query: {light: toggle}}
      'off': {get: /press, query: {light: toggle}}
"""
SIREN = """
description: 1
id: siren
name: Siren
talks: http
confirm: answer
requests: {status: {get: /status}}
components:
  main:
    alarm:
      alarm: {path: siren, map: {0: 'off'}}
      siren: {get: /press, query: {light: toggle}}
      strobe: {get: /press, query: {light: toggle}}
      both: {get: /press, query: {light: toggle}}
      'off': {get: /press, query: {light: off}}
"""


class Buttons:
    """A device with buttons only: a press changes what it is, and it says so."""

    def __init__(self) -> None:
        self.state = {"light": 0, "gate": 0, "siren": 0}
        self.pressed: list[str] = []
        self.breaks = False
        """Whether it does not answer the next press, which it carries out."""
        self.lag = 0.0
        """Seconds until it says what it has become."""
        self._told = [(0.0, dict(self.state))]

    async def status(self, _request: web.Request) -> web.Response:
        late = now() - self.lag
        told = [state for at, state in self._told if at <= late] if self.lag else [self.state]
        return web.json_response({key: each for key, each in told[-1].items() if each >= 0})

    async def press(self, request: web.Request) -> web.Response:
        [name] = request.query
        self.pressed.append(name)
        self.state[name] = 3 - self.state[name] if name == "gate" else 1 - self.state[name]
        self._told.append((now(), dict(self.state)))
        if self.breaks and request.transport is not None:
            request.transport.close()
        return web.json_response({})


@asynccontextmanager
async def there(buttons: Buttons, text: str = LAMP) -> AsyncGenerator[Device]:
    """Run the device, connected."""
    app = web.Application()
    app.router.add_get("/status", buttons.status)
    app.router.add_get("/press", buttons.press)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        address = Address("127.0.0.1", runner.addresses[0][1])
        async with connect(compiled(text), address) as device:
            yield device
    finally:
        await runner.cleanup()


async def test_it_is_sent_only_where_it_is_needed() -> None:
    buttons = Buttons()
    async with there(buttons) as device:
        for command, on in ((Switch.off, 0), (Switch.on, 1), (Switch.on, 1), (Switch.off, 0)):
            await device.commands.execute(command, {})
            assert buttons.state["light"] == on
    assert buttons.pressed == ["light", "light"]


async def test_what_the_device_is_now_counts_not_what_it_was() -> None:
    buttons = Buttons()
    async with there(buttons) as device:
        buttons.state["light"] = 1  # by hand
        await device.commands.execute(Switch.on, {})
    assert buttons.pressed == []


async def test_what_is_on_the_way_is_left_alone() -> None:
    buttons = Buttons()
    async with there(buttons) as device:
        for shown in (3, 1):
            buttons.state["gate"] = shown
            await device.commands.execute(WindowShade.open, {}, "gate")
        assert buttons.pressed == []
        await device.commands.execute(WindowShade.close, {}, "gate")
        assert buttons.pressed == ["gate"]


@pytest.mark.parametrize(("second", "pressed", "light"), [(Switch.on, 1, 1), (Switch.off, 2, 0)])
async def test_a_device_may_say_later_what_it_has_become(
    second: Command[...], pressed: int, light: int
) -> None:
    buttons = Buttons()
    async with there(buttons) as device:
        buttons.lag = 0.4
        first = asyncio.create_task(device.commands.execute(Switch.on, {}))
        await asyncio.sleep(0.15)
        await device.commands.execute(second, {})
        await first
        await asyncio.sleep(0.5)
        assert (len(buttons.pressed), buttons.state["light"]) == (pressed, light)
        await device.commands.execute(second, {})
    assert (len(buttons.pressed), buttons.state["light"]) == (pressed, light)


async def test_what_is_changed_by_hand_after_it_has_shown_is_toggled_again() -> None:
    buttons = Buttons()
    async with there(buttons) as device:
        await device.commands.execute(Switch.on, {})
        buttons.state["light"] = 0
        await device.commands.execute(Switch.on, {})
    assert buttons.state["light"] == 1


async def test_one_that_loses_the_answer_and_says_it_later_is_not_told_twice() -> None:
    buttons = Buttons()
    async with there(buttons) as device:
        buttons.lag, buttons.breaks = 0.4, True
        with pytest.raises(EdgeError):
            await device.commands.execute(Switch.on, {})
        buttons.breaks = False
        await device.commands.execute(Switch.on, {})
    assert buttons.pressed == ["light"]
    assert buttons.state["light"] == 1


async def test_what_it_never_shows_is_forgotten() -> None:
    """Or each report of the device would take longer for ever."""
    toggles, toggle = Toggles(), Toggle(Switch.switch, wanted=True)
    with toggles.pressing(toggle, "main", within=1.0):
        pass
    toggles.shows(Switch.switch, "main", value=False)
    assert toggles.are_waiting
    await asyncio.sleep(1.1)
    toggles.shows(Switch.switch, "main", value=False)
    assert not toggles.are_waiting


async def test_what_has_more_than_two_states_does_not_toggle() -> None:
    buttons = Buttons()
    async with there(buttons, SIREN) as device:
        for command in (Alarm.siren, Alarm.siren, Alarm.strobe):
            await device.commands.execute(command, {})
    assert buttons.pressed == ["light"] * 3


async def test_what_is_unknown_is_not_toggled() -> None:
    buttons = Buttons()
    async with there(buttons) as device:
        buttons.state["light"] = -1
        with pytest.raises(RefusedError, match="only toggle"):
            await device.commands.execute(Switch.on, {})
    assert buttons.pressed == []


async def test_it_is_not_sent_again_if_the_answer_is_missing() -> None:
    buttons = Buttons()
    async with there(buttons) as device:
        buttons.breaks = True
        with pytest.raises(EdgeError):
            await device.commands.execute(Switch.on, {})
        assert buttons.pressed == ["light"]


async def test_what_is_never_read_is_always_sent() -> None:
    buttons = Buttons()
    async with there(buttons, ASSUMED) as device:
        for command in (Switch.on, Switch.on, Switch.off):
            await device.commands.execute(command, {})
    assert buttons.pressed == ["light"] * 3
