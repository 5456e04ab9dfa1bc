"""What kind of Tuya device a unit is, by its points and their values.

The same numbers mean something else in each of Tuya's categories. So what several points are, and
whether their values make sense, decides: the target of a heater is where a dimmer has its
brightness. Where nothing is certain, a unit is nothing, and its owner says what its points mean.
"""

from collections.abc import Callable

from lan_edge import Json

from .air import is_air_conditioner
from .covers import is_cover
from .fans import is_ceiling_fan, is_fan, is_purifier
from .humidity import is_humidifier
from .lights import is_dimmer, is_light, may_be_dimmer
from .meters import is_meter
from .outlets import gangs, has_meter
from .parts import TuyaKind
from .sensors import (
    MOTIONS,
    is_climate_sensor,
    is_contact,
    is_leak_sensor,
    is_smoke_detector,
    senses,
)
from .thermostats import temperatures_at

RULES: dict[TuyaKind, Callable[[Json], bool]] = {
    TuyaKind.AIR: is_air_conditioner,
    TuyaKind.HUMIDIFIER: is_humidifier,
    TuyaKind.LIGHT: is_light,
    TuyaKind.COVER: is_cover,
    TuyaKind.MOTION: lambda points: senses(points, MOTIONS),
    TuyaKind.SMOKE: is_smoke_detector,
    TuyaKind.LEAK: is_leak_sensor,
    TuyaKind.FAN: is_fan,
    TuyaKind.THERMOSTAT: lambda points: bool(temperatures_at(points)),
    TuyaKind.METER: is_meter,
    TuyaKind.PURIFIER: is_purifier,
    TuyaKind.CLIMATE: is_climate_sensor,
    TuyaKind.CONTACT: is_contact,
    TuyaKind.DIMMER: is_dimmer,
    TuyaKind.OUTLET: lambda points: (
        (bool(gangs(points)) or has_meter(points)) and not may_be_dimmer(points)
    ),
}
"""In order of precedence."""


def recognized(points: Json, *, is_behind: bool) -> TuyaKind:
    """Return what a unit is, which may be `is_behind` a gateway; AUTOMATIC: nothing certain yet."""
    if is_ceiling_fan(points):  # which also has a light
        return TuyaKind.FAN
    kinds = (kind for kind in RULES if is_behind or kind is not TuyaKind.CONTACT)
    return next((kind for kind in kinds if RULES[kind](points)), TuyaKind.AUTOMATIC)
