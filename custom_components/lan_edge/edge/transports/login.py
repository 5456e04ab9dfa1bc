"""The driver's login, which runs on each new connection before anything else."""

from collections.abc import Awaitable, Callable

from ..errors import DriverError, EdgeError, TimedOutError
from .base import Transport


async def log_in[IO: Transport, T](io: IO, login: Callable[[IO], Awaitable[T]] | None) -> T | None:
    """Run `login`, if there is one; return its result, raise an EdgeError if it fails."""
    try:
        return await login(io) if login is not None else None
    except EdgeError:
        raise
    except TimeoutError as err:
        raise TimedOutError(t"the login: no answer in time") from err
    except Exception as err:
        raise DriverError(f"the login failed: {err!r}") from err
