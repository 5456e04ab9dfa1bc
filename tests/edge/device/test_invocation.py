"""What a handler is called for, and that it is made once where it is always the same."""

from typing import Any, override

from lan_edge import (
    Confirm,
    Driver,
    Http,
    LightIntent,
    Profile,
    Switch,
    SwitchLevel,
    handles,
)
from lan_edge.device.invocation import HandlerCall, single
from lan_edge.driver.dispatcher import Dispatcher


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


def call(lamp: Any, command: Any, **arguments: Any) -> HandlerCall:
    found = single(Dispatcher(Lamp), lamp, (command, arguments))
    assert found is not None
    return found


def lamp() -> Lamp:
    return object.__new__(Lamp)


def test_without_arguments_it_is_the_same_for_all_devices() -> None:
    dispatcher = Dispatcher(Lamp)
    made = [single(dispatcher, lamp(), (Switch.on, {})) for _ in range(2)]
    assert made[0] is made[1]


def test_how_it_is_confirmed_is_asked_each_time() -> None:
    one = lamp()
    assert call(one, Switch.on).shown == [[(Switch.switch, True)]]
    one.told = Confirm.ANSWER
    assert call(one, Switch.on).confirm is Confirm.ANSWER
    assert call(one, Switch.on).shown == []
    assert call(one, Switch.off).confirm is Confirm.ECHO


async def test_arguments_go_as_the_handler_wants_them() -> None:
    one = lamp()
    wanted = call(one, SwitchLevel.set_level, level=5, rate=None)
    await wanted.of(one)()
    assert one.shown == LightIntent(level=5)
    assert wanted.effects == [[(SwitchLevel.level, 5)]]
