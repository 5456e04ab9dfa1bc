"""Who carries out a command: the deepest sub-driver that handles it, then its parents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import inspect
import logging
from typing import Any, ClassVar, Protocol

from .capability import Command
from .record import Identity

_LOGGER = logging.getLogger(__name__)


class Family(Protocol):
    """A driver class, as the dispatcher sees it."""

    id: ClassVar[str]
    handlers: ClassVar[Mapping[str, Handler]]
    """The class's own handlers by command id, without its parents'."""
    sub_drivers: ClassVar[list[type[Family]]]

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        """Whether this sub-driver is for that device."""
        ...


@dataclass(frozen=True, slots=True)
class Handler:
    """A handler's name in its class, and where it stands."""

    name: str
    owner: str
    where: str

    @classmethod
    def of(cls, function: Callable[..., Any]) -> Handler:
        """Describe a function in a class body."""
        code = inspect.unwrap(function).__code__
        owner = function.__qualname__.rpartition(".")[0]
        return cls(function.__name__, owner, f"{code.co_filename}:{code.co_firstlineno}")


class Dispatcher:
    """Chooses the sub-driver for a device, and the handler for a command."""

    def __init__(self, family: type[Family]) -> None:
        """Dispatch within one driver and its sub-drivers."""
        self._family = family
        self._cache: dict[tuple[type[Family], str], Handler | None] = {}

    def choose(self, identity: Identity) -> type[Family]:
        """Return the deepest sub-driver for the device; of several, the first registered."""
        chosen = self._family
        while (deeper := _first_match(chosen, identity)) is not None:
            chosen = deeper
        return chosen

    def find(self, driver: type[Family], command: Command[...]) -> Handler | None:
        """Return what handles the command, or None."""
        key = (driver, command.id)
        if key not in self._cache:
            tables = (vars(c).get("handlers", {}) for c in driver.__mro__)
            self._cache[key] = next((t[command.id] for t in tables if command.id in t), None)
        return self._cache[key]

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


def _first_match(driver: type[Family], identity: Identity) -> type[Family] | None:
    return next((s for s in driver.sub_drivers if _matches(s, identity)), None)


def _matches(driver: type[Family], identity: Identity) -> bool:
    try:
        return driver.can_handle(identity)
    except Exception:
        _LOGGER.exception("%s.can_handle failed; taken as no", driver.__name__)
        return False
