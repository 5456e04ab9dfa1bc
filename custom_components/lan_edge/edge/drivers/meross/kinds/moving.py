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
    int_at,
    number,
    value_in,
    word_of,
)

from ..memory import MerossMemory
from ..protocol.messages import Request
from ..protocol.questions import POSITION, SPEED
from .outlets import AS_OUTLET
from .parts import CODE, MerossPart, Send, Table, Told, setting

DOOR = "Appliance.GarageDoor.State"
DOOR_TABLE = (
    Property(
        GarageDoorControl.door,
        *("open", Coding.words({1: DoorState.OPEN, 0: DoorState.CLOSED})),
        Send(DOOR, "state", {"open": CODE, "uuid": Told("uuid")}),
    ),
)


def doors(memory: MerossMemory) -> dict[int, Json]:
    """Return what is told of garage doors: not of those that are turned off in the app.

    The first of several is none.
    """
    told = memory.at("garageDoor")
    real = {n: each for n, each in told.items() if n or len(told) == 1}
    return {
        n: each | {"uuid": memory.uuid} for n, each in real.items() if each.get("doorEnable", 1)
    }


# shutters: older firmware does not know where they are between open and closed

KNOWS_POSITIONS = (6, 6, 6)  # firmware
TURNS = {1: ShadeState.OPENING, 2: ShadeState.CLOSING}
MOVES = {ShadeState.OPEN: 100, ShadeState.CLOSED: 0, ShadeState.PAUSED: -1}


def shade_of(told: Json) -> ShadeState | None:
    """Return what a shutter does; at rest, where it is. May raise ReplyError."""
    turn = value_in(told, "turn.state")
    if turn is None or number(turn):
        return None if turn is None else word_of(TURNS, turn)
    position = int_at(told, "position", -1)
    return ShadeState.at(None if position < 0 else position)


SHUTTER_TABLE = (
    Property(
        *(WindowShade.window_shade, "", Coding(shade_of, MOVES.__getitem__)),
        Send(POSITION.namespace, POSITION.key, {"position": CODE}),
    ),
    setting(WindowShadeLevel.shade_level, "position", Coding(), POSITION.namespace, POSITION.key),
)


def shutter_table(told: Json, memory: MerossMemory) -> Table:
    """Return the table of a shutter by the firmware."""
    del told
    return SHUTTER_TABLE if memory.firmware >= KNOWS_POSITIONS else SHUTTER_TABLE[:1]


# fans

SPEEDS, MOST_SPEEDS = 4, 100  # of a fan that does not say how many it has; that are believed


def most_of(told: Json) -> int:
    """Return the highest speed of a fan."""
    most = int_at(told, "maxSpeed")
    return most if 0 < most <= MOST_SPEEDS else SPEEDS


def speeds_of(told: Json) -> tuple[int, int] | None:
    """Return the speeds of a fan; None: it tells nothing."""
    return (0, most_of(told)) if "channel" in told else None


def speed_of(told: Json) -> Any:
    """Return the speed of a fan, 0 while it is off; None: it does not tell that."""
    return 0 if value_in(told, "toggle.onoff") == 0 else told.get("speed")


SET_SPEED = Send(SPEED.namespace, SPEED.key, {"speed": CODE}, is_list=True)
IS_TURNING = Case.coding(Case(True, {"speed": Case.MORE}, 1), Case(False, {"speed": 0}, 0))
FAN_TABLE = (
    Property(Switch.switch, "", IS_TURNING, SET_SPEED),
    Property(FanSpeed.fan_speed_range, "", Coding(speeds_of)),
    Property(FanSpeed.fan_speed, "", Coding(speed_of)),
)


def fans(memory: MerossMemory) -> dict[int, Json]:
    """Return what is told of fans."""
    return memory.at("fan") | memory.answers(SPEED)


def fan_table(told: Json, memory: MerossMemory) -> Table:
    """Return the table of a fan, which may be listed as an outlet, too."""
    del memory
    return (AS_OUTLET, *FAN_TABLE[1:]) if "toggle" in told else FAN_TABLE


@dataclass(frozen=True)
class Fan(MerossPart):
    """A fan; one that is listed as an outlet, too, is turned on besides."""

    @override
    def changes(self, values: Values) -> list[Request]:
        on, speed = values.get(Switch.switch), values.get(FanSpeed.fan_speed)
        if not speed or on is False:
            return self.change(Switch.switch, value=bool(on) and speed is None)
        turned = self.change(Switch.switch, value=True) if self.is_off_outlet else []
        return [self.message(SET_SPEED, min(speed, most_of(self.told))), *turned]
