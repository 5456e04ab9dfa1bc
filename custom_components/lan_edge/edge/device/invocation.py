"""Carries out a command or an intent: chooses the handlers and calls them."""

from collections.abc import Callable, Coroutine, Hashable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any

from ..capabilities.definition import Attribute, Command
from ..capabilities.intents.base import BoundCommand, Intent
from ..driver.confirm import Confirm
from ..driver.driver import Driver
from ..driver.handlers import Handler
from ..errors import RefusedError, ReplyError, UnsupportedError
from .choices import check_listed
from .command_queue import CommandQueue
from .confirmation import Confirmation, Effects, Rounded, observable
from .core import DeviceCore
from .present_command import present_command
from .session import Session
from .settling import Settling

REPORTED_BY_DEVICE = (Confirm.PUSH, Confirm.READ)
"""The ways of confirming in which the device itself reports the result."""


class HandlerCall:
    """A call of a handler, and the commands that it carries out."""

    __slots__ = ("_handler", "_intent", "commands", "confirm", "effects", "expected", "slow")

    def __init__(
        self,
        handler: Handler,
        commands: list[BoundCommand],
        confirm: Confirm,
        intent: Intent | None,
    ) -> None:
        """Call `handler` with the arguments of the only command, or with `intent`."""
        self._handler = handler
        self._intent = intent
        self.commands = commands
        self.confirm = confirm
        """How the result gets into the state."""
        self.effects: list[Effects] = [c.effects(arguments) for c, arguments in commands]
        """The effects of each of the commands."""
        self.expected: list[Effects] = []
        """The effects that the device must report soon, for each of the commands."""
        self.slow: Effects = []
        """Those that take a while, and that the device does not report by itself."""
        if confirm in REPORTED_BY_DEVICE:
            results = list(zip(commands, self.effects, strict=True))
            self.expected = [observable(effects) for (c, _), effects in results if not c.slow]
            if confirm is Confirm.READ:
                self.slow = [e for (c, _), effects in results if c.slow for e in effects]

    @property
    def seconds(self) -> float:
        """The seconds that its results take, as far as the caller has said."""
        if self._intent is not None:
            return getattr(self._intent, "transition", None) or 0
        return max((arguments.get("rate") or 0 for _, arguments in self.commands), default=0)

    def method(
        self, driver: Driver[Any], components: tuple[str, ...] = ()
    ) -> Callable[[], Coroutine[Any, Any, None]]:
        """Return the driver's method, with its arguments bound.

        One for several components gets these, or that for which the current command is.
        """
        method: Callable[..., Coroutine[Any, Any, None]] = getattr(driver, self._handler.name)
        if self._handler.is_many:
            method = partial(method, components or (driver.component,))
        if self._intent is not None:
            return partial(method, self._intent)
        arguments = self.commands[0][1]
        if lacks := self._handler.left_out:
            arguments = {name: value for name, value in arguments.items() if name not in lacks}
        return partial(method, **arguments) if arguments else method


def call_without_arguments(
    handler: Handler, command: Command[...], confirm: Confirm
) -> HandlerCall:
    """Return the call for a command without arguments; it is always the same."""
    try:
        call: HandlerCall = handler.calls[command, confirm]
    except KeyError:
        call = handler.calls[command, confirm] = handler_call(handler, (command, {}), confirm)
    return call


def handler_call(handler: Handler, command: BoundCommand, confirm: Confirm) -> HandlerCall:
    """Return the call for a command."""
    intent = handler.intent.from_command(*command) if handler.intent else None
    return HandlerCall(handler, [command], confirm, intent)


