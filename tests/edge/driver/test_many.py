"""Handlers for several components: what is checked where they are declared, and which is used."""

from typing import Any

import pytest

from lan_edge import (
    Confirm,
    Driver,
    DriverError,
    JsonRpc,
    LightIntent,
    Profile,
    Switch,
    SwitchLevel,
    handles,
    handles_many,
)
from lan_edge.driver.many import many_handler_for

ON: tuple[Any, dict[str, Any]] = (Switch.on, {})
LEVEL: tuple[Any, dict[str, Any]] = (SwitchLevel.set_level, {"level": 5, "rate": None})


class Rail(Driver[JsonRpc]):
    id = "test_rail"
    profile = Profile(Switch, SwitchLevel)

    @handles_many(LightIntent, confirm=Confirm.ANSWER)
    async def change(self, components: tuple[str, ...], intent: LightIntent) -> None:
        """Change them."""


class Odd(Rail):
    """Some are switched on in another way."""

    @handles(Switch.on)
    async def turn_on(self) -> None:
        """Turn one on."""


def test_it_takes_single_commands_and_whole_intents() -> None:
    for operation in (ON, LightIntent(on=True)):
        handler = many_handler_for(Rail, operation)
        assert handler is not None
        assert (handler[0].name, handler[0].confirm) == ("change", Confirm.ANSWER)
        assert handler[1] == LightIntent(on=True)


def test_what_a_sub_driver_does_otherwise_is_not_done_by_its_parent() -> None:
    assert many_handler_for(Odd, ON) is None
    assert many_handler_for(Odd, LightIntent(on=True)) is None
    assert many_handler_for(Odd, LEVEL) is not None


def test_a_command_of_its_own() -> None:
    class Levels(Driver[JsonRpc]):
        id = "test_levels"
        profile = Profile(SwitchLevel)

        @handles_many(SwitchLevel.set_level)
        async def set_levels(
            self, components: tuple[str, ...], level: int, rate: float | None = None
        ) -> None:
            """Set them."""

    for operation in (LEVEL, LightIntent(level=5)):
        handler = many_handler_for(Levels, operation)
        assert handler is not None
        assert handler[1] == LEVEL
    assert many_handler_for(Levels, LightIntent(on=True, level=5)) is None


def test_what_it_cannot_be() -> None:
    with pytest.raises(DriverError, match=r"takes a command such as Switch\.on, not 'on'"):
        handles_many("on")  # type: ignore[call-overload]
    with pytest.raises(DriverError, match=r"change .* but is not async: write async def change"):

        class Plain(Driver[JsonRpc]):
            id = "test_plain"
            profile = Profile(Switch)

            @handles_many(LightIntent)  # type: ignore[arg-type]
            def change(self, components: tuple[str, ...], intent: LightIntent) -> None:
                """Change them."""

    with pytest.raises(DriverError, match=r"write def turn_on\(self, components\)"):

        class Few(Driver[JsonRpc]):
            id = "test_few"
            profile = Profile(Switch)

            @handles_many(Switch.on)  # type: ignore[arg-type]
            async def turn_on(self, components: tuple[str, ...], level: int) -> None:
                """Turn them on."""
