"""The resources that all devices of a process share."""

from ..callbacks import Listener
from ..connection.limiter import ConnectLimiter


class Runtime:
    """The listener and the connect limiter of all devices of a process; closed after them."""

    def __init__(self, *, listener: Listener | None = None) -> None:
        """Use `listener`, or a new one; it starts only when a device needs it."""
        self.listener = listener or Listener()
        """Receives the requests of devices to the hub."""
        self.limiter = ConnectLimiter()
        """Limits how many devices are being connected at the same time."""

    async def close(self) -> None:
        """Close the listener."""
        await self.listener.close()
