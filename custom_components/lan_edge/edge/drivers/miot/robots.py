"""Xiaomi's vacuum cleaners: their states, and what has them start, stop, pause and go home."""

from collections.abc import Mapping

from lan_edge import CleanerMovement

from .points import Spec, percent, words

CLEANING, CHARGING = CleanerMovement.CLEANING, CleanerMovement.CHARGING
IDLE, PAUSE, HOMING = CleanerMovement.IDLE, CleanerMovement.PAUSE, CleanerMovement.HOMING
ALARM = CleanerMovement.ALARM


def robot(
    state: str,
    battery: str,
    known: Mapping[int, CleanerMovement | None],
    request: str = "",
    **actions: tuple[str, ...],
) -> Spec:
    """Return a vacuum cleaner, by its states and what has it start, stop, pause and go home."""
    stop = actions["stop"]
    return Spec(
        {"movement": words(state, known), "battery": percent(battery)},
        actions={
            CLEANING: actions["start"],
            IDLE: stop,
            PAUSE: actions.get("pause", stop),
            HOMING: actions["home"],
        },
        request=request,
    )


DREAME_STATES = {
    1: CLEANING,
    2: IDLE,
    3: PAUSE,
    4: ALARM,
    5: HOMING,
    6: CHARGING,
    7: CLEANING,
    8: CHARGING,
    9: CHARGING,
    10: HOMING,
    11: CLEANING,
    12: CLEANING,
    13: CHARGING,
    14: IDLE,
}
DREAME = robot("2.1", "3.1", DREAME_STATES, start=("2.1",), stop=("2.2",), home=("3.1",))
DREAME_1C = robot("3.2", "2.1", DREAME_STATES, start=("3.1",), stop=("3.2",), home=("2.1",))
MIJIA_G1 = robot(
    "2.1",
    "3.1",
    {1: IDLE, 2: CLEANING, 3: PAUSE, 4: ALARM, 5: CHARGING, 6: HOMING},
    start=("2.1",),
    stop=("2.2",),
    home=("2.3",),
)
IJAI = robot(
    "2.1",
    "3.1",
    {0: IDLE, 1: IDLE, 2: PAUSE, 3: HOMING, 4: CHARGING}
    | {5: CLEANING, 6: CLEANING, 7: CLEANING, 8: IDLE},
    start=("2.1",),
    stop=("2.2",),
    home=("3.1",),
)
ROBOROCK_STATES = {
    1: CLEANING,
    2: IDLE,
    3: IDLE,
    4: CLEANING,
    5: CLEANING,
    6: HOMING,
    7: CLEANING,
    8: CHARGING,
    9: ALARM,
    10: PAUSE,
    11: CleanerMovement.POINT,
    12: ALARM,
    13: CleanerMovement.POWER_OFF,
    14: IDLE,
    15: HOMING,
    16: CLEANING,
    17: CLEANING,
    18: CLEANING,
    22: CHARGING,
    23: CHARGING,
    26: HOMING,
    100: CHARGING,
    101: None,
}
ROBOROCK = robot(
    "state",
    "battery",
    ROBOROCK_STATES,
    "get_status",
    start=("app_start",),
    stop=("app_stop",),
    pause=("app_pause",),
    home=("app_charge",),
)
ROCKROBO = robot(
    "state",
    "battery",
    ROBOROCK_STATES,
    "get_status",
    start=("app_start",),
    stop=("app_stop",),
    pause=("app_pause",),
    home=("app_pause", "app_charge"),
)
