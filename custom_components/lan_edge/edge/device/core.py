"""The data of a device, connected or not, and its driver."""

from collections.abc import Mapping
from dataclasses import replace
import logging
from typing import Any

from ..capabilities.definition import Command
from ..capabilities.profile import Profile
from ..diagnostics.history import History
from ..diagnostics.trace import Trace
from ..driver.context import DriverContext
from ..driver.dispatcher import Dispatcher
from ..driver.driver import AnyDriver, Driver
from ..driver.identity import Identity
from ..driver.memory import fill_memory, read_memory, stored_values
from ..driver.settings import read_settings, secret_fields, secret_values
from ..errors import ArgumentError, CredentialsError, IdentityError
from ..network.ids import one_id
from ..network.text import MAX_FIELD
from ..sentences import joined, one_line, said
from ..transports.base import Link, Transport
from ..transports.pacing import Pacing
from ..transports.read_answers import ReadAnswers
from .components import Components
from .guard import Guard
from .observer import Observer
from .optional_readings import OptionalReadings
from .privacy import DevicePrivacy
from .record import Record
from .state import State

_LOGGER = logging.getLogger(__name__)

MAX_LABEL = 60
"""Characters of a device's name in the log and in errors."""


class StoredSecrets(dict[str, str]):
    """The tokens and passwords of a device, by key."""

    def __missing__(self, key: str) -> str:
        """Raise CredentialsError: the device has to be paired first."""
        raise CredentialsError(t"the secret {key} is not known yet")


