"""Who carries out a command: the deepest sub-driver that handles it, then its parents."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
import inspect
import logging
from typing import Any, ClassVar, Protocol

from .capability import Command
from .confirm import Confirm
from .intents import INTENTS, Intent, Step
from .record import Identity

_LOGGER = logging.getLogger(__name__)


class Family(Protocol):
    """A driver class, as the dispatcher sees it."""

    id: ClassVar[str]
    handlers: ClassVar[Mapping[str, Handler]]
    """The class's own handlers by the id of a command or intent, without its parents'."""
    sub_drivers: ClassVar[list[type[Family]]]

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        """Whether this sub-driver is for that device."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Handler:
    """A handler's name in its class, and where it stands; itself alone is the same."""

    name: str
    owner: str
    where: str
    intent: type[Intent] | None = None
    """The intent that it takes, where it is not a command's arguments."""
    confirm: Confirm | None = None
    """How what it does gets into the state, where not as its driver says."""

    @classmethod
    def of(
        cls,
        function: Callable[..., Any],
        intent: type[Intent] | None = None,
        confirm: Confirm | None = None,
    ) -> Handler:
        """Describe a function in a class body."""
        code = inspect.unwrap(function).__code__
        owner = function.__qualname__.rpartition(".")[0]
        where = f"{code.co_filename}:{code.co_firstlineno}"
        return cls(function.__name__, owner, where, intent, confirm)


class Dispatcher:
    """Chooses the sub-driver for a device, and the handler for a command."""

    def __init__(self, family: type[Family]) -> None:
        """Dispatch within one driver and its sub-drivers."""
        self._family = family
        self._cache: dict[tuple[type[Family], Command[...]], Handler | None] = {}

    def choose(self, identity: Identity) -> type[Family]:
        """Return the deepest sub-driver for the device; of several, the first registered."""
        chosen = self._family
        while (deeper := _first_match(chosen, identity)) is not None:
            chosen = deeper
        return chosen

    def find(self, driver: type[Family], command: Command[...]) -> Handler | None:
        """Return what handles the command, or None.

        In each class, a handler of the command itself goes before one of an intent.
        """
        try:
            return self._cache[driver, command]
        except KeyError:
            ids = [command.id, *(i.id for i in INTENTS if i.covers(command))]
            tables = (table[i] for table in _tables(driver) for i in ids if i in table)
            found = self._cache[driver, command] = next(tables, None)
            return found

    def find_whole(
        self, driver: type[Family], intent: type[Intent], steps: Iterable[Step]
    ) -> Handler | None:
        """Return what handles the intent in one call; None if single commands must do it.

        A sub-driver that handles one of the commands in its own way is not passed over.
        """
        ids = {command.id for command, _ in steps}
        for table in _tables(driver):
            if intent.id in table:
                return table[intent.id]
            if ids & table.keys():
                return None
        return None

    def explain(self, identity: Identity, command: Command[...]) -> list[str]:
        """Say, line by line, who handles the command for that device, and why."""
        lines: list[str] = []
        chosen = self._family
        while True:
            lines += [
                f"{sub.__name__}: {'matches' if _matches(sub, identity) else 'does not match'}"
                f" model {identity.model or 'unknown'!r}, firmware {identity.firmware!r}"
                for sub in chosen.sub_drivers
            ]
            deeper = _first_match(chosen, identity)
            if deeper is None:
                break
            chosen = deeper
        lines.append(f"driver {chosen.__name__}")
        handler = self.find(chosen, command)
        if handler is None:
            return [*lines, f"{command.id}: nobody handles it"]
        return [
            *lines,
            f"{command.id}: {handler.owner}.{handler.name} ({handler.where})",
        ]


def _tables(driver: type[Family]) -> Iterator[Mapping[str, Handler]]:
    """Yield the handlers of each class, the deepest first."""
    return (vars(c).get("handlers", {}) for c in driver.__mro__)


def _first_match(driver: type[Family], identity: Identity) -> type[Family] | None:
    return next((s for s in driver.sub_drivers if _matches(s, identity)), None)


def _matches(driver: type[Family], identity: Identity) -> bool:
    try:
        return driver.can_handle(identity)
    except Exception:
        _LOGGER.exception("%s.can_handle failed; taken as no", driver.__name__)
        return False
