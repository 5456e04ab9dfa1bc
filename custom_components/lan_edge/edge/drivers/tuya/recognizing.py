"""What kind of Tuya device a unit is, by its points and their values."""

from lan_edge import Json, number

from .air import has_mode, is_air_conditioner
from .kinds import ALARMS, FULL, MOTIONS, SHADES
from .lights import LIGHT_MODES, NEW_DIMMEST
from .meters import is_meter
from .parts import TuyaKind, is_number


def recognized(points: Json, *, is_behind: bool) -> TuyaKind:
    """Return what a unit is, which may be `is_behind` a gateway, by its points and their values."""
    one, two = points.get("1"), points.get("2")
    is_switch, has = type(one) is bool, {n for n, value in points.items() if is_number(value)}
    flags = {n for n, value in points.items() if type(value) is bool}
    checks: dict[TuyaKind, bool] = {
        TuyaKind.FAN: "60" in flags,
        TuyaKind.AIR: is_air_conditioner(points),
        TuyaKind.LIGHT: "20" in flags or is_light_mode(points.get("21")) or is_light_mode(two),
        TuyaKind.COVER: isinstance(one, str)
        and any(one in words for words in SHADES)
        and (not one.isdigit() or bool({"2", "3"} & has)),
        TuyaKind.MOTION: isinstance(one, str) and one in MOTIONS,
        TuyaKind.SMOKE: isinstance(one, str)
        and one in ALARMS
        and bool({"14", "15", "16"} & {*points}),
        TuyaKind.LEAK: isinstance(one, str) and one in ALARMS,
        TuyaKind.THERMOSTAT: {"16", "24"} <= has or ({"2", "3"} <= has and "5" in flags),
        TuyaKind.METER: is_meter(points),
        TuyaKind.CLIMATE: {"1", "2"} <= has,
        TuyaKind.CONTACT: is_switch and is_behind and "2" in has and number(two) <= FULL,
        TuyaKind.DIMMER: is_switch
        and "2" in has
        and number(two) >= NEW_DIMMEST
        and not {"4", "5"} <= has
        and not has_mode(points),  # its target is where a dimmer has its brightness
    }
    if is_switch and isinstance(two, str) and "3" in points and not checks[TuyaKind.LIGHT]:
        return TuyaKind.FAN
    return next((kind for kind, is_it in checks.items() if is_it), TuyaKind.OUTLET)


def is_light_mode(value: object) -> bool:
    """Return whether a value is one of the modes of a light."""
    return isinstance(value, str) and value.startswith(LIGHT_MODES)
