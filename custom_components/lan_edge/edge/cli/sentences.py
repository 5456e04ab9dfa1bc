"""Errors of the library as sentences: their messages leave out what the class says, and the device.

The words are those of Home Assistant's messages.
"""

from pathlib import Path

from ..driver.loader import LoadFailure
from ..errors import (
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
)

_SUBJECTS: dict[type[EdgeError], str] = {
    BusyError: "the device is too busy; nothing was sent:",
    CertificateError: "the device presents an unexpected certificate; nothing was sent:",
    CredentialsError: "the device requires a login:",
    IdentityError: "another device responds at the address:",
    OfflineError: "the device is offline; nothing was sent:",
    RefusedError: "the device refused:",
    ReplyError: "the device sent a response that its driver cannot interpret:",
    TimedOutError: "the device did not respond in time:",
    UnconfirmedError: "the device accepted the command but",
    UnreachableError: "the device could not be reached:",
}


def sentence(error: BaseException) -> str:
    """Return what an error says, with who or what it is about."""
    kinds = (_SUBJECTS[kind] for kind in type(error).__mro__ if kind in _SUBJECTS)
    message = str(error) or type(error).__name__
    return f"{subject} {message}" if (subject := next(kinds, "")) else message


def mistakes(failure: LoadFailure) -> str:
    """Return all that is wrong in a file, each at its place."""
    return "; ".join(f"{place(each)}: {what(each)}" for each in (failure, *failure.others))


def place(failure: LoadFailure) -> str:
    """Return the file of a mistake, as it was typed, and the line."""
    file = Path(failure.file)  # without ./
    return f"{file}:{failure.line}" if failure.line else str(file)


def what(failure: LoadFailure) -> str:
    """Return what is wrong, and what to do about it."""
    return f"{failure.reason}: {failure.remedy}" if failure.remedy else failure.reason