@dataclass(slots=True)
class InvocationContext:
    """What the invocations of one device share."""

    core: DeviceCore
    session: Session
    queue: CommandQueue
    settling: Settling
    unconfirmed: list[Confirmation] = field(default_factory=list[Confirmation])
    """Commands that were carried out and whose results do not show yet."""
    rounded: Rounded = field(default_factory=dict[tuple[str, str], tuple[Any, Any]])
    """How the device has rounded what was wanted last."""

    def calls_for(self, commands: Iterable[BoundCommand], component: str) -> list[HandlerCall]:
        """Return a call for each command; raise UnsupportedError."""
        return [self._call_for(command, component) for command in commands]

    def _call_for(self, bound: BoundCommand, component: str) -> HandlerCall:
        core, (command, arguments) = self.core, (bound := self._present(bound, component))
        self.require(command, component)
        handler = core.dispatcher.handler_for(type(core.driver), command)
        if handler is None:
            raise UnsupportedError(t"its driver does not handle {command.id}")
        if command.chooses:
            check_listed(core.state, bound, component)
        confirm = self._confirm_by(handler, [bound])
        if arguments:
            return handler_call(handler, bound, confirm)
        return call_without_arguments(handler, command, confirm)

    def calls_for_intent(self, intent: Intent, component: str) -> list[HandlerCall]:
        """Return one call for all of an intent, or one for each of its commands.

        Raises UnsupportedError or ArgumentError.
        """
        core, driver = self.core, self.core.driver
        requested = _bound(intent.single_commands())
        for command, _ in requested:
            self.require(command, component)
        handler = core.dispatcher.intent_handler_for(type(driver), type(intent), requested)
        if handler is not None:
            return [self.call_of(handler, intent, component)]
        read = partial(core.state.get, component=component)
        commands = _bound(intent.commands(read, on_first=driver.on_first))
        return self.calls_for(commands, component)

    def call_of(
        self, handler: Handler, operation: BoundCommand | Intent, component: str
    ) -> HandlerCall:
        """Return the call of a handler for all of an operation; raise UsageError."""
        intent, commands = None, list[BoundCommand]()
        if isinstance(operation, Intent):
            intent, commands = operation, _bound(operation.single_commands())
        else:
            commands.append(operation)
        for bound in commands:
            self.require(bound[0], component)
            if bound[0].chooses:
                check_listed(self.core.state, bound, component)
        return HandlerCall(handler, commands, self._confirm_by(handler, commands), intent)

    def _confirm_by(self, handler: Handler, commands: Iterable[BoundCommand]) -> Confirm:
        """Return how the results get into the state: what is not pushed must be read."""
        driver = self.core.driver
        confirm, pushed = handler.confirm or driver.confirm_by, driver.pushed
        if confirm is not Confirm.PUSH or pushed is None:
            return confirm
        effects = (each for command, arguments in commands for each in command.effects(arguments))
        return confirm if all(attribute in pushed for attribute, _ in effects) else Confirm.READ

    def _present(self, bound: BoundCommand, component: str) -> BoundCommand:
        """Return a command as the driver defines it that there is now."""
        known = self.core.state.profile.components.get(component)
        if known is None or bound[0].capability in known.capabilities:
            return bound
        return present_command(bound, self.core.driver, known.capabilities)

    def require(self, command: Command[...], component: str) -> None:
        """Raise UnsupportedError if the component does not have the command."""
        known = self.core.state.profile.components.get(component)
        if known is None or command.capability not in known.capabilities:
            raise UnsupportedError(
                t"its component {component} has no capability {command.capability.id}"
            )
        if known.lacks and not known.has(command):
            raise UnsupportedError(t"its component {component} has nothing for {command.id}")

    def expect(self, calls: list[HandlerCall], component: str) -> Confirmation:
        """Return the confirmation of the calls, to be created before they are made.

        It takes the place of older ones of the same attributes, once it is `kept`.
        """
        replaces = list[Confirmation]()
        if self.unconfirmed or self.settling.changing:
            newer = {attribute for call in calls for each in call.effects for attribute, _ in each}
            self.unconfirmed = [each for each in self.unconfirmed if not each.update()]
            replaces = [
                older
                for older in self.unconfirmed
                if not newer.isdisjoint(older.open_attributes(component))
            ]
            if self.settling.changing:
                self.settling.forget(component, newer)
        expected = calls[0].expected if len(calls) == 1 else [e for c in calls for e in c.expected]
        confirmation = Confirmation(self.core.state, component, expected, self.rounded)
        confirmation.slow = [each for call in calls for each in call.slow]
        confirmation.seconds = max((call.seconds for call in calls), default=0)
        confirmation.within = self.core.driver.confirm_within
        confirmation.replaces = replaces
        return confirmation

    def kept(self, confirmation: Confirmation) -> Confirmation | None:
        """Keep a confirmation until its results show; return None if they do and nothing moves."""
        confirmation.take_over()
        if not confirmation.update():
            self.unconfirmed.append(confirmation)
        elif not (confirmation.on_the_way or confirmation.slow):
            return None
        return confirmation

    def read_after_failure(self, calls: Iterable[HandlerCall]) -> None:
        """Read the state after a command failed: it may have had an effect."""
        if any(call.confirm is Confirm.READ for call in calls):
            self.session.reading.refresh_soon()

    def unconfirmed_attributes(self, component: str) -> set[Attribute[Any]]:
        """Return the attributes that do not show the results of earlier commands yet."""
        waiting = (each for each in self.unconfirmed if not each.update())
        return {attribute for each in waiting for attribute in each.open_attributes(component)}

    def is_redundant(
        self, call: HandlerCall, component: str, unconfirmed: set[Attribute[Any]]
    ) -> bool:
        """Return whether all attributes have the values that a call would set.

        The values of `unconfirmed` attributes may be out of date, so they do not count.
        """
        if not all(command.redundant_when_set for command, _ in call.commands):
            return False
        effects = dict(chain(*call.effects))
        shown = all(self.core.state.get(a, component) == value for a, value in effects.items())
        return bool(effects) and shown and unconfirmed.isdisjoint(effects)


