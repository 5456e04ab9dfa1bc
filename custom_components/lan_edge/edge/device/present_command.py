"""A command that waited while the driver's file was saved, as the new file defines it."""

from collections.abc import Iterable
from typing import Any

from ..capabilities.definition import Capability, Command
from ..capabilities.intents.base import BoundCommand
from ..driver.driver import Driver
from ..driver.renewal import GONE, Renewal


def present_command(
    bound: BoundCommand, driver: Driver[Any], capabilities: Iterable[type[Capability]]
) -> BoundCommand:
    """Return a command of one of the `capabilities` for one of the same id in a former file.

    Any other is returned as it is. Raises ArgumentError for arguments that it no longer takes.
    """
    former, arguments = bound
    if (command := _of_same_id(former, capabilities)) is None:
        return bound
    of = Renewal(driver).of
    renewed = {name: of(value) for name, value in arguments.items()}
    given = {name: value for name, value in renewed.items() if value is not GONE}
    return command, command.bind(given)


def _of_same_id(
    former: Command[...], capabilities: Iterable[type[Capability]]
) -> Command[...] | None:
    commands = (
        command
        for capability in capabilities
        if capability.id == former.capability.id
        for command in capability.commands
    )
    return next((command for command in commands if command.id == former.id), None)
