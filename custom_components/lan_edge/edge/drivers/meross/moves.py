"""Meross's garage doors, roller shutters and fans."""

from dataclasses import dataclass
from typing import Any, override

from lan_edge import (
    Case,
    Coding,
    DoorState,
    FanSpeed,
    GarageDoorControl,
    Json,
    Property,
    ShadeState,
    Switch,
    Values,
    WindowShade,
    WindowShadeLevel,
    number,
    value_in,
    word_of,
)

from .kinds import AS_OUTLET
from .parts import CODE, Change, MerossPart, Send, Told, setting

DOOR, SHUTTER = "Appliance.GarageDoor.State", "Appliance.RollerShutter.Position"
FAN = "Appliance.Control.Fan"
SPEEDS, MOST_SPEEDS = 4, 100  # of a fan that does not say how many it has; that are believed

# doors: they report whether they are open, and not that they move

DOOR_TABLE = (
    Property(
        GarageDoorControl.door,
        "",
        Case.coding(
            *(Case(move, {"move": move}) for move in (DoorState.OPENING, DoorState.CLOSING)),
            *(Case(DoorState.OPEN, {"open": 1}, 1), Case(DoorState.CLOSED, {"open": 0}, 0)),
        ),
        (Send(DOOR, "state", {"open": CODE, "uuid": Told("uuid")}, is_list=False),),
    ),
)

# shutters: older firmware does not know where they are between open and closed

TURNS = {1: ShadeState.OPENING, 2: ShadeState.CLOSING}
MOVES = {ShadeState.OPEN: 100, ShadeState.CLOSED: 0, ShadeState.PAUSED: -1}


def shade_of(told: Json) -> ShadeState | None:
    """Return what a shutter does; at rest, where it is. May raise ReplyError."""
    turn, position = told.get("turn"), told.get("position")
    if turn is None or number(turn):
        return None if turn is None else word_of(TURNS, turn)
    return ShadeState.at(position if type(position) is int else None)


SIMPLE_SHUTTER_TABLE = (
    Property(
        *(WindowShade.window_shade, "", Coding(shade_of, MOVES.__getitem__)),
        (Send(SHUTTER, "position", {"position": CODE}, is_list=False),),
    ),
)
SHUTTER_TABLE = (
    *SIMPLE_SHUTTER_TABLE,
    setting(WindowShadeLevel.shade_level, "position", Coding(), SHUTTER, "position"),
)

# fans


def most_of(told: Json) -> int:
    """Return the highest speed of a fan."""
    value: Any = told.get("maxSpeed")
    return value if type(value) is int and 0 < value <= MOST_SPEEDS else SPEEDS


def speeds_of(told: Json) -> tuple[int, int] | None:
    """Return the speeds of a fan; None: it tells nothing."""
    return (0, most_of(told)) if "channel" in told else None


def speed_of(told: Json) -> Any:
    """Return the speed of a fan, 0 while it is off; None: it does not tell that."""
    return 0 if value_in(told, "toggle.onoff") == 0 else told.get("speed")


SPEED = Send(FAN, "fan", {"speed": CODE})
SPEED_ROWS = (
    Property(FanSpeed.fan_speed_range, "", Coding(speeds_of)),
    Property(FanSpeed.fan_speed, "", Coding(speed_of)),
)
IS_TURNING = Case.coding(Case(True, {"speed": Case.MORE}, 1), Case(False, {"speed": 0}, 0))
FAN_TABLE = (Property(Switch.switch, "", IS_TURNING, (SPEED,)), *SPEED_ROWS)
OUTLET_FAN_TABLE = (AS_OUTLET, *SPEED_ROWS)


@dataclass(frozen=True)
class Fan(MerossPart):
    """A fan; one that is listed as an outlet, too, is turned on besides."""

    @override
    def changes(self, values: Values) -> list[Change]:
        on, speed = values.get(Switch.switch), values.get(FanSpeed.fan_speed)
        if not speed or on is False:
            return self.change(Switch.switch, value=bool(on) and speed is None)
        is_off = self.table[0] is AS_OUTLET and self.told["toggle"].get("onoff") != 1
        turned = self.change(Switch.switch, value=True) if is_off else []
        return [self.message(SPEED, min(speed, most_of(self.told))), *turned]
