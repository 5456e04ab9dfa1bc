"""What a device that sleeps has been told, until it wakes: the newest values only."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from itertools import count
import logging
import time
from typing import Any

from ..capabilities.definition import Attribute
from ..capabilities.intents.base import BoundCommand, Intent
from ..errors import BusyError, EdgeError, OfflineError, TimedOutError, UnreachableError
from .guard import Labelled
from .invocation import Invocation

_LOGGER = logging.getLogger(__name__)

FELL_ASLEEP = (TimedOutError, UnreachableError, OfflineError)
"""The errors of a command for a device that sleeps after all."""
MAX_ASLEEP = 64
"""The most commands that wait for a device to wake."""
MAX_TRIES = 3
"""How often a device may fall asleep over a command."""


@dataclass(frozen=True, slots=True, eq=False)
class WaitingCommand:
    """A command that waits until its device wakes."""

    invocation: Invocation
    sets: frozenset[Attribute[Any]]
    """The attributes whose values it sets."""
    since: float
    """When it was asked for, in seconds since the epoch."""
    number: int
    """Its place in the order of those that were asked for."""
    tries: int = 0
    """How often the device has fallen asleep over it."""

    def is_superseded_by(self, newer: WaitingCommand) -> bool:
        """Return whether nothing of it would be left after a newer one."""
        is_same = self.invocation.component == newer.invocation.component
        return is_same and self.sets <= newer.sets

    @property
    def name(self) -> str:
        """What it is called: the command or the intent, and its component."""
        operation = self.invocation.operation
        what = operation.id if isinstance(operation, Intent) else operation[0].id
        return f"{what} of {self.invocation.component}"


class Asleep:
    """The commands that wait until one device wakes."""

    __slots__ = ("_device", "_lost", "_numbers", "_run", "_tasks", "waiting")

    def __init__(
        self,
        device: Labelled,
        run: Callable[[Invocation], Coroutine[Any, Any, None]],
        lost: Callable[[EdgeError], None],
    ) -> None:
        """Let nothing wait.

        `run` carries out a command once the device is awake; `lost` is called if it is not.
        """
        self._device = device
        self._run = run
        self._lost = lost
        self._numbers = count()
        self._tasks = set[asyncio.Task[None]]()
        self.waiting: list[WaitingCommand] = []
        """In the order in which they will be sent."""

    def keep(self, invocation: Invocation, tries: int = 0) -> None:
        """Let a command wait; raise OfflineError if it sets no value, BusyError if too many do."""
        if not can_wait(invocation):
            raise OfflineError(t"it sleeps, and only what sets a value can wait until it wakes")
        command = _waiting_command(invocation, next(self._numbers), tries)
        left = [each for each in self.waiting if not each.is_superseded_by(command)]
        if len(left) >= MAX_ASLEEP:
            raise BusyError(t"{MAX_ASLEEP} commands are waiting already until it wakes")
        self.waiting = [*left, command]

    def wake(self) -> None:
        """Send what waits: the device is awake."""
        waiting, self.waiting = self.waiting, []
        for command in waiting:
            task = asyncio.Task(self._send(command), eager_start=True)
            if not task.done():
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def give_up(self, reason: EdgeError) -> None:
        """Let nothing wait any more: the device has been away for too long, or is not used."""
        waiting, self.waiting = self.waiting, []
        for command in waiting:
            self._failed(command, reason)

    async def _send(self, command: WaitingCommand) -> None:
        try:
            await self._run(command.invocation)
        except FELL_ASLEEP as err:
            self._try_again(command, err)
        except EdgeError as err:
            self._failed(command, err)

    def _try_again(self, command: WaitingCommand, reason: EdgeError) -> None:
        """Let a command wait once more, unless a newer one does or it was tried often enough."""
        if command.tries >= MAX_TRIES:
            self._failed(command, reason)
        elif not any(command.is_superseded_by(newer) for newer in self.waiting):
            again = replace(command, tries=command.tries + 1)
            # several may have failed at once, in any order
            self.waiting = sorted([*self.waiting, again], key=lambda each: each.number)
        self._lost(reason)

    def _failed(self, command: WaitingCommand, reason: EdgeError) -> None:
        label, name = self._device.label, command.name
        _LOGGER.warning("%s: %s, which waited until it wakes, failed: %s", label, name, reason)


def can_wait(invocation: Invocation) -> bool:
    """Return whether a command means later what it means now: it sets values.

    A toggle or a step does not.
    """
    commands = _commands_of(invocation.operation)
    return bool(commands) and all(command.sets is not None for command, _ in commands)


def _waiting_command(invocation: Invocation, number: int, tries: int) -> WaitingCommand:
    commands = _commands_of(invocation.operation)
    sets = {attribute for command, given in commands for attribute, _ in command.effects(given)}
    return WaitingCommand(invocation, frozenset(sets), time.time(), number, tries)


def _commands_of(operation: BoundCommand | Intent) -> list[BoundCommand]:
    if not isinstance(operation, Intent):
        return [operation]
    return [(command, command.bind(given)) for command, given in operation.single_commands()]
