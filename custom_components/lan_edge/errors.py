"""The library's errors as Home Assistant's: translated, in one place."""

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from lan_edge import (
    ArgumentError,
    BusyError,
    CertificateError,
    CredentialsError,
    EdgeError,
    IdentityError,
    OfflineError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnconfirmedError,
    UnreachableError,
    UnsupportedError,
)

from .const import DOMAIN

_KEYS: dict[type[EdgeError], str] = {
    ArgumentError: "argument",
    BusyError: "busy",
    CertificateError: "certificate",
    CredentialsError: "credentials",
    IdentityError: "identity",
    OfflineError: "offline",
    RefusedError: "refused",
    ReplyError: "reply",
    TimedOutError: "timed_out",
    UnconfirmedError: "unconfirmed",
    UnreachableError: "unreachable",
    UnsupportedError: "unsupported",
}


class MisuseError(ServiceValidationError):
    """An action was given what cannot be; says what is wrong and what there is."""

    def __init__(self, translation_key: str, **told: str) -> None:
        """Say it by a key of the translations, with what is told there."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=translation_key,
            translation_placeholders=told,
        )


def key_of(error: EdgeError) -> str:
    """Return the translation key that says what went wrong."""
    return next((_KEYS[kind] for kind in type(error).__mro__ if kind in _KEYS), "driver")


def as_home_assistant(error: EdgeError, device: str) -> HomeAssistantError:
    """Return what a service call on `device` raises for the error."""
    misused = isinstance(error, ArgumentError | UnsupportedError)
    kind = ServiceValidationError if misused else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key=key_of(error),
        translation_placeholders={"device": device, "reason": str(error)},
    )
