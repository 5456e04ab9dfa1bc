"""The kinds of attributes, and of commands that the framework can carry out itself."""

from enum import StrEnum

__all__ = [
    "Builtin",
    "Kind",
]


class Kind(StrEnum):
    """What an attribute's value means; the hub decides how to present it."""

    STATE = "state"
    """What something is or does at the moment."""
    MEASUREMENT = "measurement"
    """A quantity that a sensor measures."""
    TOTAL = "total"
    """A counter that only grows, except when it is reset."""
    DIAGNOSTIC = "diagnostic"
    """About the device itself, such as its signal strength."""
    EVENT = "event"
    """Something that happened: each emit counts, even of the same value.

    The first read of a connection may report an old event: see `State.is_first_read`.
    """
    HIDDEN = "hidden"
    """Used by the framework or by other attributes; not presented by itself."""


class Builtin(StrEnum):
    """What the framework does for a command if the driver does not handle it."""

    READ = "read"
    """Read everything again."""
    PING = "ping"
    """Get a sign of life."""
