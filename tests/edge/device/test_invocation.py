"""The calls of handlers; a call that is always the same is created only once."""

from typing import Any, override

import pytest

from lan_edge import (
    MAIN,
    Command,
    Confirm,
    Device,
    Driver,
    Http,
    LightIntent,
    Profile,
    Switch,
    SwitchLevel,
    handles,
)
from lan_edge.device.invocation import HandlerCall

from ..bench import new_device


class Lamp(Driver[Http]):
    id = "test_call"
    profile = Profile(Switch, SwitchLevel)
    chosen: Confirm = Confirm.PUSH

    @property
    @override
    def confirm_by(self) -> Confirm:
        return self.chosen

    @handles(Switch.on)
    async def turn_on(self) -> None: ...

    @handles(Switch.off, confirm=Confirm.ECHO)
    async def turn_off(self) -> None: ...

    @handles(LightIntent)
    async def show(self, intent: LightIntent) -> None:
        self.shown = intent


@pytest.fixture
def device() -> Device:
    return new_device(Lamp)


def call(device: Device, command: Command[...], **arguments: Any) -> HandlerCall:
    """Return the call that a command takes."""
    (made,) = device.commands._context.calls_for([(command, arguments)], MAIN)
    return made


def test_a_call_without_arguments_is_the_same_for_all_devices(device: Device) -> None:
    assert call(device, Switch.on) is call(new_device(Lamp), Switch.on)


def test_the_confirmation_is_determined_each_time(device: Device) -> None:
    assert call(device, Switch.on).expected == [[(Switch.switch, True)]]
    driver: Lamp = device.driver  # type: ignore[assignment]
    driver.chosen = Confirm.ANSWER
    assert call(device, Switch.on).confirm is Confirm.ANSWER
    assert call(device, Switch.on).expected == []
    assert call(device, Switch.off).confirm is Confirm.ECHO


async def test_arguments_are_passed_as_the_handler_takes_them(device: Device) -> None:
    level_call = call(device, SwitchLevel.set_level, level=5, rate=None)
    driver: Lamp = device.driver  # type: ignore[assignment]
    await level_call.method(driver)()
    assert driver.shown == LightIntent(level=5)
    assert level_call.effects == [[(SwitchLevel.level, 5)]]
