"""Carrying out a command or an intent in the device's turn: which handlers, and what they do."""

from collections.abc import Callable, Coroutine, Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from ..capabilities.definition import Attribute, Command
from ..capabilities.intents.base import BoundCommand, Intent
from ..driver.confirm import Confirm
from ..driver.driver import Driver
from ..driver.handlers import Handler
from ..errors import RefusedError, ReplyError, UnsupportedError
from .command_queue import CommandQueue
from .confirmation import Confirmation, Effects, judgeable
from .core import DeviceCore
from .session import Session

SHOWN_BY_DEVICE = (Confirm.PUSH, Confirm.READ)
"""The ways of confirming in which the device itself shows what was done."""


class HandlerCall:
    """A call of one handler, and the commands that it carries out."""

    __slots__ = ("_handler", "_intent", "commands", "confirm", "effects", "expected")

    def __init__(
        self,
        handler: Handler,
        commands: list[BoundCommand],
        confirm: Confirm,
        intent: Intent | None,
    ) -> None:
        """Call with the arguments of the one command, or with an intent."""
        self._handler = handler
        self._intent = intent
        self.commands = commands
        self.confirm = confirm
        """How its result gets into the state."""
        self.effects: list[Effects] = [c.effects(arguments) for c, arguments in commands]
        """What each of the commands makes of attributes."""
        self.expected: list[Effects] = []
        """What the device must show soon if it did it."""
        if confirm in SHOWN_BY_DEVICE:
            results = zip(commands, self.effects, strict=True)
            self.expected = [judgeable(effects) for (c, _), effects in results if not c.slow]

    def of(self, driver: Driver[Any]) -> Callable[[], Coroutine[Any, Any, None]]:
        """Return what calls the driver's method."""
        method: Callable[..., Coroutine[Any, Any, None]] = getattr(driver, self._handler.name)
        if self._intent is not None:
            return partial(method, self._intent)
        arguments = self.commands[0][1]
        return partial(method, **arguments) if arguments else method


@lru_cache(maxsize=1024)
def _call_without_arguments(
    handler: Handler, command: Command[...], confirm: Confirm
) -> HandlerCall:
    """Return the call for a command without arguments, which is the same each time."""
    return _call(handler, (command, {}), confirm)


def _call(handler: Handler, command: BoundCommand, confirm: Confirm) -> HandlerCall:
    intent = handler.intent.from_command(*command) if handler.intent else None
    return HandlerCall(handler, [command], confirm, intent)


@dataclass(slots=True)
class Workbench:
    """What invocations of one device work with."""

    core: DeviceCore
    session: Session
    queue: CommandQueue
    unconfirmed: list[Confirmation] = field(default_factory=list[Confirmation])
    """What was done and does not show yet."""

    def calls_for(self, commands: Iterable[BoundCommand], component: str) -> list[HandlerCall]:
        """Return a call for each command; raise UnsupportedError."""
        return [self._call_for(command, component) for command in commands]

    def _call_for(self, bound: BoundCommand, component: str) -> HandlerCall:
        core, (command, arguments) = self.core, bound
        self.require(command, component)
        handler = core.dispatcher.handler_for(type(core.driver), command)
        if handler is None:
            raise UnsupportedError(f"{core.label} does not handle {command.id}")
        confirm = handler.confirm or core.driver.confirm_by
        if arguments:
            return _call(handler, bound, confirm)
        return _call_without_arguments(handler, command, confirm)

    def calls_for_intent(self, intent: Intent, component: str) -> list[HandlerCall]:
        """Return one call for all of an intent, or one for each of its commands.

        Raises UnsupportedError or ArgumentError.
        """
        core, driver = self.core, self.core.driver
        asked = _bound(intent.single_commands())
        for command, _ in asked:
            self.require(command, component)
        handler = core.dispatcher.intent_handler_for(type(driver), type(intent), asked)
        if handler is not None:
            return [HandlerCall(handler, asked, handler.confirm or driver.confirm_by, intent)]
        read = partial(core.state.get, component=component)
        commands = _bound(intent.commands(read, turn_on_first=driver.turn_on_first))
        return self.calls_for(commands, component)

    def require(self, command: Command[...], component: str) -> None:
        """Raise UnsupportedError if the component does not have the command."""
        part = self.core.state.profile.components.get(component)
        if part is None or command.capability not in part.capabilities:
            label = self.core.label
            raise UnsupportedError(f"{label} has no {command.capability.id} on {component}")

    def expect(self, calls: list[HandlerCall], component: str) -> Confirmation:
        """Return what will tell whether the calls' results show; note the state of now.

        Whatever was expected of the same attributes before is expected no more.
        """
        if self.unconfirmed:
            newer = {attribute for call in calls for each in call.effects for attribute, _ in each}
            for older in self.unconfirmed:
                if not older.update() and not newer.isdisjoint(older.open_attributes(component)):
                    older.close()
            self.unconfirmed = [each for each in self.unconfirmed if not each.is_met]
        expected = calls[0].expected if len(calls) == 1 else [e for c in calls for e in c.expected]
        return Confirmation(self.core.state, component, expected)

    def unconfirmed_attributes(self, component: str) -> set[Attribute[Any]]:
        """Return the attributes that do not show yet what earlier commands made of them."""
        waiting = (each for each in self.unconfirmed if not each.update())
        return {attribute for each in waiting for attribute in each.open_attributes(component)}

    def is_redundant(
        self, call: HandlerCall, component: str, unconfirmed: set[Attribute[Any]]
    ) -> bool:
        """Return whether all that a call would set is set already, perhaps by the one before.

        What is shown of `unconfirmed` attributes may be out of date.
        """
        if not all(command.redundant_when_set for command, _ in call.commands):
            return False
        effects = dict(chain(*call.effects))
        shown = all(self.core.state.get(a, component) == value for a, value in effects.items())
        return bool(effects) and shown and unconfirmed.isdisjoint(effects)


