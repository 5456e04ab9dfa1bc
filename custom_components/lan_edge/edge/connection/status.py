"""The states of a connection."""

from enum import StrEnum


class Status(StrEnum):
    """The state of a connection."""

    IDLE = "idle"
    """Not started, or stopped."""
    CONNECTING = "connecting"
    """An attempt is under way."""
    WAITING = "waiting"
    """Lost or not reached; waiting for the next attempt."""
    ONLINE = "online"
    """Connected, identified and read."""
