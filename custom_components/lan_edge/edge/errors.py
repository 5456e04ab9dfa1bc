"""Every error of the library, grouped by what the caller can do about it.

EdgeError
├── UsageError                 the call or the driver is wrong: change it
│   ├── UnsupportedError       the device has no such command
│   ├── ArgumentError          the command's arguments are missing or out of range
│   └── DriverError            the driver file is wrong: what, and where
└── DeviceError                the device or the way to it: look there, or try again
    ├── OfflineError           not connected; nothing was sent
    ├── BusyError              more commands wait than the device can take; nothing was sent
    ├── TimedOutError          no answer in time
    ├── UnreachableError       the connection could not be made, or was lost
    ├── ReplyError             what came back is not the device's protocol
    ├── RefusedError           the device said no, in its own words
    ├── UnconfirmedError       the device said yes, and did nothing
    ├── IdentityError          another device answered at this address
    ├── CredentialsError       the device wants a login, or no longer takes ours
    └── CertificateError       the device's TLS certificate is not the one expected
"""

__all__ = [
    "ArgumentError",
    "BusyError",
    "CertificateError",
    "CredentialsError",
    "DeviceError",
    "DriverError",
    "EdgeError",
    "IdentityError",
    "OfflineError",
    "RefusedError",
    "ReplyError",
    "TimedOutError",
    "UnconfirmedError",
    "UnreachableError",
    "UnsupportedError",
    "UsageError",
]


class EdgeError(Exception):
    """Base of every error this library raises."""


class UsageError(EdgeError):
    """The call or the driver is wrong; trying again does not help."""


class UnsupportedError(UsageError):
    """The device has no such component, capability or command."""


class ArgumentError(UsageError):
    """A command's argument is missing, unknown, of a wrong type or out of range."""


class DriverError(UsageError):
    """A driver's definition is wrong; the message names the driver, file and line."""


class DeviceError(EdgeError):
    """The device or the way to it failed."""


class OfflineError(DeviceError):
    """The device is not connected; nothing was sent. Says why."""


class BusyError(DeviceError):
    """More commands wait than the device can take; nothing was sent."""


class TimedOutError(DeviceError):
    """The device did not answer in time."""


class UnreachableError(DeviceError):
    """The connection could not be made, or was lost."""


class ReplyError(DeviceError):
    """What the device sent is not its protocol."""


class RefusedError(DeviceError):
    """The device refused, in its own words."""


class UnconfirmedError(DeviceError):
    """The device said yes, but its state does not show what was asked for."""


class IdentityError(DeviceError):
    """Another device than the one wanted answered at the address."""

    def __init__(self, wanted: str, found: str, address: object) -> None:
        """Keep who was wanted (`wanted`) and who answered (`found`) at `address`."""
        super().__init__(f"{address} is {found}, not {wanted}")
        self.wanted = wanted
        self.found = found
        self.address = address


class CredentialsError(DeviceError):
    """The device wants a login, or no longer takes the stored one."""


class CertificateError(DeviceError):
    """The device's TLS certificate is expired, foreign, or not the pinned one."""

    def __init__(self, message: str, *, pinned: str = "", found: str = "") -> None:
        """Say what is wrong; of a pin that changed, keep both fingerprints."""
        super().__init__(message)
        self.pinned = pinned
        self.found = found
