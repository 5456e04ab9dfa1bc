"""A device: the handle by which it is started, commanded, read and stopped."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..capabilities.definition import Command
from ..capabilities.profile import Profile
from ..connection.connection import Connection
from ..diagnostics.history import History
from ..diagnostics.trace import Trace
from ..driver.driver import Driver
from ..driver.identity import Identity
from ..driver.pairing import Ask
from ..errors import OfflineError, UnreachableError
from ..network.address import Address
from ..timing.timers import Work
from .command_queue import CommandQueue, Task
from .commands import CommandRunner
from .core import DeviceCore
from .observer import Observer
from .record import Record
from .runtime import Runtime
from .session import Session
from .state import State


class Device:
    """The handle on one device: made of a core, a session and a command runner."""

    __slots__ = ("_core", "_queue", "_session", "commands")

    def __init__(
        self,
        driver: type[Driver[Any]],
        record: Record,
        *,
        settings: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
        runtime: Runtime | None = None,
    ) -> None:
        """Make a handle from what is known; nothing is connected until `start`.

        `settings` is what the user chose, by the names of the driver's settings. Without a
        runtime the device cannot call the hub: it is polled.
        """
        self._queue = CommandQueue()
        self._core = DeviceCore(driver, record, settings, secrets)
        self._session = Session(self._core, self._queue, runtime)
        self.commands = CommandRunner(self._core, self._session, self._queue)
        """How it is told what to do: `execute`, `perform` and `refresh`."""

    # from start to end

    def start(self) -> None:
        """Connect, and stay connected until `stop`."""
        self.connection.start()

    async def stop(self) -> None:
        """Say goodbye and end: no task, timer or socket is left."""
        await self._end(self.driver.goodbye)

    async def remove(self) -> None:
        """End for good: the device is told that it is removed, if it is there."""
        await self._end(self.driver.removed)

    async def _end(self, farewell: Work) -> None:
        if self._session.is_online:
            await self._session.farewell(farewell)
        await self.connection.stop()
        await self._session.close_callback()
        await self._queue.close(OfflineError("no longer in use"))
        self.commands.close()

    # once, before it is started

    async def check(self, address: Address) -> Identity:
        """Connect once, read everything and hang up; return who it is. Raises EdgeError.

        What else there is to keep is in `record`: the profile, and the pinned certificate.
        """
        await self._session.check(address)
        return self.identity

    async def pair(self, address: Address, ask: Ask) -> None:
        """Connect once and let the driver ask for what it needs to be let in; raise EdgeError.

        What it was given is in `secrets` then.
        """
        await self._session.pair(address, ask)

    # what it is

    @property
    def identity(self) -> Identity:
        """Who and what the device is."""
        return self._core.identity

    @property
    def record(self) -> Record:
        """What is kept of it."""
        return self._core.record

    @property
    def profile(self) -> Profile:
        """What it can do at the moment."""
        return self._core.profile

    @property
    def state(self) -> State:
        """The values of its attributes."""
        return self._core.state

    @property
    def connection(self) -> Connection:
        """Where it is, whether it is there, and since when it is not."""
        return self._session.connection

    @property
    def available(self) -> bool:
        """Whether it is there, short drops aside."""
        return self.connection.available

    def component_available(self, component: str) -> bool:
        """Return whether a component is there: the device is, and did not say otherwise."""
        core = self._core
        has_component = component in core.profile.components
        return self.available and has_component and component not in core.away

    # its driver

    @property
    def driver(self) -> Driver[Any]:
        """The driver, or the sub-driver that was chosen for it."""
        return self._core.driver

    def handles(self, command: Command[...]) -> bool:
        """Return whether the driver handles the command."""
        return self._core.handles(command)

    def explain(self, command: Command[...]) -> list[str]:
        """Say, line by line, which handler carries out the command, and why."""
        return self._core.dispatcher.explain(self.identity, command)

    # what is set

    @property
    def secrets(self) -> Mapping[str, str]:
        """The tokens and passwords that are kept."""
        return self._core.secrets

    async def change_settings(self, chosen: Mapping[str, Any]) -> None:
        """Use what the user chose; tell the driver in the device's turn, if it is there.

        If the transport's options change with it, the device is connected anew. Raises
        ArgumentError and what the driver raises; then everything is as before.
        """
        core, session, driver = self._core, self._session, self.driver
        options = driver.transport_options()
        old = core.try_settings(chosen)
        try:
            if session.is_online and core.settings != old:
                hook = partial(core.guard.run, partial(driver.settings_changed, old))
                await self._queue.run(Task(hook), session.io.deadline)
        except BaseException:
            core.set_settings(old)
            raise
        core.keep_settings(chosen)
        if driver.transport_options() != options:
            session.lost(UnreachableError("the settings changed"))
            self.connection.retry()

    def take_over(self, paired: Device) -> None:
        """Keep what another handle on the same device was paired with, its secrets aside."""
        self._core.take_over(paired.record)

    def accept_certificate(self, fingerprint: str) -> None:
        """Expect that certificate from now on, and try again at once."""
        self._session.accept_certificate(fingerprint)

    # what it reports

    @property
    def observer(self) -> Observer:
        """The callbacks for what is not in its state."""
        return self._core.observer

    @property
    def trace(self) -> Trace:
        """What it and the hub said to each other."""
        return self._core.trace

    @property
    def history(self) -> History:
        """What became of its connection and its commands."""
        return self._core.history

    @property
    def counts(self) -> dict[str, dict[str, Any]]:
        """What was refused or ignored, and which driver code failed, by what it was."""
        return {
            "refused_values": self.state.rejected,
            "ignored_messages": self._session.link.oddities,
            "driver_errors": self._core.guard.errors,
        }
