"""Meross's garage doors, roller shutters and fans."""

from dataclasses import dataclass
from typing import override

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
    turns_off,
    value_in,
    word_of,
)

from ..memory import MerossMemory
from ..protocol.messages import Request
from ..protocol.questions import POSITION, SPEED
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


def shutter_table(_: Json, memory: MerossMemory) -> Table:
    """Return the table of a shutter by the firmware."""
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


SET_SPEED = Send(SPEED.namespace, SPEED.key, {"speed": CODE}, is_list=True)
IS_TURNING = Case.coding(Case(True, {"speed": Case.MORE}, 1), Case(False, {"speed": 0}, 0))
FAN_TABLE = (
    Property(Switch.switch, "", IS_TURNING, SET_SPEED),
    Property(FanSpeed.fan_speed_range, "", Coding(speeds_of)),
    Property(FanSpeed.fan_speed, "speed", Coding(), SET_SPEED, off=0),
)


def fans(memory: MerossMemory) -> dict[int, Json]:
    """Return what is told of fans."""
    return memory.at("fan") | memory.answers(SPEED)


@dataclass(frozen=True)
class Fan(MerossPart):
    """A fan; one that is listed as an outlet, too, is turned on besides."""

    @override
    def changes(self, values: Values) -> list[Request]:
        speed = values.get(FanSpeed.fan_speed)
        if not speed or turns_off(values):
            return super().changes(values)
        turned = {Switch.switch: True} if self.is_outlet and self.is_off else {}
        return super().changes({FanSpeed.fan_speed: min(speed, most_of(self.told)), **turned})
