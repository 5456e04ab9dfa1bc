"""What a field of a Sonoff is, and the request that sets it: its name, and the data with a code."""

from collections.abc import Callable
from functools import partial
import math
from typing import Any

from lan_edge import (
    Attribute,
    CarbonDioxideMeasurement,
    Case,
    Coding,
    CurrentMeasurement,
    DustSensor,
    FanSpeed,
    Json,
    PowerMeter,
    Property,
    RelativeHumidityMeasurement,
    ReplyError,
    ShadeState,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    VoltageMeasurement,
    WindowShade,
    WindowShadeLevel,
    number,
    scaled,
)

type Sends = Callable[[Any], tuple[str, Json]]
"""Returns the name and the data of the request that sets a code."""
PLACE = "place"
"""How far a cover is open, whether it tells that or how far it is closed."""
ON_OFF, SPEEDS, HOTTEST = ("off", "on"), 3, 270


def sends(what: str, *fields: str, **more: Any) -> Sends:
    """Return what makes a request with the code in a field of its name, or in others, and more."""
    return lambda code: (what, dict.fromkeys(fields or (what,), code) | more)


def row(attribute: Attribute[Any], at: str, coding: Coding, setter: Any = None) -> Property:
    """Return a row of what stays as it is while it is not told."""
    return Property(attribute, at, coding, setter, stays=True)


def switch(at: str, setter: Sends) -> Property:
    """Return the row of a switch."""
    return row(Switch.switch, at, Coding.flag(*ON_OFF), setter)


def reading(value: Any, least: float = -math.inf, most: float = math.inf) -> float | None:
    """Return what a sensor reports; None for no number, such as *unavailable*, or an absurd one."""
    try:
        return number(value, t"the reading", least, most)
    except ReplyError:
        return None


def opened(closed: float) -> float:
    """Return how far a cover is open for how far it is closed, and the other way round."""
    return 100 - closed


def moves(name: str, up: Any, down: Any, stop: Any) -> Property:
    """Return the row of what a cover does, which a field tells while it moves, and sets."""
    coding = Case.coding(
        Case(ShadeState.OPENING, {name: up}),
        Case(ShadeState.CLOSING, {name: down}),
        Case(ShadeState.OPEN, {PLACE: 100}, up),
        Case(ShadeState.CLOSED, {PLACE: 0}, down),
        Case(ShadeState.PARTIALLY_OPEN, {PLACE: Case.ANY}),
        Case(ShadeState.PAUSED, {name: stop}, stop),
    )
    return row(WindowShade.window_shade, "", coding, sends(name))


def meters(unit: float = 1, end: str = "") -> tuple[Property, ...]:
    """Return the rows of what is metered, of the outlet that the names of fields end with."""
    coding = Coding(scaled(unit))
    return (
        row(PowerMeter.power, f"power{end}", coding),
        row(PowerMeter.power, f"actPow{end}", coding),
        row(CurrentMeasurement.current, f"current{end}", coding),
        row(VoltageMeasurement.voltage, f"voltage{end}", coding),
    )


FAN = (
    switch("fan", sends("fan")),
    Property(
        *(FanSpeed.fan_speed, "speed", Coding(), sends("fan", "speed", fan="on")),
        lists={FanSpeed.fan_speed_range: (0, SPEEDS)},
        off=0,
        stays=True,
    ),
)
FAN_LAMP = switch("light", sends("light"))
SWITCH = switch("switch", sends("switch"))
THERMOSTAT = switch("switch", sends("switch", "switch", "mainSwitch", deviceType="normal"))
"""That of one with a thermostat of its own, which is not to decide."""
BY_LOCATION = (
    row(WindowShadeLevel.shade_level, PLACE, Coding(), sends("location")),
    moves("motorTurn", up=1, down=2, stop=0),
)
BY_POSITION = (
    row(WindowShadeLevel.shade_level, PLACE, Coding(write=opened), sends("setclose")),
    moves("switch", up="on", down="off", stop="pause"),
)
LEVEL = row(
    *(SwitchLevel.level, "brightness", Coding()),
    sends("dimmable", "brightness", switch="on", mode=0),
)
DEGREES = Coding(partial(reading, least=-HOTTEST, most=HOTTEST))
SENSORS = (
    row(TemperatureMeasurement.temperature, "currentTemperature", DEGREES),
    row(RelativeHumidityMeasurement.humidity, "currentHumidity", Coding(reading)),
    row(CarbonDioxideMeasurement.carbon_dioxide, "co2", Coding(reading)),
    row(DustSensor.fine_dust_level, "pm2_5", Coding(reading)),
    row(DustSensor.dust_level, "pm10", Coding(reading)),
)
