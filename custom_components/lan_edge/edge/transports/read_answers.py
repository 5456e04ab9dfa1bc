"""Which messages answer what a read of the device has asked: it is not read again for these."""

from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass


@dataclass(slots=True)
class ReadAnswers:
    """What a device's transports tell about the message that its driver handles now."""

    is_reading: Callable[[], bool] = lambda: False
    """Whether the present context is that of a read of the device."""
    asked_in: Context | None = None
    """The context of the request that is answered by the message; None if it answers none."""

    @property
    def has_one(self) -> bool:
        """Whether the message answers a request of a read."""
        return self.asked_in is not None and self.asked_in.run(self.is_reading)
