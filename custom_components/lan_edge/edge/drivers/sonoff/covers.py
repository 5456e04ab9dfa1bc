"""Covers of Sonoff: one kind counts how far it is closed, the other how far it is open."""

from collections.abc import Mapping

from lan_edge import Json, ShadeState, number

MOTOR = 2  # a workMode
TURNS: Mapping[str | int, ShadeState] = {
    0: ShadeState.PAUSED,
    1: ShadeState.OPENING,
    2: ShadeState.CLOSING,
}
MOVES: Mapping[str | int, ShadeState] = {
    "pause": ShadeState.PAUSED,
    "on": ShadeState.OPENING,
    "off": ShadeState.CLOSING,
}


def is_cover(params: Json) -> bool:
    """Return whether it is a cover that reports its state."""
    if "switches" in params or "workMode" in params:
        return params.get("workMode") == MOTOR
    return not {"setclose", "currLocation", "motorTurn"}.isdisjoint(params)


def position(value: object) -> int:
    """Return the position of a cover."""
    return round(number(value, "the position", 0, 100))


def opened(value: object) -> int:
    """Return how far a cover is open for how far it is closed, and the other way round."""
    return 100 - position(value)
