"""What all devices of a process share."""

from ..callbacks import Listener
from ..connection.limiter import ConnectLimiter


class Runtime:
    """One for all devices of a process; closed after the last of them."""

    def __init__(self, *, listener: Listener | None = None) -> None:
        """Have a listener, which is off until a device needs it, and a limit on connecting."""
        self.listener = listener or Listener()
        self.limiter = ConnectLimiter()

    async def close(self) -> None:
        """Leave nothing behind."""
        await self.listener.close()
