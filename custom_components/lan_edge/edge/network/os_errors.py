"""The operating system's network errors as the library's."""

from collections.abc import Generator
from contextlib import contextmanager
import os

from ..errors import ReplyError, TimedOutError, UnreachableError


@contextmanager
def network_errors(action: str) -> Generator[None]:
    """Raise the library's errors for the system's; `action` is what the message begins with.

    TimeoutError becomes TimedOutError, OSError UnreachableError, UnicodeError ReplyError.
    """
    try:
        yield
    except TimeoutError as err:
        raise TimedOutError(f"{action}: no answer in time") from err
    except OSError as err:
        words = os.strerror(err.errno) if err.errno and err.errno > 0 else err.strerror or err
        raise UnreachableError(f"{action}: {str(words) or 'the connection was cut'}") from err
    except UnicodeError as err:
        raise ReplyError(f"{action}: not a valid text or host name") from err
