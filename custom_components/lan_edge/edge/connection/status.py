"""The states of a connection."""

from enum import StrEnum


class Status(StrEnum):
    """Where a connection stands."""

    IDLE = "idle"
    """Not started, or stopped."""
    CONNECTING = "connecting"
    WAITING = "waiting"
    """Lost or not reached; the next attempt is due later."""
    ONLINE = "online"