class DeviceCore:
    """The data of one device, and its driver."""

    __slots__ = (
        "_details",
        "_driver_id",
        "_present",
        "chosen_settings",
        "components",
        "dispatcher",
        "driver",
        "guard",
        "history",
        "memory",
        "observer",
        "optional_readings",
        "pacing",
        "privacy",
        "read_answers",
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
        """Start with the stored data; `use_driver` must be called next."""
        self.record = record
        self.settings: Any = None
        """The user's settings, as the driver's dataclass."""
        self.memory: Any = None
        """The driver's memory, as its dataclass."""
        self.chosen_settings = dict(settings or {})
        """The settings that the user chose, by name."""
        self.secrets: dict[str, str] = StoredSecrets(secrets or {})
        self.observer = Observer()
        self.privacy = DevicePrivacy(self)
        self.trace = Trace(self.privacy)
        self.history = History()
        self.pacing = Pacing()
        self.dispatcher = Dispatcher(driver)
        self.guard = Guard(self)
        self.components = Components(self)
        self._details: dict[str, str] = {}
        """Details of the identity that wait until it is proven."""
        self._driver_id = driver.id
        declared, told = record.profile or driver.profile, record.told
        self._present = declared, told, declared.with_told(told)
        """The current profile, after what it is made of: it is asked for often."""
        self.state = State(self, self._present[2], self.trace, self.guard.backlog)
        self.read_answers = ReadAnswers(lambda: self.state.is_reading)
        self.state.on_told = self.components.told
        self.optional_readings = OptionalReadings(self, self.guard, self.state, self.pacing.held)

    @property
    def identity(self) -> Identity:
        """The identity of the device."""
        return self.record.identity

    @property
    def profile(self) -> Profile:
        """The current profile, without what the device may lack and has not told."""
        declared, told = self.declared, self.record.told
        if self._present[0] is not declared or self._present[1] is not told:
            self._present = declared, told, declared.with_told(told)
        return self._present[2]

    @property
    def declared(self) -> Profile:
        """The profile set at run time, or else the one that the driver declares."""
        return self.record.profile or (self.current_driver or self.chosen_driver()).profile

    @property
    def label(self) -> str:
        """The name of the device and of its driver, for the log."""
        identity = self.record.identity
        name = one_line(identity.name or identity.unique_id or "new device")
        return f"{name[:MAX_LABEL]} ({self._driver_id})"

    def handles(self, command: Command[...]) -> bool:
        """Return whether the driver handles the command."""
        return self.dispatcher.handler_for(type(self.driver), command) is not None

    def pin_way(self, way: str, fingerprint: str) -> None:
        """Expect this certificate on a way beside the first from now on."""
        pins = self.record.way_pins
        if pins.get(way, "") != fingerprint:
            self.record.way_pins = {**pins, way: fingerprint}
            self.guard.call(self.observer.on_record)

    # its driver

    @property
    def current_driver(self) -> Driver[Any] | None:
        """The driver; None before the first one is used."""
        return getattr(self, "driver", None)

    def chosen_driver(self) -> AnyDriver:
        """Return the driver, or the sub-driver that matches the identity."""
        return self.dispatcher.choose(self.identity)

    def new_transport(self, link: Link) -> Transport:
        """Return a new transport; each connection configures it with the options of that time."""
        driver = self.chosen_driver()
        return driver.transport(link, driver.options or driver.transport.options_type())

    def use_driver(self, driver: AnyDriver, context: DriverContext) -> None:
        """Use a driver or one of its sub-drivers; its settings and memory are read again."""
        self.settings, errors = read_settings(driver.Settings, self.chosen_settings)
        self.memory = read_memory(driver.Memory, self.record.fields, self.memory)
        self.install(driver(context), errors)

    def install(self, driver: Driver[Any], errors: Mapping[str, str]) -> None:
        """Use a driver that has been made with the present settings and memory.

        `errors` are the settings that are left at their defaults, and why.
        """
        self._driver_id = driver.id
        self.driver = driver
        self.optional_readings.clear()
        self.guard.turns = driver.io.turns
        self.guard.on_end = self._save_memory if driver.stored_memory else None
        self.state.change_profile(self.profile)
        for key, reason in errors.items():
            shown = self.privacy.text(reason)
            _LOGGER.warning("%s: the setting %s is left at its default: %s", self.label, key, shown)

    def try_settings(self, chosen: Mapping[str, Any]) -> Any:
        """Use settings that the user chose; return the previous ones. Raises ArgumentError."""
        new, errors = read_settings(self.driver.Settings, chosen)
        if errors:
            for secret in secret_values(self.driver.Settings, chosen):
                self.privacy.keep(secret)
            reasons = joined("; ", (t"{key}: {reason}" for key, reason in errors.items()))
            raise ArgumentError(self.privacy.sentence(reasons))
        old = self.settings
        self.set_settings(new)
        return old

    def set_settings(self, settings: Any) -> None:
        """Use settings that are checked already."""
        self.settings = self.driver.settings = settings

    @property
    def public_settings(self) -> dict[str, Any]:
        """The settings that the user chose, without passwords."""
        secret = secret_fields(self.driver.Settings)
        return {key: value for key, value in self.chosen_settings.items() if key not in secret}

    def keep_settings(self, chosen: Mapping[str, Any]) -> None:
        """Keep the settings that the user chose, for the next driver that is used."""
        for secret in secret_values(self.driver.Settings, self.chosen_settings):
            self.privacy.keep(secret)
        self.chosen_settings = dict(chosen)

    def _save_memory(self) -> None:
        """Copy the stored fields of the memory to the record, if they changed."""
        stored = stored_values(self.memory, self.driver.stored_memory)
        fields = {**self.record.fields, **stored}
        if fields != self.record.fields:
            self.record.fields = fields
            self.guard.call(self.observer.on_record)

    def adopt_pairing(self, paired: Record) -> None:
        """Take over what a pairing of the same device has changed in its record."""
        self.record.fields, self.record.pin = dict(paired.fields), paired.pin
        self.record.challenge, self.record.way_pins = paired.challenge, dict(paired.way_pins)
        if self.memory is not None:  # otherwise the old values would be saved again
            fill_memory(self.memory, paired.fields)

    # what the device reports

    def fail_if_other(self, unique_id: str, address: object) -> None:
        """Raise IdentityError if the id that is reported at an address is not that of the device.

        Only a device that has never reported an id may report none.
        """
        wanted = self.identity.unique_id
        if unique_id:
            if wanted and one_id(unique_id) != one_id(wanted):
                raise IdentityError(wanted, unique_id, address)
        elif self.record.is_identified:
            raise IdentityError(wanted, said(t"a device without an ID"), address)

    def require_proof(self) -> None:
        """Ignore what is reported until the identity of the connected device is proven."""
        self._details = {}
        self.state.is_proven = False

    def prove(self, unique_id: str) -> None:
        """Accept the identity as proven; `unique_id` is empty if the device has none."""
        details, self._details = self._details, {}
        self.state.is_proven = True
        self.describe(**details | ({"unique_id": unique_id} if unique_id else {}))
        if unique_id and not self.record.is_identified:
            self.record.is_identified = True
            self.guard.call(self.observer.on_record)

    def describe(self, **details: str | None) -> None:
        """Change fields of the identity; what is empty, or no text, is ignored.

        Each is cut to one line of bounded length. They are held back until the identity is proven.
        """
        given = {k: v for k, v in details.items() if isinstance(v, str)}
        texts = {k: text for k, v in given.items() if (text := one_line(v[:MAX_FIELD]))}
        identity = replace(self.identity, **texts)
        if not self.state.is_proven:
            self._details |= texts
        elif identity != self.identity:
            self.record.identity = identity
            self.guard.call(self.observer.on_record)

    def set_secret(self, key: str, value: str) -> None:
        """Store a token or password."""
        if (old := self.secrets.get(key)) != value:
            if old:
                self.privacy.keep(old)  # the trace has it, and it may be valid for a while
            self.secrets[key] = value
            self.guard.call(self.observer.on_secrets)
