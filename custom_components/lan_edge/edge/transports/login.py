"""The first words on a new connection, said before anything else: a login, a session key."""

from collections.abc import Awaitable, Callable

from ..errors import DriverError, EdgeError, TimedOutError
from .base import Transport


async def log_in[IO: Transport](io: IO, login: Callable[[IO], Awaitable[None]] | None) -> None:
    """Run `login`, if there is one; close the connection if it fails."""
    if login is None:
        return
    try:
        await login(io)
    except BaseException as err:
        await io.close()
        if isinstance(err, EdgeError) or not isinstance(err, Exception):
            raise
        if isinstance(err, TimeoutError):
            msg = "the login: no answer in time"
            raise TimedOutError(msg) from err
        msg = f"the login failed: {err!r}"
        raise DriverError(msg) from err
