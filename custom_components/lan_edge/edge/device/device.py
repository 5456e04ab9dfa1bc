"""A device: the object with which a program connects, commands, reads and stops it."""

from collections.abc import Mapping
from functools import partial
from math import inf
from typing import Any, cast

from ..capabilities.definition import Capability, Command
from ..capabilities.profile import MAIN, Profile
from ..connection.connection import Connection
from ..diagnostics.history import History
from ..diagnostics.privacy import Privacy
from ..diagnostics.trace import Trace
from ..discovery.matcher import Match
from ..discovery.sighting import Sighting
from ..driver.beside import options_of
from ..driver.driver import Driver
from ..driver.identity import Identity
from ..driver.pairing import Ask
from ..driver.settings import Setting, settings_of
from ..errors import OfflineError, UnreachableError
from ..network.address import Address
from ..timing.timers import Work
from .capability_use import CapabilityUse
from .command_queue import CommandQueue
from .commands import CommandRunner
from .core import DeviceCore
from .credentials import ask_identity, is_login_at_stake
from .diagnostic_data import counts_of, failed_readings_of, waiting_commands_of, ways_of
from .handshake import Recognize
from .observer import Observer
from .queued_request import FunctionRequest
from .record import Record
from .replacement import Replacement
from .runtime import Runtime
from .session import Session
from .state import State
from .trial import Trials


async def _nobody_knows() -> None:
    """Take the device for the right one: nothing else than the device can tell."""


