"""Turns the operating system's network errors into the library's."""

from collections.abc import Generator
from contextlib import contextmanager
import os

from ..errors import ReplyError, TimedOutError, UnreachableError


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
        reason = os.strerror(err.errno) if err.errno and err.errno > 0 else err.strerror or err
        raise UnreachableError(f"{action}: {str(reason) or 'the connection broke'}") from err
    except UnicodeError as err:
        raise ReplyError(f"{action}: not a valid text or host name") from err
