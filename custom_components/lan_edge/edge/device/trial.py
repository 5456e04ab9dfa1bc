"""Single connections to a device: to ask who it is, to pair with it, or to check it."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

from ..driver.pairing import Ask
from ..errors import TimedOutError, UnreachableError
from ..network.address import Address
from ..timing.excused import excused_timeout
from .core import DeviceCore
from .handshake import Recognize
from .session import Session

TRIAL_TIMEOUT = 10.0
"""Seconds to connect once, ask or read and disconnect."""


class Trials:
    """The single connections of one device, which are made before it is started."""

    __slots__ = ("_core", "_session")

    def __init__(self, core: DeviceCore, session: Session) -> None:
        """Connect nothing yet."""
        self._core = core
        self._session = session

    async def check(self, address: Address, recognize: Recognize) -> None:
        """Connect once, read everything and disconnect; raise EdgeError."""
        async with self.trial(address):
            try:
                await self._check(address, recognize)
            except UnreachableError:
                if not self._core.optional_readings.broke_connection:
                    raise
                await self._session.disconnect()
                await self._check(address, recognize)  # what was not answered is left out now

    async def _check(self, address: Address, recognize: Recognize) -> None:
        await self._session.handshake.open_chosen(address, recognize)
        await self._session.begin(address)

    async def pair(self, address: Address, ask: Ask, recognize: Recognize) -> None:
        """Connect once and let the driver pair with the device; raise EdgeError."""
        session = self._session
        session.interruptions.is_in_use = True
        try:
            await session.handshake.pair(address, ask, recognize)
        except TimeoutError:  # of the driver's own
            raise TimedOutError(t"{address}: the pairing took too long") from None
        finally:
            await session.disconnect()

    @asynccontextmanager
    async def trial(self, address: Address) -> AsyncGenerator[None]:
        """Limit the time of a single connection, and disconnect in the end."""
        session = self._session
        session.interruptions.is_in_use = True
        try:
            async with excused_timeout(TRIAL_TIMEOUT, session.link.pacing.held):
                with self._awaiting_call():
                    yield
        except TimeoutError as err:
            raise TimedOutError(t"{address}: no answer within {TRIAL_TIMEOUT:g} s") from err
        finally:
            await session.disconnect()
            await session.close_callback()

    @contextmanager
    def _awaiting_call(self) -> Generator[None]:
        """Wait for the next call of a device that calls by itself."""
        callback = self._session.callback
        calls = callback.calls if callback is not None else None
        if calls is not None:
            calls.is_awaited = True
        try:
            yield
        finally:
            if calls is not None:
                calls.is_awaited = False