class Device:
    """One device, as a program uses it: a core, a session and a command runner."""

    __slots__ = ("_core", "_queue", "_session", "_trials", "commands")

    def __init__(
        self,
        driver: type[Driver[Any]],
        record: Record,
        *,
        settings: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
        runtime: Runtime | None = None,
    ) -> None:
        """Create a device from its stored data; it is not connected until `start`.

        `settings` are the values that the user chose, by the names of the driver's settings.
        Without a runtime, the device cannot send requests to the hub: it is polled.
        """
        self._core = DeviceCore(driver, record, settings, secrets)
        self._queue = CommandQueue(self._core.pacing)
        self._session = Session(self._core, self._queue, runtime)
        self._trials = Trials(self._core, self._session)
        self.commands = CommandRunner(self._core, self._session, self._queue)
        """Runs commands: `execute`, `perform` and `refresh`."""

    def __getitem__[C: Capability](self, capability: type[C] | tuple[type[C], str]) -> C:
        """Return a capability to use: `device[Switch]`, or `device[Switch, "outlet_1"]`.

        Its commands are coroutines, `await device[SwitchLevel].set_level(40)`, which raise what
        `commands.execute` raises. Its attributes are the last values, `device[Switch].switch`; None
        is unknown.
        """
        chosen, component = capability if isinstance(capability, tuple) else (capability, MAIN)
        return cast("C", CapabilityUse(chosen, component, self.commands, self.state))

    # starting and stopping

    def start(self) -> None:
        """Connect, and stay connected until `stop`."""
        self.connection.start()

    async def stop(self) -> None:
        """Run the driver's `goodbye` and disconnect; no task, timer or socket remains."""
        await self._end(self.driver.goodbye)

    async def remove(self) -> None:
        """Run the driver's `removed`, if the device is connected, and stop permanently."""
        await self._end(self.driver.removed)

    async def _end(self, last_hook: Work) -> None:
        if self._session.is_online:
            await self._session.run_last_hook(last_hook)
        await self.connection.stop()
        await self._session.close_callback()
        await self._queue.close(OfflineError(t"it has been disconnected"))
        await self.state.backlog.made()
        self.commands.close()

    def sighted(self, sighting: Sighting, match: Match) -> None:
        """Handle a sighting of this device, as its driver's matcher has matched it.

        It tells where the device may be, as `connection.sighted` does. If it is from where the
        device is connected, the driver's `on_sighting` runs.
        """
        self.connection.sighted(match.address, *match.others)
        self._session.announcements.add(sighting, match)

    # single connections, before it is started

    async def identify(self, address: Address) -> Identity:
        """Ask only who is at an address, without a login, and disconnect; raise EdgeError.

        The `unique_id` is empty if the device there reports none. If a certificate is pinned, it
        must present that one.
        """
        core = self._core
        async with self._trials.trial(address):
            return await core.guard.run(partial(ask_identity, core, address))

    async def check(self, address: Address, recognize: Recognize = _nobody_knows) -> Identity:
        """Connect once, read everything and disconnect; return the identity. Raises EdgeError.

        Everything else to store is in `record`: the profile and the pinned certificate. If the
        device reports no id, `recognize` is awaited, before anything secret is sent to an address
        where it was not proven; it raises EdgeError if another device is there.
        """
        await self._trials.check(address, recognize)
        return self.identity

    async def pair(self, address: Address, ask: Ask, recognize: Recognize = _nobody_knows) -> None:
        """Connect once and let the driver pair with the device; raise EdgeError.

        The resulting tokens and passwords are in `secrets`. Before, the device is asked for its id
        without a login; if it reports none, `recognize` is awaited as in `check`.
        """
        await self._trials.pair(address, ask, recognize)

    async def callback_url(self, address: Address | None = None) -> str:
        """Return the URL at the hub that the owner of the device enters in it.

        It is empty unless its driver has `keeps_callback_url`, and while no address of the device
        is known, nor given. It contains a secret. Raises UnreachableError.
        """
        return await self._session.kept_url(address)

    # data

    @property
    def identity(self) -> Identity:
        """The identity of the device."""
        return self._core.identity

    @property
    def record(self) -> Record:
        """The data of the device that is to be stored."""
        return self._core.record

    @property
    def profile(self) -> Profile:
        """The current profile of the device."""
        return self._core.profile

    @property
    def state(self) -> State:
        """The values of the device's attributes."""
        return self._core.state

    @property
    def connection(self) -> Connection:
        """The connection to the device: its status, addresses and attempts."""
        return self._session.connection

    @property
    def available(self) -> bool:
        """Whether the device is available; a short loss of the connection does not count."""
        return self.connection.available

    def component_available(self, component: str) -> bool:
        """Return whether a component is available: the device is, and did not report otherwise."""
        return self.available and self._core.components.is_there(component)

    def remove_absent_component(self, component: str) -> bool:
        """Remove a component that the device no longer lists; return whether it was one."""
        return self._core.components.remove_absent(component)

    # driver

    @property
    def driver(self) -> Driver[Any]:
        """The driver, or the sub-driver that was chosen for the device."""
        return self._core.driver

    async def replace_driver(self, driver: type[Driver[Any]]) -> None:
        """Replace the driver by another class of the same id, such as that of a file loaded again.

        It runs in the device's command queue. The connection stays, and so do the state, the
        components, the memory by the names of its fields, and what the driver keeps in itself;
        timers go on with the methods of the same names; the settings are read again. Hooks of the
        connection do not run, but everything is read again soon. If the transport or its options
        are others, the device is reconnected. Raises DriverError, and changes nothing then, if the
        class cannot be used.
        """
        await Replacement(self._core, self._session, driver).run(self._queue)

    def handles(self, command: Command[...]) -> bool:
        """Return whether the driver handles the command."""
        return self._core.handles(command)

    def explain(self, command: Command[...]) -> list[str]:
        """Explain, line by line, which handler carries out the command, and why."""
        return self._core.dispatcher.explain(self.identity, command)

    # secrets and settings

    @property
    def secrets(self) -> Mapping[str, str]:
        """The tokens and passwords to be stored, by key."""
        return self._core.secrets

    def offered_settings(self) -> tuple[Setting, ...]:
        """Return the settings that can matter for the device, and those that the user chose."""
        core = self._core
        return tuple(
            each
            for each in settings_of(self.driver.Settings)
            if core.chosen_settings.get(each.key, each.default) != each.default
            or core.guard.call(self.driver.setting_matters, each.key) is not False
        )

    async def change_settings(self, chosen: Mapping[str, Any]) -> None:
        """Use the settings that the user chose; call the driver's `settings_changed` if connected.

        If the transport's options change with them, the device is reconnected. Raises
        ArgumentError or what the driver raises; then the previous settings remain.
        """
        core, session, driver = self._core, self._session, self.driver
        options = options_of(driver)
        old = core.try_settings(chosen)
        try:
            if session.is_online and core.settings != old:
                hook = partial(core.guard.run, partial(driver.settings_changed, old))
                await self._queue.run(FunctionRequest(hook), session.io.deadline)
        except BaseException:
            core.set_settings(old)
            raise
        core.keep_settings(chosen)
        if options_of(driver) != options:
            session.lost(UnreachableError(t"its settings were changed"))
            self.connection.retry()

    def adopt_pairing(self, paired: Device) -> None:
        """Take over the memory and the pin of `paired`, the same device after a new pairing."""
        self._core.adopt_pairing(paired.record)

    def accept_certificate(self, fingerprint: str) -> None:
        """Pin a certificate, and try to connect at once."""
        self._session.accept_certificate(fingerprint)

    # reports

    @property
    def observer(self) -> Observer:
        """The callbacks for reports that are not in the state."""
        return self._core.observer

    @property
    def trace(self) -> Trace:
        """The log of the messages between the device and the hub."""
        return self._core.trace

    @property
    def is_login_at_stake(self) -> bool:
        """Whether whoever answers could get a password, PIN or token of the device."""
        return is_login_at_stake(self._core)

    @property
    def privacy(self) -> Privacy:
        """What must not get out: it cleans errors, the log, the trace, and data for publication."""
        return self._core.privacy

    @property
    def history(self) -> History:
        """The history of the connection, and the counts of commands."""
        return self._core.history

    @property
    def failed_readings(self) -> list[dict[str, Any]]:
        """The optional readings that failed when they were tried last, as JSON data."""
        return failed_readings_of(self._core)

    @property
    def read_every(self) -> float | None:
        """Seconds between two reads as it is now, more while it reports by itself; None: never."""
        interval = self._session.reading.interval
        return interval if interval < inf else None

    @property
    def ways(self) -> list[dict[str, Any]]:
        """The ways to the device beside the first, as JSON data: which are open, or why not."""
        return ways_of(self._session.io, self.privacy)

    @property
    def waiting_commands(self) -> list[dict[str, Any]]:
        """The commands that wait until the device wakes, as JSON data."""
        return waiting_commands_of(self.commands.asleep, self.privacy)

    @property
    def counts(self) -> dict[str, dict[str, Any]]:
        """The counts of refused values, ignored messages and errors of the driver, by kind."""
        return counts_of(self._core, self._session.link.oddities)
