"""What a handler is called for, and that it is made once where it is always the same."""

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
    told: Confirm = Confirm.PUSH

    @property
    @override
    def confirm_by(self) -> Confirm:
        return self.told

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
    (made,) = device.commands._bench.calls_for([(command, arguments)], MAIN)
    return made


def test_without_arguments_it_is_the_same_for_all_devices(device: Device) -> None:
    assert call(device, Switch.on) is call(new_device(Lamp), Switch.on)


def test_how_it_is_confirmed_is_asked_each_time(device: Device) -> None:
    assert call(device, Switch.on).expected == [[(Switch.switch, True)]]
    driver: Lamp = device.driver  # type: ignore[assignment]
    driver.told = Confirm.ANSWER
    assert call(device, Switch.on).confirm is Confirm.ANSWER
    assert call(device, Switch.on).expected == []
    assert call(device, Switch.off).confirm is Confirm.ECHO


async def test_arguments_go_as_the_handler_wants_them(device: Device) -> None:
    wanted = call(device, SwitchLevel.set_level, level=5, rate=None)
    driver: Lamp = device.driver  # type: ignore[assignment]
    await wanted.of(driver)()
    assert driver.shown == LightIntent(level=5)
    assert wanted.effects == [[(SwitchLevel.level, 5)]]
