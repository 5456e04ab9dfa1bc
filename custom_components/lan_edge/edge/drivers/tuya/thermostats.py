"""Tuya's thermostats, heaters and radiator valves: a target and a measured temperature."""

from collections.abc import Iterator

from lan_edge import (
    Json,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
)

from .lights import is_dimmer, may_be_dimmer
from .parts import Part, TuyaSettings, constant, has_flag, has_number, meaning, reading
from .temperatures import of_heater, size_of

TARGETS = ((5, 95, -40), (96, 500, -400), (501, 4500, 500))
"""What a target may be: in degrees, tenths or hundredths, each with what is measured at least."""
WARMEST = 4500
ROOM, WATER = 45.0, 95.0
"""The highest target of what heats a room, and of what has been warmer."""
MODES = (ThermostatModeValue.OFF, ThermostatModeValue.HEAT)


def temperatures_at(points: Json) -> tuple[str, str] | None:
    """Return the points of the target and of the measured temperature, if a unit has both."""
    is_switch, has_mode = has_flag(points, "1"), isinstance(points.get("2"), str)
    if (is_switch or has_mode) and has_both(points, "16", "24"):
        return "16", "24"
    is_other = is_dimmer(points) or may_be_dimmer(points)
    if is_switch and has_both(points, "2", "3") and not is_other:
        return "2", "3"
    if has_mode and isinstance(points.get("3"), str) and has_both(points, "4", "5"):
        return "4", "5"
    return None


def has_both(points: Json, target: str, measured: str) -> bool:
    """Return whether these points may be a target and a measured temperature."""
    return any(
        has_number(points, target, least, most) and has_number(points, measured, coldest, WARMEST)
        for least, most, coldest in TARGETS
    )


def thermostats(points: Json, settings: TuyaSettings) -> Iterator[tuple[str, Part]]:
    """Yield a thermostat, which can be off if it has a switch."""
    target, now = temperatures_at(points) or ("2", "3")
    wanted, measured = of_heater(points, target, now, settings)
    setpoint, mode, room = ThermostatHeatingSetpoint, ThermostatMode, TemperatureMeasurement
    warmest = max(
        wanted.celsius(size_of(points.get(target))), measured.celsius(size_of(points.get(now)))
    )
    readings = [
        reading(room, room.temperature, now, measured.celsius),
        reading(setpoint, setpoint.heating_setpoint, target, wanted.celsius),
        constant(
            setpoint, setpoint.heating_setpoint_range, (5.0, ROOM if warmest <= ROOM else WATER)
        ),
    ]
    own = {"target": target, "now": now}
    if has_flag(points, "1"):
        own["switch"] = "1"
        state = reading(mode, mode.thermostat_mode, "1", meaning(dict(enumerate(MODES))))
        readings += [constant(mode, mode.supported_thermostat_modes, MODES), state]
    yield "", Part(tuple(readings), own, scale=wanted.divisor, is_fahrenheit=wanted.is_fahrenheit)
