"""Where the secrets and private texts of a device are."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
import re
from typing import Any, Protocol, cast, override

from ..capabilities.component import Component
from ..capabilities.profile import MAIN, Profile
from ..diagnostics.history import History
from ..diagnostics.privacy import Privacy
from ..driver.driver import Driver
from ..driver.identity import Identity
from ..driver.settings import secret_fields, secret_values
from ..transports import Login
from .record import Record

MIN_MEMORY = 6
"""Shorter texts in a driver's memory are values, such as "on", unless their field is private."""
MAX_FORMER = 64
"""The most names that are kept of parts that the device no longer has."""
_TOKEN = re.compile(r"(?=.*\d)\S{8,}")
"""A text in a driver's memory that may grant access: long, with a digit and without blanks."""


class PrivateDevice(Protocol):
    """The device whose secrets must not get out."""

    record: Record
    memory: Any
    secrets: dict[str, str]
    chosen_settings: dict[str, Any]
    history: History

    @property
    def identity(self) -> Identity:
        """The identity of the device."""
        ...

    @property
    def profile(self) -> Profile:
        """The current profile of the device."""
        ...

    @property
    def current_driver(self) -> Driver[Any] | None:
        """The driver; None before the first one is used."""
        ...


class DevicePrivacy(Privacy):
    """What is secret or private about a device, at any time."""

    __slots__ = ("_device", "_former")

    def __init__(self, device: PrivateDevice) -> None:
        """Look into `device` whenever a text is to be cleaned."""
        super().__init__()
        self._device = device
        self._former: tuple[str, ...] = ()
        """Names and ids of parts that the device had, which its trace may still contain."""

    def keep_names(self, former: Profile) -> None:
        """Treat what the parts of the profile that was replaced were called as names, too."""
        names = dict.fromkeys((*self._former, *_names(former)))
        present = {*_names(self._device.profile)}
        self._former = tuple(name for name in names if name not in present)[-MAX_FORMER:]

    @override
    def secrets(self) -> Iterator[str]:
        """Yield the stored secrets, and what else may be one."""
        device = self._device
        yield from device.secrets.values()
        yield device.record.call_token
        yield from (text for text in self._memory() if _TOKEN.fullmatch(text))
        if (driver := device.current_driver) is None:
            return
        yield from secret_values(driver.Settings, device.chosen_settings)
        yield from _texts(device.memory, {*driver.private, *secret_fields(driver.Memory)})
        for io in (driver.io, *(getattr(driver, name) for name in driver.beside)):
            login = getattr(io.options, "login", None)
            if isinstance(login, Login):
                yield login.password

    @override
    def personal(self) -> Iterator[str]:
        """Yield ids and addresses."""
        device, identity = self._device, self._device.identity
        yield from (identity.unique_id, identity.serial_number, identity.mac, identity.url)
        yield from (part.serial_number for part in device.profile.components.values())
        yield from (address.host for address in device.record.addresses)
        yield from (s.address.host for s in device.history.changes() if s.address is not None)
        yield device.record.challenge.partition(" ")[2].partition(" ")[2]  # the realm
        yield from (text for text in self._memory() if _tells(text) and not _is_name(text))

    @override
    def names(self) -> Iterator[str]:
        """Yield the names of the device and its parts, and what their ids consist of.

        What consists of words alone in a memory is as a name: `battery` may be a name that a
        driver has made up for something, and is nothing private within `batteryPowered`.
        """
        yield from (text.strip() for text in self._memory() if _tells(text) and _is_name(text))
        yield self._device.identity.name
        yield self._device.identity.room
        yield from _names(self._device.profile)
        yield from self._former

    @override
    def fields(self) -> tuple[str, ...]:
        """Return the fields that the driver declares as private."""
        driver = self._device.current_driver
        return () if driver is None else driver.private

    @override
    def harmless(self) -> Iterator[str]:
        """Yield what a bug report needs."""
        identity = self._device.identity
        yield from (identity.manufacturer, identity.model, identity.firmware)
        for part in self._device.profile.components.values():
            yield from (part.manufacturer, part.model, part.firmware)
            yield from _vocabulary(part)
        if (driver := self._device.current_driver) is not None:
            yield from (driver.id, driver.name)  # the name of a device that has none of its own

    def _memory(self) -> Iterator[str]:
        yield from _texts(self._device.record.fields)
        yield from _texts(self._device.memory)


def _tells(text: str) -> bool:
    """Return whether a text in a memory is more than a value."""
    return len(text) >= MIN_MEMORY


def _is_name(text: str) -> bool:
    """Return whether a text in a memory consists of words alone."""
    return not any(character.isdigit() for character in text)


def _vocabulary(part: Component) -> Iterator[str]:
    """Yield what the capabilities of a part, and their attributes, are called."""
    for capability in part.capabilities:
        yield capability.id
        yield from (attribute.name for attribute in capability.attributes)


def _names(profile: Profile) -> Iterator[str]:
    """Yield the names of a device's parts, and what their ids consist of."""
    for component_id, component in profile.components.items():
        yield component.name
        if component_id != MAIN:
            yield component_id.partition("_")[2]


def _texts(value: object, only: set[str] | None = None) -> Iterator[str]:
    """Yield every text and number in a memory or in JSON data, or those in some fields `only`."""
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        for key, each in cast("Mapping[str, Any]", value).items():
            yield from _texts(each, None if only is None or key in only else only)
    elif isinstance(value, list | tuple):
        for each in cast("list[Any]", value):
            yield from _texts(each, only)
    elif only is None and isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)
