"""The driver's login, which runs on each new connection before anything else."""

from collections.abc import Awaitable, Callable

from ..errors import DriverError, EdgeError, TimedOutError
from .base import Transport


async def log_in[IO: Transport](io: IO, login: Callable[[IO], Awaitable[None]] | None) -> None:
    """Run `login`, if there is one; raise an EdgeError if it fails."""
    try:
        if login is not None:
            await login(io)
    except EdgeError:
        raise
    except TimeoutError as err:
        raise TimedOutError("the login: no answer in time") from err
    except Exception as err:
        raise DriverError(f"the login failed: {err!r}") from err
