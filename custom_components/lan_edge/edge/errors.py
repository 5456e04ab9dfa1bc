"""Every error of the library, grouped by what the caller can do about it.

    EdgeError
    ├── UsageError                 the call or the driver is wrong: fix it
    │   ├── UnsupportedError       the device has no such command
    │   ├── ArgumentError          a value is missing, unknown or out of range
    │   └── DriverError            the driver's code is wrong; the message says where
    └── DeviceError                the device or the network failed: check them, or try again
        ├── OfflineError           not connected; nothing was sent
        ├── BusyError              too many commands are waiting already; nothing was sent
        ├── TimedOutError          the device did not answer in time
        ├── UnreachableError       the connection could not be made, or was lost
        ├── NotFoundError          no such device has been found; also a KeyError
        ├── ReplyError             what the device sent does not follow its protocol
        ├── RefusedError           the device refused; the message is the device's own
        ├── UnconfirmedError       the device accepted the command, but its state did not change
        ├── IdentityError          another device answered at this address
        ├── CredentialsError       the device requires a login, or rejects the stored one
        └── CertificateError       the device's TLS certificate is not the one expected

A caller catches EdgeError, or the group that it can do something about. A message is one printable
line, since parts of it may be the device's words. It repeats neither the device's name nor what the
class says: the caller knows both. A message that is given as a template, t"no answer from {host}",
can be said in other languages (`error_in`).
"""

from collections.abc import Mapping
from string.templatelib import Template
from typing import ClassVar, override

from .sentences import Said, one_line, said, said_by, said_in

__all__ = [
    "ArgumentError",
    "BusyError",
    "CertificateError",
    "CredentialsError",
    "DeviceError",
    "DriverError",
    "EdgeError",
    "IdentityError",
    "NotFoundError",
    "OfflineError",
    "RefusedError",
    "ReplyError",
    "TimedOutError",
    "UnconfirmedError",
    "UnreachableError",
    "UnsupportedError",
    "UsageError",
    "error_in",
]


class EdgeError(Exception):
    """Base of every error this library raises."""

    max_length: ClassVar[int] = 200
    """The message is cut to this many characters."""
    is_clean = False
    """Whether the secrets of its device have been taken out of it."""

    def __init__(self, *words: object) -> None:
        """Say what is wrong; a template is a sentence that can be said in other languages."""
        super().__init__(*(said(each) if isinstance(each, Template) else each for each in words))

    @override
    def __str__(self) -> str:
        """Return the message as one printable line of bounded length."""
        # not super(): a KeyError puts its message in quotes
        line = one_line(Exception.__str__(self)[: 4 * self.max_length])
        return line if len(line) <= self.max_length else f"{line[: self.max_length - 1]}…"


class UsageError(EdgeError):
    """The call or the driver is wrong; trying again does not help."""


class UnsupportedError(UsageError):
    """The device has no such component, capability or command."""


class ArgumentError(UsageError):
    """An argument, option or setting is missing, unknown, of a wrong type or out of range."""


class DriverError(UsageError):
    """A driver is wrong or missing; the message names it, and where known the file and line."""

    max_length: ClassVar[int] = 4000
    place: tuple[str, int] | None = None
    """The file and line that it is about, if that is not where it was raised."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        """Say what is wrong, and what to do about it, where that is known."""
        super().__init__(f"{reason}: {remedy}" if remedy else reason)
        self.reason = reason
        """What is wrong."""
        self.remedy = remedy
        """What to do about it; empty if that is not known."""


class DeviceError(EdgeError):
    """The device or the network failed."""


class OfflineError(DeviceError):
    """The device is not connected; nothing was sent. The message says why."""


class BusyError(DeviceError):
    """Too many commands are waiting already; nothing was sent."""


class TimedOutError(DeviceError):
    """The device did not answer in time."""


class UnreachableError(DeviceError):
    """The connection could not be made, or was lost."""


class NotFoundError(DeviceError, KeyError):
    """No device of this id has been found; the message says why, where that is known."""


class ReplyError(DeviceError):
    """What the device sent does not follow its protocol."""


class RefusedError(DeviceError):
    """The device refused the request; the message is the device's own, if it gave one."""

    max_body: ClassVar[int] = 1000
    """The body is cut to this many characters."""

    def __init__(self, message: Template | str = "", *, status: int = 0, body: str = "") -> None:
        """Keep the HTTP `status`, 0 with other protocols, and the beginning of the `body`."""
        words = said(message) if isinstance(message, Template) else message
        is_complete = words.strip() and not words.rstrip().endswith(":")
        super().__init__(words if is_complete else _without_reason(words))
        self.status = status
        self.body: str = body[: self.max_body]


class UnconfirmedError(DeviceError):
    """The device accepted the command, but its state does not show the result."""


class IdentityError(DeviceError):
    """A different device answered at the address."""

    def __init__(self, wanted: str, found: str, address: object) -> None:
        """Keep the id that was `wanted` and the id `found` at `address`."""
        super().__init__(t"{address} is {found:.70}, not {wanted:.70}")
        self.wanted = wanted
        self.found = found
        self.address = address


class CredentialsError(DeviceError):
    """The device requires a login, or rejects the stored one."""


class CertificateError(DeviceError):
    """The device's TLS certificate is expired, untrusted, or not the pinned one."""

    def __init__(self, message: Template | str, *, pinned: str = "", found: str = "") -> None:
        """Keep the `pinned` and the `found` fingerprint if they differ."""
        super().__init__(message)
        self.pinned = pinned
        self.found = found
        self.address: object = ""
        """Where the device was proven last, if the certificate was found there."""
        self.way = ""
        """The name of the way beside `io` that showed it; empty: `io` did."""


def error_in(error: EdgeError, patterns: Mapping[str, str]) -> str:
    """Return what an error says with the patterns of another language, as one printable line.

    Words that were not made to be said in other languages stay as they are, such as the device's.
    """
    return str(EdgeError(said_in(said_by(error), patterns)))


def _without_reason(words: str) -> Said:
    reason = said(t"no reason given")
    what = words.strip()
    return said(t"{what} {reason}") if what else reason
