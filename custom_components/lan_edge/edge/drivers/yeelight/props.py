"""The properties of a Yeelight, as it reports them: texts by name."""

from contextlib import suppress

from lan_edge import (
    ReplyError,
    color_in,
    number,
    value_at,
    word_of,
)

BACKGROUND = "background"
BACKGROUND_PROPS = {  # by the names that they have for the main light
    "power": "bg_power",
    "bright": "bg_bright",
    "color_mode": "bg_lmode",
    "ct": "bg_ct",
    "rgb": "bg_rgb",
    "hue": "bg_hue",
    "sat": "bg_sat",
}
PROPS = (*BACKGROUND_PROPS, "active_mode", "nl_br", "main_power", *BACKGROUND_PROPS.values())
IN_WHITE = "2"
COLOR_MODES = {"1": "rgb", IN_WHITE: "white", "3": "hsv"}
ACTIVE = {"0": "daylight", "1": "moonlight"}  # active_mode
MODES = {"daylight": 1, "moonlight": 5}  # for set_power; 1 is "on, and white"
SHORTEST_FADE = 30  # milliseconds
WIDEST = (1700, 6500)  # for all models, in the specification, and for background lights
MODELS = {  # all others have the widest range
    (2500, 4800): "lamp2",
    (2600, 5000): "lamp4",
    (2600, 6100): "ceiling22",
    (2700, 5000): "lamp1",
    (2700, 5700): "ceiling5",
    (2700, 6500): "ceil26 ceila ceilc ceiling ceiling1 ceiling2 ceiling3 ceiling4 ceiling6 "
    "ceiling10 ceiling13 ceiling15 ceiling18 ceiling19 ceiling20 ceiling24 color2 colorc ct2 "
    "ct_bulb lamp15 lamp22 strip2 strip4 strip6",  # "ceiling" is what others call ceiling1
    (3000, 5700): "ceiling17",
    (3000, 6500): "ceild",
    (4000, 4000): "lamp3",
}
KELVINS = {model: kelvins for kelvins, models in MODELS.items() for model in models.split()}


def effect(seconds: float) -> tuple[str, int]:
    """Return a command's arguments for the effect and its duration in milliseconds."""
    milliseconds = round(seconds * 1000)
    return ("smooth", max(milliseconds, SHORTEST_FADE)) if milliseconds else ("sudden", 0)


def method_of(component: str, method: str) -> str:
    """Return the name that a method has for one of the lights."""
    return f"bg_{method}" if component == BACKGROUND else method


def mode_of(props: dict[str, str]) -> str | None:
    """Return the mode that a light reports; None if it reports none."""
    if "active_mode" in props:
        return ACTIVE.get(props["active_mode"])
    if "nl_br" in props:
        with suppress(ReplyError):
            night = number(props["nl_br"], "nl_br", 0, 100)
            return "moonlight" if night > 0 else "daylight"
    return None


def makes_sense(text: str | None) -> bool:
    """Return whether a property has a value that it can have: on, off, or a number."""
    with suppress(ReplyError):
        return text in {"on", "off"} or number(text, minimum=0) >= 0
    return False


def text_of(value: object) -> str:
    """Return a property as text of bounded length; empty if the light has none."""
    return "" if value is None else str(value)[:64]


def color_of(props: dict[str, str]) -> tuple[float | None, float | None]:
    """Return the hue and the saturation that a light reports; raise ReplyError."""
    mode = word_of(COLOR_MODES, props["color_mode"]) if "color_mode" in props else None
    if mode == "white":
        return None, 0.0
    if mode == "hsv":
        hue = value_at(props, "hue", number)
        return None if hue is None else hue / 3.6, value_at(props, "sat", number)
    if mode == "rgb" and "rgb" in props:
        return color_in(props["rgb"])
    return None, None
