"""The driver that a description becomes: it follows its plan."""

import asyncio
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import partial
from typing import Any, override

from ...callbacks import CallbackRequest, Reporting
from ...capabilities.profile import MAIN
from ...driver.summary import DriverSummary
from ...errors import (
    CredentialsError,
    IdentityError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from ...network.ids import one_id
from ...sentences import said, said_by
from ...transports import Options, Transport
from ..reading.received import MISSING, Received, received_of
from .logins import lacks_login
from .messages import is_found, message_of, part_in, part_or_none
from .options import options_of
from .parameters import parameter_values, template_values
from .plan import ReadSource, Values
from .product import product_of
from .sending_driver import CALLBACK_URL, SendingDriver


class DescribedDriver[IO: Transport](SendingDriver[IO]):
    """What the drivers of all descriptions have in common; each has its own plan."""

    @classmethod
    @override
    def summarize(cls) -> DriverSummary:
        products = tuple(each.label for each in cls.plan.description.products)
        return replace(super().summarize(), products=products, is_described=True)

    @override
    def transport_options(self) -> Options:
        if not self.plan.has_variable_options:
            return super().transport_options()
        values = parameter_values(self.settings)
        return options_of(self.plan.description, values, self.plan.login)

    @override
    async def identify(self) -> str:
        self.describe(**product_of(self.plan.description))
        if (identity := self.plan.identity) is None:
            return ""
        name, read = identity
        received = await self._ask_identity(self.plan.requests[name])
        self.describe_by(self.plan.requests[name], received)
        value = read(received)
        if value is None or value is MISSING or value == "":
            raise ReplyError(said(t"{name}: the id of the device is missing"))
        return str(value)

    async def _ask_identity(self, source: ReadSource) -> Received:
        """Send the request for the id; raise CredentialsError if that takes a login.

        Before the device is identified, the driver has no secrets. Some devices then refuse by an
        answer of their own, which only the description understands, or do not answer at all.
        """
        try:
            return await self.ask(source)
        except (RefusedError, TimedOutError, UnreachableError) as err:
            if not lacks_login(self.plan, parameter_values(self.settings), err):
                raise
            raise CredentialsError(said_by(err)) from err

    @override
    async def connected(self) -> None:
        self.reporting = Reporting()
        more = await self._callback_values()
        for at, step in enumerate(self.plan.connected):
            if CALLBACK_URL in step.names and not more:
                continue
            if at and step.wait:
                await asyncio.sleep(step.wait)
            await self.send(step, more)
        for name in self.plan.described_by:
            source = self.plan.requests[name]
            with suppress(RefusedError, ReplyError) if source.is_optional else nullcontext():
                self.describe_by(source, await self.ask(source))

    async def _callback_values(self) -> Values:
        """Return the URL at which the device reaches the hub, if it is needed and there is one.

        Without one, a device that is polled is only polled. Raises UnreachableError.
        """
        if not self.plan.is_called:
            return {}
        try:
            return {CALLBACK_URL: await self.callback_url()}
        except UnreachableError:
            if self.poll_interval is None:
                raise
            return {}

    @override
    async def refresh(self) -> None:
        reporting = self.reporting if self.plan.is_called else None
        before = self._told() if reporting is not None else []
        await self._read_all()
        if reporting is not None and reporting.compare(before, self._told):
            await self._give_url_again()

    def _told(self) -> list[Any]:
        """Return the values that the device posts when they change."""
        slots = (slot for kind in self.plan.kinds for slot in kind.slots)
        return [self.get(slot.attribute, slot.component) for slot in slots]

    async def _give_url_again(self) -> None:
        """Send what has the URL at which the device reaches the hub once more."""
        more = await self._callback_values()
        for step in self.plan.connected:
            if more and CALLBACK_URL in step.names:
                with suppress(RefusedError, ReplyError):  # it is polled as well
                    await self.send(step, more)

    async def _read_all(self) -> None:
        for name in self.plan.polled:
            source = self.plan.requests[name]
            if source.is_optional:
                await self.read_optional(source)
            else:
                await self.read(source)
        for component, attribute, value in self.plan.fixed:
            if self.has(attribute.capability, component):
                self.emit(attribute, value, component)

    @override
    def on_message(self, message: Any) -> None:
        self.take_message(self.plan.talk.received(message))

    def take_message(self, received: Received) -> None:
        """Take what is read from a message: an unasked one, an answer, or what was posted."""
        plan = self.plan
        if received.is_reply:
            if (source := plan.replies.get(received.event)) is not None:
                self.take(source, part_in(source, received), is_whole=True)
            return
        for kind in plan.kinds:
            if (found := message_of(kind, received)) is not None:
                self._take_kind(kind, found)

    def _take_kind(self, kind: ReadSource, message: Received) -> None:
        if kind.refreshes:
            self.refresh_soon(retry=True)
        if (found := part_or_none(kind, message)) is not None:
            self.take(kind, found, is_whole=False)
            if kind.details:
                self.describe_by(kind, found)

    @override
    def on_callback(self, request: CallbackRequest) -> None:
        if self.reporting is not None:
            self.reporting.posted()
        self.take_message(received_of(request.body or dict(request.query) or request.path))

    async def ask(self, source: ReadSource) -> Received:
        """Send a request; return its answer, ready to be read."""
        assert source.step is not None  # noqa: S101  # it is a request
        received = await self.send(source.step, {}) or Received("")
        received.what = source.name
        self.show_parameters()
        if source.recognize is None:
            return part_in(source, received)
        if (found := source.recognize(received)) is None:
            raise ReplyError(said(t"{source.name}: the device sent another kind of answer"))
        return part_in(source, found)

    async def read(self, source: ReadSource) -> bool:
        """Send a request and take what it reads; return True."""
        received = await self.ask(source)
        self._fail_if_other(source, received)
        if source.slots and not source.is_told:
            self.take(source, received, is_whole=True)
        self.describe_by(source, received)
        return True

    def _fail_if_other(self, source: ReadSource, received: Received) -> None:
        """Raise IdentityError if an answer that has the id of the device has that of another one.

        So one that takes its address between two readings is noticed, though nothing more is asked.
        """
        identity, wanted = self.plan.identity, self.identity.unique_id
        if identity is None or identity[0] != source.name or not wanted:
            return
        found = identity[1](received)
        if isinstance(found, str) and found and one_id(found) != one_id(wanted):
            raise IdentityError(wanted, found, self.identity.name or source.name)

    async def read_optional(self, source: ReadSource) -> None:
        """Read what the device may refuse or leave unanswered: then only that is unknown."""
        first = source.slots[0].component if source.slots else MAIN
        own = tuple(slot.attribute for slot in source.slots if slot.component == first)
        if not await self.optional(partial(self.read, source), *own, component=first):
            for slot in source.slots:
                self.emit(slot.attribute, None, slot.component)

    def show_parameters(self) -> None:
        """Let the templates that are evaluated next see the parameters of this device."""
        if (shown := self.plan.parameters) is not None:
            shown.clear()
            values = parameter_values(self.settings)
            shown.update(template_values(self.plan.description, values))

    def take(self, source: ReadSource, received: Received, *, is_whole: bool) -> None:
        """Emit what is read from a message.

        What one that `is_whole` does not have is unknown, what another one does not have unchanged.
        Raises ReplyError if nothing of it can be read: a message that has a value at its place is
        one of the device, though it may say something that the description does not know.
        """
        if self.plan.parameters is not None:
            self.show_parameters()
        emit = self.emit if self.toggles.are_waiting else self._state.emit  # which is faster
        failure, failed = None, 0
        for slot in source.slots:
            try:
                value = slot.read(received)
            except ReplyError as err:
                failure, failed = failure or err, failed + 1
                self.reject(slot.attribute, str(err), slot.component)
                continue
            if value is not MISSING:
                emit(slot.attribute, value, slot.component)
            elif is_whole:
                emit(slot.attribute, None, slot.component)
            else:
                self.unchanged(slot.attribute, slot.component)
        if failure is None or failed < len(source.slots):
            return
        if not any(is_found(slot, received) for slot in source.slots):
            raise ReplyError(said(t"{source.name}: {said_by(failure)}"))

    def describe_by(self, source: ReadSource, received: Received) -> None:
        """Take what a message says of the device itself."""
        for name, read in (source.details or {}).items():
            with suppress(ReplyError):  # it is no less the device without it
                value = read(received)
                self.describe(**{name: None if value is MISSING else value})
