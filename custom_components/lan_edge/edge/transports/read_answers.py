"""Which messages answer what a read of the device has asked: it is not read again for these."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class ReadAnswers:
    """What a device's transports tell about the message that its driver handles now."""

    is_reading: Callable[[], bool] = lambda: False
    """Whether the present task reads the device."""
    has_one: bool = False
    """Whether the message that is handled now answers a request of such a task."""

    @contextmanager
    def handling(self, *, is_answer: bool) -> Generator[None]:
        """Handle a message, which may be such an answer."""
        self.has_one = is_answer
        try:
            yield
        finally:
            self.has_one = False
