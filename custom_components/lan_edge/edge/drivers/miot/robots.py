"""Xiaomi's vacuum cleaners: their states, and what has them start, stop, pause and go home."""

from collections.abc import Mapping
from typing import Any

from lan_edge import CleanerMovement

from .points import Spec, spec

CLEANING, CHARGING = CleanerMovement.CLEANING, CleanerMovement.CHARGING
IDLE, PAUSE, HOMING = CleanerMovement.IDLE, CleanerMovement.PAUSE, CleanerMovement.HOMING
ALARM, POINT, OFF = CleanerMovement.ALARM, CleanerMovement.POINT, CleanerMovement.POWER_OFF


def robot(
    state: str,
    battery: str,
    states: Mapping[int, CleanerMovement | None],
    request: str = "",
    *,
    filter: str = "",  # noqa: A002  # as its meaning is called
    **actions: tuple[str, ...],
) -> Spec:
    """Return a vacuum cleaner, by its states and what has it start, stop, pause and go home."""
    stop = actions["stop"]
    more: dict[str, Any] = {"filter": filter} if filter else {}
    return spec(
        movement=(state, states),
        battery=battery,
        **more,
        actions={
            CLEANING: actions["start"],
            IDLE: stop,
            PAUSE: actions.get("pause", stop),
            HOMING: actions["home"],
        },
        request=request,
    )


def states(**numbers: str) -> dict[int, CleanerMovement | None]:
    """Return what the numbers of states mean, by the words of movements."""
    words = {each.name.lower(): each for each in CleanerMovement}
    return {int(n): words.get(word) for word, row in numbers.items() for n in row.split()}


DREAME_STATES = states(
    cleaning="1 7 11 12", idle="2 14", pause="3", alarm="4", homing="5 10", charging="6 8 9 13"
)
ROBOROCK_STATES = states(
    cleaning="1 4 5 7 16 17 18",
    idle="2 3 14",
    homing="6 15 26",
    charging="8 22 23 100",
    alarm="9 12",
    pause="10",
    point="11",
    power_off="13",
    unknown="101",
)
IJAI_STATES = states(idle="0 1 8", pause="2", homing="3", charging="4", cleaning="5 6 7")
ROIDMI_STATES = states(
    idle="1 2", pause="3 11", cleaning="4", homing="5", charging="6 9", alarm="7", power_off="10"
) | states(point="8", unknown="12 13")
START, STOP, HOME = ("app_start",), ("app_stop",), ("app_charge",)
ROBOTS: Mapping[str, Spec] = {
    "dreame.vacuum.mc1808 dreame.vacuum.mb1808": robot(
        *("3.2", "2.1", DREAME_STATES),
        start=("3.1",),
        stop=("3.2",),
        home=("2.1",),
        filter="27.1",
    ),
    "dreame.vacuum.*": robot(
        *("2.1", "3.1", DREAME_STATES),
        start=("2.1",),
        stop=("2.2",),
        home=("3.1",),
        filter="11.1",
    ),
    "roidmi.vacuum.v60 roidmi.vacuum.v66": robot(
        *("2.1", "3.1", ROIDMI_STATES),
        start=("2.1",),
        stop=("2.2",),
        home=("3.1",),
        filter="10.1",
    ),
    "viomi.vacuum.v18 viomi.vacuum.v19": robot(
        *("2.1", "3.1", IJAI_STATES),
        start=("2.1",),
        stop=("2.2",),
        pause=("2.3",),
        home=("2.4",),
    ),
    "mijia.vacuum.v2": robot(
        "2.1",
        "3.1",
        states(idle="1", cleaning="2", pause="3", alarm="4", charging="5", homing="6"),
        start=("2.1",),
        stop=("2.2",),
        home=("2.3",),
    ),
    "ijai.vacuum.*": robot(
        "2.1",
        "3.1",
        IJAI_STATES,
        start=("2.1",),
        stop=("2.2",),
        home=("3.1",),
    ),
    "rockrobo.vacuum.v1": robot(
        *("state", "battery", ROBOROCK_STATES, "get_status"),
        start=START,
        stop=STOP,
        pause=("app_pause",),
        home=("app_pause", "app_charge"),
    ),
    "roborock.vacuum.*": robot(
        *("state", "battery", ROBOROCK_STATES, "get_status"),
        start=START,
        stop=STOP,
        pause=("app_pause",),
        home=HOME,
    ),
}
