"""The time that a device is given in addition, as this program was too busy to hear it.

A timer that fires late tells that the event loop has not come to it: when many devices answer at
once on a busy machine, an answer that came in time is read late. That is not the device's fault.
"""

LATE = 0.05
"""Seconds by which a timer fires late in a program that is busy."""
ADDITION = 0.25
"""Seconds that a device is given at a time."""
MOST = 5.0
"""Seconds that it is given in all: something may keep the program busy for ever."""


class Patience:
    """What one device is given for one thing."""

    __slots__ = ("_given",)

    def __init__(self) -> None:
        """Have given nothing yet."""
        self._given = 0.0

    def renew(self) -> None:
        """Begin again, for another thing."""
        self._given = 0.0

    def more(self, late: float) -> float:
        """Return the seconds to wait on, as a timer has fired so `late`; 0: the time is over."""
        if late < LATE or self._given >= MOST:
            return 0.0
        self._given += ADDITION
        return ADDITION
