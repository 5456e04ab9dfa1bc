"""Shades, doors, locks and valves; their commands succeed as soon as they start to move."""

from enum import StrEnum

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Kind
from ..schema import Percent

__all__ = [
    "DoorControl",
    "DoorState",
    "GarageDoorControl",
    "Lock",
    "LockState",
    "ShadeCommand",
    "ShadeState",
    "Valve",
    "WindowShade",
    "WindowShadeLevel",
    "WindowShadePreset",
    "WindowShadeTiltLevel",
]


class ShadeState(StrEnum):
    """The state of a shade."""

    CLOSED = "closed"
    CLOSING = "closing"
    OPEN = "open"
    OPENING = "opening"
    PARTIALLY_OPEN = "partially open"
    PAUSED = "paused"
    UNKNOWN = "unknown"

    @classmethod
    def at(cls, level: float | None) -> ShadeState | None:
        """Return the state of a shade that rests at a level, 0 to 100; None if that is unknown."""
        if level is None:
            return None
        ends: dict[float, ShadeState] = {0: cls.CLOSED, 100: cls.OPEN}
        return ends.get(level, cls.PARTIALLY_OPEN)


class ShadeCommand(StrEnum):
    """A command that a shade may support."""

    OPEN = "open"
    CLOSE = "close"
    PAUSE = "pause"


class WindowShade(Capability):
    """A window shade, blind or curtain."""

    window_shade = Attribute(ShadeState)
    supported_window_shade_commands = Attribute(tuple[ShadeCommand, ...], kind=Kind.HIDDEN)

    @command(sets="window_shade=open", slow=True)
    def open(self) -> None:
        """Open the shade."""

    @command(sets="window_shade=closed", slow=True)
    def close(self) -> None:
        """Close the shade."""

    @command(optional=True)
    def pause(self) -> None:
        """Stop the shade at its current position."""


class WindowShadeLevel(Capability):
    """The position of a shade, in percent: 0 is closed, 100 is open."""

    shade_level = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="shade_level", slow=True)
    def set_shade_level(self, shade_level: Percent) -> None:
        """Move the shade to `shade_level` %."""


class WindowShadePreset(Capability):
    """A favourite position of a shade, in percent."""

    position = Attribute(int, minimum=0, maximum=100, unit="%", rare=True)

    @command(slow=True)
    def preset_position(self) -> None:
        """Move the shade to its favourite position."""

    @command(sets="position", optional=True)
    def set_preset_position(self, position: Percent) -> None:
        """Store a new favourite position, without moving the shade."""


class WindowShadeTiltLevel(Capability):
    """The tilt of a blind's slats, in percent: 0 is closed, 100 is open."""

    shade_tilt_level = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="shade_tilt_level", slow=True)
    def set_shade_tilt_level(self, level: Percent) -> None:
        """Tilt the slats to `level` %."""


class DoorState(StrEnum):
    """The state of a door."""

    CLOSED = "closed"
    CLOSING = "closing"
    OPEN = "open"
    OPENING = "opening"
    UNKNOWN = "unknown"


class DoorControl(Capability):
    """A motorized door."""

    door = Attribute(DoorState, device_class="door")

    @command(sets="door=open", slow=True)
    def open(self) -> None:
        """Open the door."""

    @command(sets="door=closed", slow=True)
    def close(self) -> None:
        """Close the door."""


class GarageDoorControl(Capability):
    """A garage door."""

    door = Attribute(DoorState, device_class="garage")

    @command(sets="door=open", slow=True)
    def open(self) -> None:
        """Open the garage door."""

    @command(sets="door=closed", slow=True)
    def close(self) -> None:
        """Close the garage door."""


class LockState(StrEnum):
    """The state of a lock."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"
    UNLOCKED_WITH_TIMEOUT = "unlocked with timeout"
    NOT_FULLY_LOCKED = "not fully locked"
    UNLATCHED = "unlatched"
    UNKNOWN = "unknown"


class Lock(Capability):
    """A door lock."""

    lock_state = Attribute(LockState, name="lock")

    @command(sets="lock_state=locked", slow=True)
    def lock(self) -> None:
        """Lock the door."""

    @command(sets="lock_state=unlocked", slow=True)
    def unlock(self) -> None:
        """Unlock the door."""

    @command(sets="lock_state=unlatched", optional=True, slow=True)
    def unlatch(self) -> None:
        """Unlock the door and retract the latch, so that the door can be pushed open."""


class Valve(Capability):
    """A valve, such as for water or gas."""

    valve = Attribute(bool, words=("closed", "open"))

    @command(sets="valve=open", slow=True)
    def open(self) -> None:
        """Open the valve."""

    @command(sets="valve=closed", slow=True)
    def close(self) -> None:
        """Close the valve."""