class Invocation:
    """A command or an intent for one component, to be run in the device's command queue."""

    __slots__ = ("_context", "component", "key", "only_if_last", "operation")

    def __init__(
        self,
        context: InvocationContext,
        operation: BoundCommand | Intent,
        component: str,
        key: Hashable | None,
        *,
        only_if_last: bool = False,
    ) -> None:
        """Carry out `operation`; `key` and `only_if_last` are as in `QueuedRequest`."""
        self._context = context
        self.operation = operation
        self.component = component
        self.key = key
        self.only_if_last = only_if_last

    def validate(self) -> None:
        """Raise UsageError if it is not possible at present."""
        self._calls()

    def _calls(self) -> list[HandlerCall]:
        """Return the calls that it takes at present; raise UsageError if it is not possible."""
        if isinstance(self.operation, Intent):
            return self._context.calls_for_intent(self.operation, self.component)
        return self._context.calls_for((self.operation,), self.component)

    async def run(self) -> Confirmation | None:
        """Call the handlers; return the confirmation, unless everything shows already."""
        context, component = self._context, self.component
        if not context.session.is_online:
            await context.session.ready()
        calls = self._calls()  # not earlier: the driver or the profile may have changed meanwhile
        unconfirmed = context.unconfirmed_attributes(component) if len(calls) > 1 else set()
        confirmation = context.expect(calls, component)
        context.core.driver.component = component
        try:
            await self._run_calls(calls, unconfirmed)
            if any(call.confirm is not Confirm.PUSH for call in calls):
                confirmation.was_read = await self._update_state(calls)
        except RefusedError, ReplyError:
            context.read_after_failure(calls)
            raise
        return context.kept(confirmation)

    async def _run_calls(self, calls: list[HandlerCall], unconfirmed: set[Attribute[Any]]) -> None:
        context = self._context
        core = context.core
        for call in calls:
            if len(calls) == 1 or not context.is_redundant(call, self.component, unconfirmed):
                await core.guard.run(call.method(core.driver))
                if core.pacing.is_active:
                    await core.pacing.sent()

    async def _update_state(self, calls: list[HandlerCall]) -> bool:
        """Update the state with the results that are not reported; return whether it was read."""
        context = self._context
        for call in calls:
            if call.confirm is Confirm.ECHO:
                for attribute, value in chain(*call.effects):
                    context.core.state.emit(attribute, value, self.component)
        reads = any(call.confirm is Confirm.READ for call in calls)
        if not reads or (self.key and context.queue.has_waiting(self.key)):
            return False  # the newer command reads
        if context.core.pacing.is_active and context.queue.waiting:
            return False  # one read after all of them is enough
        await context.session.reading.refresh()
        return True


def _bound(commands: Iterable[BoundCommand]) -> list[BoundCommand]:
    """Return the commands with all their arguments checked; raise ArgumentError."""
    return [(command, command.bind(arguments)) for command, arguments in commands]
