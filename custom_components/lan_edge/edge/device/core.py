"""What is known of a device, connected or not: who it is, what it can do, and its driver."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
import logging
from typing import Any

from ..capabilities.definition import Command
from ..capabilities.profile import Profile
from ..diagnostics.history import History
from ..diagnostics.trace import Trace
from ..driver.context import DriverContext
from ..driver.dispatcher import Dispatcher
from ..driver.driver import Driver
from ..driver.identity import Identity
from ..driver.memory import fill_memory, read_memory, stored_values
from ..driver.settings import read_settings
from ..errors import ArgumentError
from ..network.text import MAX_FIELD, one_line
from ..transports.base import Link, Transport
from .guard import Guard
from .observer import Observer
from .record import Record
from .state import State

_LOGGER = logging.getLogger(__name__)

type AnyDriver = type[Driver[Any]]


@lru_cache(maxsize=256)
def _dispatcher(driver: AnyDriver) -> Dispatcher:
    """Return what all devices of a driver share: it looks everything up once."""
    return Dispatcher(driver)


class DeviceCore:
    """A device as far as it is known."""

    __slots__ = (
        "_chosen_settings",
        "_details",
        "_label",
        "away",
        "dispatcher",
        "driver",
        "guard",
        "history",
        "memory",
        "observer",
        "record",
        "secrets",
        "settings",
        "state",
        "trace",
    )

    driver: Driver[Any]

    def __init__(
        self,
        driver: AnyDriver,
        record: Record,
        settings: Mapping[str, Any] | None,
        secrets: Mapping[str, str] | None,
    ) -> None:
        """Start with what was kept of it; `use_driver` has to follow."""
        self.record = record
        self.settings: Any = None
        """What the user set, as the driver's settings dataclass."""
        self.memory: Any = None
        """What the driver remembers, as its memory dataclass."""
        self._chosen_settings = dict(settings or {})
        self.secrets = dict(secrets or {})
        self.observer = Observer()
        self.trace = Trace()
        self.history = History()
        self.dispatcher = _dispatcher(driver)  # type: ignore[arg-type]  # classes are hashable
        self.guard = Guard(self)
        self.away: frozenset[str] = frozenset()
        """The components that the driver reports as away."""
        self._details: dict[str, str] = {}
        """What the driver told of the device, until its identity is proven."""
        self._label = driver.id
        self.state = State(self.label, record.profile or driver.profile, self.trace)

    @property
    def identity(self) -> Identity:
        """Who and what the device is."""
        return self.record.identity

    @property
    def profile(self) -> Profile:
        """What it can do: as stored or set at run time, else as its driver declares."""
        return self.record.profile or self.driver.profile

    @property
    def label(self) -> str:
        """The device and its driver, for the log."""
        identity = self.record.identity
        return f"{identity.name or identity.unique_id or 'new device'} ({self._label})"

    def handles(self, command: Command[...]) -> bool:
        """Return whether the driver handles the command."""
        return self.dispatcher.handler_for(type(self.driver), command) is not None

    # its driver

    def chosen_driver(self) -> AnyDriver:
        """Return the driver, or the sub-driver of it, for the device as it is known."""
        return self.dispatcher.choose(self.identity)

    def new_transport(self, link: Link) -> Transport:
        """Return the transport; each connection configures it as its driver says then."""
        driver = self.chosen_driver()
        return driver.transport(link, driver.options or driver.transport.options_type())

    def use_driver(self, driver: AnyDriver, context: DriverContext) -> None:
        """Use a driver, or another sub-driver of it; settings and memory are read anew for it."""
        self.settings, errors = read_settings(driver.Settings, self._chosen_settings)
        self.memory = read_memory(driver.Memory, self.record.fields, self.memory)
        self._label = driver.id
        self.driver = driver(context)
        self.guard.on_end = self._keep_memory if driver.stored_memory else None
        self.state.change_profile(self.profile)
        for key, reason in errors.items():
            _LOGGER.warning(
                "%s: the setting %s is left at its default: %s", self.label, key, reason
            )

    def try_settings(self, chosen: Mapping[str, Any]) -> Any:
        """Use the settings that the user chose; return the old ones. Raises ArgumentError."""
        new, errors = read_settings(self.driver.Settings, chosen)
        if errors:
            raise ArgumentError("; ".join(f"{key}: {reason}" for key, reason in errors.items()))
        old = self.settings
        self.set_settings(new)
        return old

    def set_settings(self, settings: Any) -> None:
        """Use these settings."""
        self.settings = self.driver.settings = settings

    def keep_settings(self, chosen: Mapping[str, Any]) -> None:
        """Keep what the user chose, for the next driver that is used."""
        self._chosen_settings = dict(chosen)

    def _keep_memory(self) -> None:
        """Have the stored part of the driver's memory kept, if it changed."""
        stored = stored_values(self.memory, self.driver.stored_memory)
        fields = {**self.record.fields, **stored}
        if fields != self.record.fields:
            self.record.fields = fields
            self.guard.call(self.observer.on_record)

    def take_over(self, paired: Record) -> None:
        """Keep what another handle on the device was paired with: its memory and its pin."""
        self.record.fields, self.record.pin = dict(paired.fields), paired.pin
        if self.memory is not None:  # else it would be stored again as it was
            fill_memory(self.memory, paired.fields)

    # what is learnt of it

    def begin_proof(self) -> None:
        """Take nothing from whoever answers until it has proven to be the device."""
        self._details = {}
        self.state.is_proven = False

    def prove(self, unique_id: str) -> None:
        """Take note that the device has proven who it is; empty: it cannot tell."""
        details, self._details = self._details, {}
        self.state.is_proven = True
        self.describe(**details | ({"unique_id": unique_id} if unique_id else {}))

    def describe(self, **details: str) -> None:
        """Add to the identity: any of its fields; empty ones say nothing.

        Each becomes one line of bounded length. Until the identity is proven they are held back.
        """
        texts = {k: text for k, v in details.items() if (text := one_line(v[:MAX_FIELD]))}
        identity = replace(self.identity, **texts)
        if not self.state.is_proven:
            self._details |= texts
        elif identity != self.identity:
            self.record.identity = identity
            self.guard.call(self.observer.on_record)

    def set_profile(self, profile: Profile) -> None:
        """Change components or capabilities, once identity is proven.

        Raises ReplyError if these are more than a device can have.
        """
        if self.state.is_proven and profile != self.profile:
            profile.check()
            self.record.profile = profile
            self.away &= profile.components.keys()
            self.state.change_profile(profile)
            self.guard.call(self.observer.on_record)
            self.guard.call(self.observer.on_profile)

    def set_available(self, component: str, available: bool) -> None:
        """Take note that a component is there, or away, while the device is there."""
        if self.state.is_proven and available is (component in self.away):
            self.away ^= {component}
            self.guard.call(self.observer.on_available)

    def set_secret(self, key: str, value: str) -> None:
        """Keep a token or password."""
        if self.secrets.get(key) != value:
            self.secrets[key] = value
            self.guard.call(self.observer.on_secrets)
