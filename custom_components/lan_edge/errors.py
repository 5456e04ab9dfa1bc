"""The library's errors as Home Assistant's, translated."""

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from lan_edge import (
    ArgumentError,
    BusyError,
    CertificateError,
    CredentialsError,
    DeviceError,
    EdgeError,
    IdentityError,
    NotFoundError,
    OfflineError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnconfirmedError,
    UnreachableError,
    UnsupportedError,
)

from .const import DOMAIN


class NotConfirmedError(DeviceError):
    """No device at an address confirms the id that was announced for it."""


class NoIdError(DeviceError):
    """A device that is to take the place of another one reports no id."""


class TakenError(DeviceError):
    """A device that is to take the place of another one has an entry of its own."""


class MovedError(DeviceError):
    """A device was announced at another address after the user had been shown one."""


_KEYS: dict[type[EdgeError], str] = {
    ArgumentError: "argument",
    BusyError: "busy",
    CertificateError: "certificate",
    CredentialsError: "credentials",
    IdentityError: "identity",
    MovedError: "moved",
    NoIdError: "no_id",
    NotConfirmedError: "not_confirmed",
    NotFoundError: "unreachable",
    OfflineError: "offline",
    RefusedError: "refused",
    ReplyError: "reply",
    TakenError: "taken",
    TimedOutError: "timed_out",
    UnconfirmedError: "unconfirmed",
    UnreachableError: "unreachable",
    UnsupportedError: "unsupported",
}


class InvalidActionError(ServiceValidationError):
    """An action was called with something that does not exist, or does not fit."""

    def __init__(self, translation_key: str, **placeholders: str) -> None:
        """Use the message with that translation key; each placeholder becomes a short line."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=translation_key,
            translation_placeholders={k: str(EdgeError(v)) for k, v in placeholders.items()},
        )


def error_key(error: EdgeError) -> str:
    """Return the translation key of an error of the library."""
    return next((_KEYS[kind] for kind in type(error).__mro__ if kind in _KEYS), "driver")


def to_home_assistant_error(error: EdgeError, device: str, reason: str = "") -> HomeAssistantError:
    """Return the error that an action raises; `device` is the device's name.

    The `reason` is what the error says in another language than English.
    """
    is_invalid = isinstance(error, ArgumentError | UnsupportedError)
    kind = ServiceValidationError if is_invalid else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key=error_key(error),
        translation_placeholders={"device": device, "reason": reason or str(error)},
    )
