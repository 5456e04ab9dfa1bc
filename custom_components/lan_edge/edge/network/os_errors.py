"""Turns the operating system's network errors into the library's."""

from collections.abc import Generator
from contextlib import contextmanager
import errno
import os

from ..errors import EdgeError, ReplyError, TimedOutError, UnreachableError

_DEAD_PEER = {errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH}
"""The kernel's errors for a peer that vanished."""


@contextmanager
def network_errors(action: str) -> Generator[None]:
    """Raise the library's errors instead of the system's; `action` begins their messages.

    TimeoutError becomes TimedOutError, OSError UnreachableError, UnicodeError ReplyError.
    """
    try:
        yield
    except TimeoutError as err:
        raise TimedOutError(f"{action}: no answer in time") from err
    except OSError as err:
        raise UnreachableError(f"{action}: {reason_of(err)}") from err
    except UnicodeError as err:
        raise ReplyError(f"{action}: not valid text, or not a host name") from err


def reason_of(error: BaseException) -> str:
    """Return what went wrong in words, without the number of a system's error."""
    if isinstance(error, OSError):
        if error.errno and error.errno > 0:
            return os.strerror(error.errno)
        if error.strerror:
            return error.strerror
    return str(error) or "the connection broke"


def loss_error(lost: Exception | None) -> EdgeError:
    """Return why a TCP connection ended: TimedOutError if the kernel found the peer dead."""
    if lost is None:
        return UnreachableError("the device closed the connection")
    is_dead = isinstance(lost, OSError) and lost.errno in _DEAD_PEER
    return (TimedOutError if is_dead else UnreachableError)(
        f"the connection broke: {reason_of(lost)}"
    )
