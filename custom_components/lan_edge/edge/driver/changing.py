"""Handlers that a driver need not write: one method gets what is asked for, by attributes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..capabilities.definition import Attribute, Command
from ..capabilities.intents import Intent
from ..capabilities.standard import (
    ColorControl,
    ColorTemperature,
    FanSpeed,
    FanSpeedPercent,
    Switch,
    SwitchLevel,
)
from .handlers import WRITTEN, handles, marked_methods
from .many import marked_for_many

type Values = Mapping[Attribute[Any], Any]
"""What is asked for, by the attributes that it sets."""
AMOUNTS = (SwitchLevel.level, FanSpeed.fan_speed, FanSpeedPercent.percent)
"""What is off at 0."""
COLORS = (ColorControl.hue, ColorControl.saturation, ColorTemperature.color_temperature)


def turns_off(values: Values) -> bool:
    """Return whether what is asked for is to be off: by its switch, or at a level or speed of 0."""
    return values.get(Switch.switch) is False or any(values.get(each) == 0 for each in AMOUNTS)


def switched(values: Values) -> Values:
    """Return what is asked of a lamp or a fan, with its switch: on, or nothing but off at 0."""
    if turns_off(values):
        return {Switch.switch: False}
    is_on = any(each in values for each in AMOUNTS + COLORS)
    return {Switch.switch: True, **values} if is_on else values


def add_handlers(driver: type[Any], together: tuple[type[Intent], ...]) -> None:
    """Give a driver that is being defined handlers of its parts' commands that call `change`.

    What it or its parents handle is left to them, and so is what sets no attribute.
    """
    for what in unhandled(driver, together):
        method = handler_of(driver, what)
        setattr(driver, method.__name__, method)


def unhandled(
    driver: type[Any], together: tuple[type[Intent], ...]
) -> Iterator[Command[...] | type[Intent]]:
    """Yield the commands that set something and have no handler, and the intents with any."""
    handled = {i for parent in driver.__mro__ for i in vars(parent).get("handlers", {})}
    marked = (*marked_methods(driver), *marked_for_many(driver))
    handled |= {what.id for _, _, what, _ in marked}
    own = [each for part in driver.parts for each in part.commands]
    covered = set[Command[...]]()
    for intent in together:
        parts = {part.command for part in intent.parts}
        is_free = handled.isdisjoint(each.id for each in parts)
        is_wanted = any(each in parts and each.capability is not Switch for each in own)
        if intent.id in handled or (is_free and is_wanted):
            covered |= parts
        if intent.id not in handled and is_free and is_wanted:
            yield intent
    for command in own:
        is_wanted = command.sets is not None and not command.optional
        if is_wanted and command not in covered and command.id not in handled:
            yield command


def handler_of(driver: type[Any], what: Command[...] | type[Intent]) -> Callable[..., Any]:
    """Return a method of a driver that carries out a command or an intent by `change`."""
    method = by_command(what) if isinstance(what, Command) else by_intent()
    method.__name__ = f"_{what.id.replace('.', '_')}"
    method.__qualname__ = driver.change.__qualname__  # where its errors are counted
    setattr(method, WRITTEN, driver.change)
    return handles(what)(method)


def by_command(command: Command[...]) -> Any:
    """Return a method that changes what a command sets."""

    async def method(self: Any, **arguments: Any) -> None:
        await self.change(dict(command.effects(arguments)))

    return method


def by_intent() -> Any:
    """Return a method that changes all that an intent sets."""

    async def method(self: Any, intent: Intent) -> None:
        commands = intent.single_commands()
        effects = (each for command, given in commands for each in command.effects(given))
        await self.change(dict(effects))

    return method
