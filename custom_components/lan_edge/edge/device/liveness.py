"""A device's signs of life, from the cheapest to an answer of its program."""

import asyncio

from ..callbacks.registration import CallbackRegistration
from ..connection.addresses import KnownAddresses
from ..errors import IdentityError, TimedOutError, UnreachableError
from ..transports.base import Transport
from .core import DeviceCore
from .reading import Reading

PROGRAM_MAY_HANG = 14.0
"""Seconds of silence after which the device's program is asked, not only its system."""
LOSSY = 0.5
"""Seconds for an answer of the system after which packets were lost, and messages maybe too."""
DOUBTFUL_PATIENCE = 2.4
"""Seconds for a sign of life if the device's system did not answer."""


class DeviceLiveness:
    """The signs of life of one device: the implementation of `Liveness`."""

    __slots__ = ("_addresses", "_callback", "_core", "_io", "_reading")

    def __init__(
        self,
        core: DeviceCore,
        io: Transport,
        callback: CallbackRegistration | None,
        reading: Reading,
        addresses: KnownAddresses,
    ) -> None:
        """Listen to the transport, and to what the device sends to the hub by itself."""
        self._core = core
        self._io = io
        self._callback = callback
        self._reading = reading
        self._addresses = addresses

    @property
    def heard_at(self) -> float:
        """When the device was last heard, in loop time."""
        return max(self._io.heard_at, self._callback.heard_at if self._callback else 0)

    @property
    def heartbeat(self) -> float | None:
        """Seconds of silence before the device is asked for a sign of life."""
        return self._io.heartbeat

    async def check(self) -> None:
        """Get a sign of life after a silence; for a while, an answer of the system will do."""
        patience, loop = self._io.patience, asyncio.get_running_loop()
        if (began := loop.time()) - self.heard_at < PROGRAM_MAY_HANG:
            if is_reachable := await self._io.is_reachable():
                if loop.time() - began > LOSSY:
                    self._reading.again_later()
                return
            if is_reachable is not None:
                patience = DOUBTFUL_PATIENCE
        async with asyncio.timeout(patience):
            await self.ping()

    async def check_system(self) -> None:
        """Get any answer from the device's system; raise TimedOutError."""
        if await self._io.is_reachable() is False:
            raise TimedOutError("nothing answers")

    async def ping(self) -> None:
        """Get a sign of life, and of the right device; raise EdgeError."""
        core = self._core
        with core.state.asking():
            unique_id = await core.guard.run(core.driver.ping)
        if unique_id and unique_id != core.identity.unique_id:
            raise IdentityError(core.identity.unique_id, unique_id, self._addresses.latest)
        if not unique_id and self._addresses.is_sighted_elsewhere:
            # another device of its kind may answer here: only discovery can tell
            raise UnreachableError(f"{core.label} was seen elsewhere, and cannot tell who it is")

    def announced(self) -> None:
        """Take note that the device announces itself: it may have restarted."""
        self._io.announced()
