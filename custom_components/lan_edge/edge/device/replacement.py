"""Replaces a device's driver by another class for the same devices, beneath its connection.

The connection, the queue, the state and the components stay; the new instance takes over the fields
of the old one, its memory and its timers. Only another transport, or other options for it, end the
connection, for a new one at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..connection.status import Status
from ..driver.beside import options_of
from ..driver.dispatcher import Dispatcher
from ..driver.driver import AnyDriver, Driver
from ..driver.likeness import is_alike
from ..driver.memory import read_memory
from ..driver.renewal import Renewal
from ..driver.settings import read_settings
from ..driver.succession import carry_over
from ..errors import DriverError, EdgeError, OfflineError
from ..transports import Options
from .command_queue import NEW_DRIVER, CommandQueue, FunctionRequest
from .context import DeviceContext
from .core import DeviceCore
from .session import Session

REPLACEMENT_TIMEOUT = 30.0
"""Seconds for all that waits in the queue, and for the end of the connection."""


@dataclass(frozen=True, slots=True)
class _Successor:
    """An instance of the new class, made for the device, but not used yet."""

    driver: Driver[Any]
    context: DeviceContext
    settings: Any
    memory: Any
    errors: Mapping[str, str]
    """The settings that are left at their defaults, and why."""
    options: tuple[Options, ...] | EdgeError
    """The options of its transports, or why they are not known yet."""


class Replacement:
    """The replacement of the driver of one device."""

    def __init__(self, core: DeviceCore, session: Session, driver: AnyDriver) -> None:
        """Replace the driver of `core` by `driver`; raise DriverError if it is for others."""
        former = core.dispatcher.driver
        if driver.id != former.id:
            raise DriverError(f"{driver.__name__} is the driver {driver.id}, not {former.id}")
        self._core = core
        self._session = session
        self._dispatcher = Dispatcher(driver)

    async def run(self, queue: CommandQueue) -> None:
        """Replace it in the device's command queue; raise DriverError, and change nothing then."""
        if self._session.connection.status is Status.IDLE and queue.is_free:
            await self._replace()
            return
        request = FunctionRequest(self._replace, key=NEW_DRIVER)
        try:
            await queue.run(request, REPLACEMENT_TIMEOUT)
        except OfflineError:  # it has been stopped meanwhile: nothing else runs any more
            await self._replace()

    async def _replace(self) -> None:
        core, session = self._core, self._session
        chosen = self._dispatcher.choose(core.identity)
        if chosen is type(core.driver):
            core.dispatcher = self._dispatcher
            return
        successor = self._made(chosen)
        if session.is_online and self._keeps_connection(successor):
            self._use(successor)
            self._configure(successor)
            session.connection.watch_anew()
            session.reading.driver_replaced()
        else:
            await session.interrupt(lambda: self._use(self._made(chosen)))

    def _configure(self, successor: _Successor) -> None:
        """Use options that are alike, but have the functions of the new file."""
        io, options = self._session.io, successor.options
        if isinstance(options, tuple):
            names = type(successor.driver).beside
            for each, its in zip((io, *map(io.beside, names)), options, strict=True):
                each.configure(its)

    def _made(self, chosen: AnyDriver) -> _Successor:
        """Return an instance of the new class; raise DriverError if it cannot be made."""
        core = self._core
        former = core.settings, core.memory
        try:
            return self._make(chosen)
        except DriverError:
            raise
        except Exception as err:
            words = core.privacy.text(repr(err))
            raise DriverError(f"{chosen.__name__} cannot be used: {words}") from err
        finally:
            core.settings, core.memory = former

    def _make(self, chosen: AnyDriver) -> _Successor:
        core, former = self._core, self._core.driver
        context = self._session.context_for(chosen)
        core.settings, errors = read_settings(chosen.Settings, core.chosen_settings)
        core.memory = read_memory(chosen.Memory, core.record.fields)
        driver = chosen(context)
        renew = Renewal(driver, former).of
        driver.memory = core.memory = read_memory(
            chosen.Memory, core.record.fields, former.memory, renew
        )
        carry_over(former, driver, context)
        return _Successor(driver, context, core.settings, core.memory, errors, _options_of(driver))

    def _keeps_connection(self, successor: _Successor) -> bool:
        is_same_transport = successor.context.transport is self._session.io
        is_called_alike = (
            successor.driver.keeps_callback_url == self._core.driver.keeps_callback_url
        )
        return (
            is_same_transport
            and is_called_alike
            and is_alike(successor.options, _options_of(self._core.driver))
        )

    def _use(self, successor: _Successor) -> None:
        core, session = self._core, self._session
        renewal, profile = Renewal(successor.driver, core.driver), core.profile
        core.dispatcher = self._dispatcher
        core.settings, core.memory = successor.settings, successor.memory
        if core.record.profile is not None:
            core.record.profile = core.record.profile.renewed()
        core.install(successor.driver, successor.errors)
        core.state.replace_values(core.profile, renewal.of)
        core.guard.errors.clear()  # what the new code does wrong is logged again
        core.state.rejected.clear()
        session.use(successor.context)
        session.timers.exchange(renewal.work)
        if core.profile != profile:
            core.guard.call(core.observer.on_profile)


def _options_of(driver: Driver[Any]) -> tuple[Options, ...] | EdgeError:
    try:
        return options_of(driver)
    except EdgeError as err:  # such as a login that is not known yet
        return err
