"""Chooses the sub-driver of a device, and the handler of a command: its own, or of its parents."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
import logging
from pathlib import PurePath

from ..capabilities.definition import Command
from ..capabilities.intents import INTENTS, Intent
from ..capabilities.intents.base import BoundCommand
from ..diagnostics.failures import place_of
from .driver import AnyDriver
from .handlers import Handler
from .identity import Identity
from .returns import wrong_return

_LOGGER = logging.getLogger(__name__)


class Dispatcher:
    """Chooses the sub-driver for a device, and the handler for a command."""

    __slots__ = ("driver",)

    def __init__(self, driver: AnyDriver) -> None:
        """Dispatch to `driver` and its sub-drivers."""
        self.driver = driver

    def choose(self, identity: Identity) -> AnyDriver:
        """Return the most specific sub-driver for the device; of several, the first registered."""
        chosen = self.driver
        while (matching := _first_match(chosen, identity)) is not None:
            chosen = matching
        return chosen

    def handler_for(self, driver: AnyDriver, command: Command[...]) -> Handler | None:
        """Return the handler of the command, or None.

        Within a class, a handler of the command itself precedes one of an intent.
        """
        try:
            return driver.handlers_by_command[command]
        except KeyError:
            ids = [command.id, *(i.id for i in INTENTS if i.covers(command))]
            handlers = (table[i] for table in _tables(driver) for i in ids if i in table)
            handler = driver.handlers_by_command[command] = next(handlers, None)
            return handler

    def intent_handler_for(
        self, driver: AnyDriver, intent: type[Intent], commands: Iterable[BoundCommand]
    ) -> Handler | None:
        """Return the handler that takes the whole intent; None if it is sent as commands.

        A parent's handler is not used if a sub-driver handles one of the commands itself.
        """
        ids = {command.id for command, _ in commands}
        for table in _tables(driver):
            if intent.id in table:
                return table[intent.id]
            if ids & table.keys():
                return None
        return None

    def explain(self, identity: Identity, command: Command[...]) -> list[str]:
        """Explain, line by line, which handler carries out the command for the device, and why."""
        lines: list[str] = []
        chosen = self.driver
        while True:
            lines += [
                f"{sub.__name__}: {'matches' if _matches(sub, identity) else 'does not match'}"
                f" model {identity.model or 'unknown'!r}, firmware {identity.firmware!r}"
                for sub in chosen.sub_drivers
            ]
            matching = _first_match(chosen, identity)
            if matching is None:
                break
            chosen = matching
        lines.append(f"driver {chosen.__name__}")
        handler = self.handler_for(chosen, command)
        if handler is None:
            return [*lines, f"{command.id}: no handler"]
        where = "/".join(PurePath(handler.where).parts[-2:])  # who reads it need not know the rest
        return [*lines, f"{command.id}: {handler.title} ({where})"]


def _tables(driver: AnyDriver) -> Iterator[Mapping[str, Handler]]:
    """Yield the handlers of each class, the most specific class first."""
    return (vars(c).get("handlers", {}) for c in driver.__mro__)


def _first_match(driver: AnyDriver, identity: Identity) -> AnyDriver | None:
    return next((s for s in driver.sub_drivers if _matches(s, identity)), None)


def _matches(driver: AnyDriver, identity: Identity) -> bool:
    try:
        matches: object = driver.can_handle(identity)
    except Exception as err:  # noqa: BLE001  # its words may be the device's
        name, place = driver.__name__, place_of(err)
        _LOGGER.error("%s.can_handle failed: the sub-driver is not used: %s", name, place)  # noqa: TRY400
        return False
    if not isinstance(matches, bool):
        _note_wrong_return(str(wrong_return(driver.can_handle, matches, bool)))
    return bool(matches)


@lru_cache(maxsize=64)
def _note_wrong_return(reason: str) -> None:
    """Log once what a `can_handle` has returned that is neither True nor False."""
    _LOGGER.warning("%s: it counts as in an `if`", reason)
