"""What opens and closes: shades, doors, locks and valves. All of it takes its time."""

from enum import StrEnum

from ..definition import Attribute, Capability, Kind, command
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
    """How far a shade is open."""

    CLOSED = "closed"
    CLOSING = "closing"
    OPEN = "open"
    OPENING = "opening"
    PARTIALLY_OPEN = "partially open"
    PAUSED = "paused"
    UNKNOWN = "unknown"


class ShadeCommand(StrEnum):
    """What a shade can be told."""

    OPEN = "open"
    CLOSE = "close"
    PAUSE = "pause"


class WindowShade(Capability):
    """A shade, blind or curtain."""

    window_shade = Attribute(ShadeState)
    supported_window_shade_commands = Attribute(tuple[ShadeCommand, ...], kind=Kind.HIDDEN)

    @command(sets="window_shade=open", slow=True)
    def open(self) -> None:
        """Open it."""

    @command(sets="window_shade=closed", slow=True)
    def close(self) -> None:
        """Close it."""

    @command(optional=True)
    def pause(self) -> None:
        """Stop it where it is."""


class WindowShadeLevel(Capability):
    """How far a shade is open, in percent: 0 is closed."""

    shade_level = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="shade_level", slow=True)
    def set_shade_level(self, shade_level: Percent) -> None:
        """Open it to `shade_level` %."""


class WindowShadePreset(Capability):
    """A shade with a position that somebody has chosen, in percent."""

    position = Attribute(int, minimum=0, maximum=100, unit="%", rare=True)

    @command(slow=True)
    def preset_position(self) -> None:
        """Go to the chosen position."""

    @command(sets="position", optional=True)
    def set_preset_position(self, position: Percent) -> None:
        """Choose another position; the shade stays where it is."""


class WindowShadeTiltLevel(Capability):
    """How far the slats of a blind are open, in percent: 0 is closed."""

    shade_tilt_level = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="shade_tilt_level", slow=True)
    def set_shade_tilt_level(self, level: Percent) -> None:
        """Turn the slats to `level` %."""


class DoorState(StrEnum):
    """How far a door is open."""

    CLOSED = "closed"
    CLOSING = "closing"
    OPEN = "open"
    OPENING = "opening"
    UNKNOWN = "unknown"


class DoorControl(Capability):
    """A door that opens by itself."""

    door = Attribute(DoorState, device_class="door")

    @command(sets="door=open", slow=True)
    def open(self) -> None:
        """Open it."""

    @command(sets="door=closed", slow=True)
    def close(self) -> None:
        """Close it."""


class GarageDoorControl(Capability):
    """A garage's door."""

    door = Attribute(DoorState, device_class="garage")

    @command(sets="door=open", slow=True)
    def open(self) -> None:
        """Open it."""

    @command(sets="door=closed", slow=True)
    def close(self) -> None:
        """Close it."""


class LockState(StrEnum):
    """Whether a door is locked."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"
    UNLOCKED_WITH_TIMEOUT = "unlocked with timeout"
    NOT_FULLY_LOCKED = "not fully locked"
    UNLATCHED = "unlatched"
    UNKNOWN = "unknown"


class Lock(Capability):
    """A door's lock."""

    lock_state = Attribute(LockState, name="lock")

    @command(sets="lock_state=locked", slow=True)
    def lock(self) -> None:
        """Lock it."""

    @command(sets="lock_state=unlocked", slow=True)
    def unlock(self) -> None:
        """Unlock it."""

    @command(sets="lock_state=unlatched", optional=True, slow=True)
    def unlatch(self) -> None:
        """Unlock it and draw the latch, so that the door can be pushed open."""


class Valve(Capability):
    """A valve for water, gas or the like."""

    valve = Attribute(bool, words=("closed", "open"))

    @command(sets="valve=open", slow=True)
    def open(self) -> None:
        """Open it."""

    @command(sets="valve=closed", slow=True)
    def close(self) -> None:
        """Close it."""