class Invocation:
    """A command or an intent for one component, to be run in the device's turn."""

    __slots__ = ("_bench", "_component", "_wanted", "key", "only_last")

    def __init__(
        self,
        bench: Workbench,
        wanted: BoundCommand | Intent,
        component: str,
        key: Hashable | None,
        *,
        only_last: bool = False,
    ) -> None:
        """Carry out what is `wanted`; `key` and `only_last` are as in `Request`."""
        self._bench = bench
        self._wanted = wanted
        self._component = component
        self.key = key
        self.only_last = only_last

    def calls(self) -> list[HandlerCall]:
        """Return the calls that it takes as things stand; raise UsageError if it cannot be done."""
        if isinstance(self._wanted, Intent):
            return self._bench.calls_for_intent(self._wanted, self._component)
        return self._bench.calls_for((self._wanted,), self._component)

    async def run(self) -> Confirmation | None:
        """Call the handlers; return what does not show yet of the result."""
        bench, component = self._bench, self._component
        if not bench.session.is_online:
            await bench.session.ready()
        calls = self.calls()  # only now: by now it may be another driver, or have other parts
        unconfirmed = bench.unconfirmed_attributes(component) if len(calls) > 1 else set()
        confirmation = bench.expect(calls, component)
        bench.core.driver.component = component
        try:
            await self._call(calls, unconfirmed)
            if [call for call in calls if call.confirm is not Confirm.PUSH]:
                await self._take_in(calls)
        except RefusedError, ReplyError:
            self._read_back_later(calls)
            raise
        if confirmation.update():
            return None
        bench.unconfirmed.append(confirmation)
        return confirmation

    async def _call(self, calls: list[HandlerCall], unconfirmed: set[Attribute[Any]]) -> None:
        core, bench = self._bench.core, self._bench
        for call in calls:
            if len(calls) == 1 or not bench.is_redundant(call, self._component, unconfirmed):
                await core.guard.run(call.of(core.driver))

    async def _take_in(self, calls: list[HandlerCall]) -> None:
        """Bring into the state what the device does not report by itself."""
        bench = self._bench
        for call in calls:
            if call.confirm is Confirm.ECHO:
                for attribute, value in chain(*call.effects):
                    bench.core.state.emit(attribute, value, self._component)
        reads = any(call.confirm is Confirm.READ for call in calls)
        if reads and not (self.key and bench.queue.has_waiting(self.key)):
            await bench.session.reading.refresh()  # else the newer value is read

    def _read_back_later(self, calls: list[HandlerCall]) -> None:
        """Read back after a command that failed: it may have done something."""
        if any(call.confirm is Confirm.READ for call in calls):
            session = self._bench.session
            session.timers.after(0, session.reading.refresh)


def _bound(commands: Iterable[BoundCommand]) -> list[BoundCommand]:
    """Return the commands with all their arguments; raise ArgumentError."""
    return [(command, command.bind(arguments)) for command, arguments in commands]
