"""A device: the handle by which it is started, told, asked and stopped."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from .capabilities import HealthCheck, Refresh
from .capability import Command
from .connection import Status
from .dispatcher import Handler
from .errors import (
    CertificateError,
    CredentialsError,
    EdgeError,
    OfflineError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
    UnsupportedError,
)
from .hub import Hub
from .pilot import Confirm, Pilot
from .profile import MAIN
from .record import Record
from .session import FAREWELL_TIMEOUT, Session
from .timers import Tick


class Device(Session):
    """The handle on one device."""

    def __init__(
        self,
        family: type[Pilot],
        record: Record,
        *,
        settings: Any = None,
        secrets: Mapping[str, str] | None = None,
        hub: Hub | None = None,
    ) -> None:
        """Make a handle from what is known; nothing is connected until `start`.

        Without a hub, the device cannot call: it is polled.
        """
        super().__init__(family, record, settings, secrets, hub)

    # from start to end

    def start(self) -> None:
        """Begin to connect, and stay connected until `stop`."""
        self.connection.start()

    async def stop(self) -> None:
        """Say goodbye and end: no task, timer or socket is left."""
        await self._farewell(self.driver.goodbye)
        await self._end()

    async def remove(self) -> None:
        """End for good: the device is told that it is removed, if it is there."""
        await self._farewell(self.driver.removed)
        await self._end()

    async def _farewell(self, say: Tick) -> None:
        if self.connection.status is Status.ONLINE:
            with suppress(EdgeError, TimeoutError):
                async with asyncio.timeout(FAREWELL_TIMEOUT):
                    await self._guard.run(say)

    async def _end(self) -> None:
        await self.connection.stop()
        await self._close_callback()
        await self._turn.close(OfflineError("no longer in use"))

    async def change_settings(self, settings: Any) -> None:
        """Take new settings and tell the driver, in the device's turn, with the old ones."""
        old, self.settings = self.settings, settings
        work = partial(self._guard.run, partial(self.driver.settings_changed, old))
        await self._turn.run(work, deadline=self.io.deadline)

    # commands go down

    async def execute(
        self, command: Command[...], arguments: Mapping[str, Any], component: str = MAIN
    ) -> None:
        """Carry out a command in the device's turn; return when it is done.

        Raises UnsupportedError, ArgumentError, OfflineError, BusyError, or what the driver and
        its transport raise. Absolute values that still wait give way to newer ones.
        """
        bound = command.bind(arguments)
        self._handler(command, component)
        self._fail_if_offline()
        self._fail_if_away(component)
        self.trace.add("command", (component, command.id, bound))
        key = _key(command, component)
        work = partial(self._carry_out, command, component, bound)
        try:
            await self._turn.run(work, deadline=self.io.deadline, key=key)
        except (TimedOutError, UnreachableError) as err:
            self.connection.doubt(err)
            raise
        except (CredentialsError, CertificateError) as err:
            self.connection.lost(err)
            raise

    async def refresh(self) -> None:
        """Read everything again, in the device's turn."""
        self._fail_if_offline()
        await self._turn.run(self._read, deadline=self.io.deadline, key="refresh")

    def _handler(self, command: Command[...], component: str) -> Handler | None:
        """Return the driver's handler, None if it is the framework's; raise UnsupportedError."""
        part = self.profile.components.get(component)
        if part is None or not part.has(command):
            msg = f"{self.label} has no {command.capability.id} on {component}"
            raise UnsupportedError(msg)
        handler = self.dispatcher.find(type(self.driver), command)
        if handler is None and command not in {Refresh.refresh, HealthCheck.ping}:
            msg = f"{self.label} does not handle {command.id}"
            raise UnsupportedError(msg)
        return handler

    async def _carry_out(
        self, command: Command[...], component: str, bound: dict[str, Any]
    ) -> None:
        await self._ready()
        handler = self._handler(command, component)  # the driver may be another one by now
        if handler is None:
            await (self._refresh() if command is Refresh.refresh else self.ping())
            return
        self.driver.component = component
        try:
            await self._guard.run(partial(getattr(self.driver, handler.name), **bound))
        except RefusedError, ReplyError:
            self._read_later()
            raise
        await self._confirm(command, component, bound)

    async def _confirm(self, command: Command[...], component: str, bound: dict[str, Any]) -> None:
        if self.driver.confirm_by is Confirm.READ:
            if not self._turn.has(_key(command, component)):  # else the newer value is read
                await self._refresh()
        elif self.driver.confirm_by is Confirm.ECHO:
            for attribute, value in command.effects(bound):
                self.state.emit(attribute, value, component)

    def _read_later(self) -> None:
        """Read back after a command that failed: who knows what it did."""
        if self.driver.confirm_by is Confirm.READ:
            self.timers.after(0, self._refresh)

    async def _read(self) -> None:
        await self._ready()
        await self._refresh()

    async def _ready(self) -> None:
        """Wait while a drop may heal; raise OfflineError if the device is not there."""
        while self.connection.status is not Status.ONLINE and self.available:
            await self.connection.settled()
        self._fail_if_offline()

    def _fail_if_offline(self) -> None:
        if self.connection.status is not Status.ONLINE and not self.available:
            reason = self.connection.reason or "not connected yet"
            msg = f"{self.label} is offline: {reason}"
            raise OfflineError(msg)

    def _fail_if_away(self, component: str) -> None:
        if component in self._away:
            msg = f"{self.label}: {self.profile.components[component].name or component} is away"
            raise OfflineError(msg)


def _key(command: Command[...], component: str) -> tuple[str, str] | None:
    """Return what makes a newer command take an older one's place; None: nothing does."""
    return (component, command.id) if command.absolute else None
