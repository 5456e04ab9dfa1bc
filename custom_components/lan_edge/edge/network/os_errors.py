"""Turns the operating system's network errors into the library's."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
import errno
import os
import socket
import ssl
from string.templatelib import Template

from ..errors import EdgeError, ReplyError, TimedOutError, UnreachableError
from ..sentences import Said, said

_DEAD_PEER = {errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH}
"""The kernel's errors for a peer that vanished."""
_SYSTEM: Mapping[int, Template] = {
    errno.EACCES: t"Permission denied",
    errno.EADDRINUSE: t"Address already in use",
    errno.EADDRNOTAVAIL: t"Cannot assign requested address",
    errno.ECONNABORTED: t"Software caused connection abort",
    errno.ECONNREFUSED: t"Connection refused",
    errno.ECONNRESET: t"Connection reset by peer",
    errno.EHOSTDOWN: t"Host is down",
    errno.EHOSTUNREACH: t"No route to host",
    errno.ENETDOWN: t"Network is down",
    errno.ENETUNREACH: t"Network is unreachable",
    errno.EPERM: t"Operation not permitted",
    errno.EPIPE: t"Broken pipe",
    errno.ETIMEDOUT: t"Connection timed out",
}
"""What the system calls its usual errors."""
_UNKNOWN_NAME: Mapping[int, Template] = {
    socket.EAI_AGAIN: t"Temporary failure in name resolution",
    socket.EAI_NODATA: t"No address associated with hostname",
    socket.EAI_NONAME: t"Name or service not known",
}
"""What it calls those of looking up a name."""


@contextmanager
def network_errors(action: str) -> Generator[None]:
    """Raise the library's errors instead of the system's; `action` begins their messages.

    TimeoutError becomes TimedOutError, OSError UnreachableError, UnicodeError ReplyError.
    """
    try:
        yield
    except TimeoutError as err:
        raise TimedOutError(t"{action}: no answer in time") from err
    except OSError as err:
        raise UnreachableError(t"{action}: {reason_of(err)}") from err
    except UnicodeError as err:
        raise ReplyError(t"{action}: not valid text, or not a host name") from err


def reason_of(error: BaseException) -> Said:
    """Return what went wrong in words, without the number of a system's error."""
    if isinstance(error, ssl.SSLError):  # its number is not the system's
        own = (error.strerror or str(error)).partition(" (_ssl.c:")[0]
        return said(own or t"the connection broke")
    if isinstance(error, OSError):
        known = _UNKNOWN_NAME if isinstance(error, socket.gaierror) else _SYSTEM
        if (words := known.get(error.errno or 0)) is not None:
            return said(words)
        if error.errno and error.errno > 0:
            return said(os.strerror(error.errno))
        if error.strerror:
            return said(error.strerror)
    return said(str(error) or t"the connection broke")


def loss_error(lost: Exception | None) -> EdgeError:
    """Return why a TCP connection ended: TimedOutError if the kernel found the peer dead."""
    if lost is None:
        return UnreachableError(t"the device closed the connection")
    is_dead = isinstance(lost, OSError) and lost.errno in _DEAD_PEER
    kind, err = TimedOutError if is_dead else UnreachableError, reason_of(lost)
    return kind(t"the connection broke: {err}")
