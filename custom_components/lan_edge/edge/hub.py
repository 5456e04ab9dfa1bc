"""What the hub lends to all its devices."""

from .gate import Gate
from .listener import Listener


class Hub:
    """One for all devices of a process; closed after the last of them."""

    def __init__(self, *, listener: Listener | None = None) -> None:
        """Own a listener, which is off until a device needs it, and the gate to the network."""
        self.listener = listener or Listener()
        self.gate = Gate()

    async def close(self) -> None:
        """Leave nothing behind."""
        await self.listener.close()
