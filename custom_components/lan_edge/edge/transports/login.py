"""The driver's login, which runs on each new connection before anything else."""

from collections.abc import Awaitable, Callable

from ..errors import DriverError, EdgeError, TimedOutError
from .base import Transport


async def log_in[IO: Transport](io: IO, login: Callable[[IO], Awaitable[None]] | None) -> None:
    """Run `login`, if there is one; if it fails, close the connection and raise an EdgeError."""
    if login is None:
        return
    try:
        await login(io)
    except BaseException as err:
        await io.close()
        if isinstance(err, EdgeError) or not isinstance(err, Exception):
            raise
        if isinstance(err, TimeoutError):
            raise TimedOutError("the login: no answer in time") from err
        raise DriverError(f"the login failed: {err!r}") from err
