"""Reads what a WiZ light or fan reports: its scene, colour, heads, and what its module can do."""

from typing import Any, TypeGuard

from lan_edge import (
    Json,
    hue_and_saturation,
    number,
)

_FIRST_SCENES = (
    "Ocean, Romance, Sunset, Party, Fireplace, Cozy, Forest, Pastel colors, Wake-up, Bedtime, "
    "Warm white, Daylight, Cool white, Night light, Focus, Relax, True colors, TV time, "
    "Plant growth, Spring, Summer, Fall, Deep dive, Jungle, Mojito, Club, Christmas, Halloween, "
    "Candlelight, Golden white, Pulse, Steampunk, Diwali, White, Alarm, Snowy sky"
)
SCENES = dict(enumerate(_FIRST_SCENES.split(", "), 1)) | {40: "Dim-to-warm"}
WHITE_SCENES = (6, 9, 10, 11, 12, 13, 14, 15, 16, 18, 29, 30, 31, 32, 33, 35, 40)
DIM_SCENES = (9, 10, 14, 29, 31, 32, 34, 35)
RHYTHM, MAX_SCENE, MAX_SEEN = 1000, 9999, 16
MAX_FAN_SPEEDS = 100
OWN_SCENES = {RHYTHM: "Rhythm", **{255 + n: f"Custom mode {n}" for n in range(1, 11)}}
HEADS = (1, 2)
MODE_FIELDS = frozenset(("sceneId", "schdPsetId", "temp", *"rgbcw"))
COLORS = MODE_FIELDS - {"sceneId", "schdPsetId"}


def is_int(value: Any) -> TypeGuard[int]:
    """Return whether a value is an integer."""
    return type(value) is int


def scene_name(scene: int) -> str:
    """Return a scene's name, or the number of an unknown one; empty text for none."""
    return (SCENES | OWN_SCENES).get(scene, str(scene)) if scene else ""


def scene_of(pilot: Json) -> Any:
    """Return the scene that a light reports; 0 for a colour or a white, None for neither."""
    if is_int(rhythm := pilot.get("schdPsetId")) and rhythm:
        return RHYTHM
    return pilot.get("sceneId", 0 if pilot.get("temp") or "r" in pilot else None)


def is_without_color(pilot: Json) -> bool:
    """Return whether a push ends a scene without a colour or white, as those of sensors do."""
    return pilot.get("sceneId") == 0 and scene_of(pilot) == 0 and not COLORS & pilot.keys()


def watts(milliwatts: object) -> float:
    """Return a power in watts; raise ReplyError."""
    return number(milliwatts, t"the power") / 1000


def color_of(pilot: Json) -> tuple[float | None, float | None]:
    """Return the hue and the saturation that a light reports; raise ReplyError."""
    if pilot.get("temp"):
        return None, 0.0
    if scene_of(pilot) or "r" not in pilot:
        return None, None
    white = max(number(pilot.get(name) or 0, name, 0, 255) for name in "cw")
    return hue_and_saturation(*(number(pilot.get(name), name, 0, 255) + white for name in "rgb"))


def head_of(pilot: Json) -> int | None:
    """Return which head it is that reports: 1 or 2; None if it does not say so."""
    head = pilot.get("devices")
    return head if is_int(head) and head in HEADS else None


def kelvins_of(config: Json) -> tuple[int, int] | None:
    """Return the range of white in a module's configuration; None if it has none."""
    for name in ("cctRange", "extRange"):  # in newer firmware, in older
        match config.get(name):
            case [int(low), *_, int(high)] if 0 < low <= high:
                return low, high
            case _:
                pass
    return None


def fan_speeds_of(config: Json) -> int | None:
    """Return how many speeds a fan has, by a module's configuration; None if it does not say."""
    speeds = config.get("fanSpeed")
    return speeds if is_int(speeds) and 0 < speeds <= MAX_FAN_SPEEDS else None
