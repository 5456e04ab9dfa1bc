"""Meross's thermostats, as tables: at the wall, in a socket, of a house, and valves of a hub."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, override

from lan_edge import (
    Case,
    Coding,
    OperatingState,
    PartReading,
    Property,
    RelativeHumidityMeasurement,
    ReplyError,
    TemperatureMeasurement,
    ThermostatCoolingSetpoint,
    ThermostatFanMode,
    ThermostatFanModeValue,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    ThermostatOperatingState,
    number,
    value_in,
)

from .kinds import HUNDREDTHS, TENTHS
from .parts import CODE, MerossPart, Send, Told

WALL, SOCKET = "Appliance.Control.Thermostat.Mode", "Appliance.Control.Thermostat.ModeB"
HVAC, SUMMER = "Appliance.Control.Thermostat.ModeC", "Appliance.Control.Thermostat.SummerMode"
VALVE, HUB_SWITCH = "Appliance.Hub.Mts100", "Appliance.Hub.ToggleX"
OFF, HEAT = ThermostatModeValue.OFF, ThermostatModeValue.HEAT
COOL, AUTO = ThermostatModeValue.COOL, ThermostatModeValue.AUTO
MODES = (OFF, HEAT, COOL, AUTO)
HEATING, COOLING = OperatingState.HEATING, OperatingState.COOLING
IDLE, BLOWING = OperatingState.IDLE, OperatingState.FAN_ONLY
TARGET = ThermostatHeatingSetpoint.heating_setpoint
LOWEST, HIGHEST = 5.0, 35.0


def thermostat(
    measured: str, target: str, unit: Coding, sends: tuple[Send, ...], *modes: Case
) -> tuple[Property, ...]:
    """Return what all thermostats have: the paths of both temperatures, and the modes."""
    mode, codes = ThermostatMode.thermostat_mode, Case.coding(*modes)
    words = {case.word for case in modes}
    supported = tuple(each for each in MODES if each in words)
    return (
        Property(mode, "", codes, lists={ThermostatMode.supported_thermostat_modes: supported}),
        Property(TARGET, target, unit, sends),
        Property(TemperatureMeasurement.temperature, measured, unit),
    )


def does(*states: Case) -> Property:
    """Return the row of what a thermostat does now."""
    return Property(ThermostatOperatingState.thermostat_operating_state, "", Case.coding(*states))


at_wall = partial(Send, WALL, "mode")


BY_HAND, BY_SCHEDULE = 4, 3  # 0 to 2 are its fixed temperatures
WALL_TARGET = (at_wall({"mode": BY_HAND, "manualTemp": CODE}),)
WALL_OFF = Case(OFF, {"onoff": 0}, (at_wall({"onoff": 0}),))
BY_PLAN = {"onoff": 1, "mode": BY_SCHEDULE}
WALL_AUTO = Case(AUTO, BY_PLAN, (at_wall(BY_PLAN),))
WALL_ON = at_wall({"onoff": 1, "mode": BY_HAND})
IS_ON = {"onoff": 1, "mode": Case.ANY}
HEATER = (
    *thermostat(
        *("currentTemp", "targetTemp", TENTHS, WALL_TARGET),
        *(WALL_OFF, WALL_AUTO, Case(HEAT, IS_ON, (WALL_ON,))),
    ),
    does(Case(IDLE, {"state": 0}), Case(HEATING, {"state": 1})),
)
"""At the wall: it heats."""
IN_SUMMER = {"summer.mode": 2}
HEATER_OR_COOLER = (
    *thermostat(
        *("currentTemp", "targetTemp", TENTHS, WALL_TARGET, WALL_OFF, WALL_AUTO),
        Case(COOL, IS_ON | IN_SUMMER, (Send(SUMMER, "summerMode", {"mode": 2}), WALL_ON)),
        Case(HEAT, IS_ON, (Send(SUMMER, "summerMode", {"mode": 1}), WALL_ON)),
    ),
    does(
        *(Case(IDLE, {"state": 0}), Case(COOLING, {"state": 1} | IN_SUMMER)),
        Case(HEATING, {"state": 1}),
    ),
)
"""At the wall: in its summer mode it cools, to the same target."""
HUMIDITY = (Property(RelativeHumidityMeasurement.humidity, "sensed.humi", TENTHS),)


in_socket = partial(Send, SOCKET, "modeB")


COOLS, ON = {"working": 2}, {"onoff": 1}
SOCKET_THERMOSTAT = (
    *thermostat(
        *("currentTemp", "targetTemp", HUNDREDTHS, (in_socket({"mode": 1, "targetTemp": CODE}),)),
        Case(OFF, {"onoff": 2}, (in_socket({"onoff": 2}),)),
        Case(OFF, {"onoff": 0}),
        Case(AUTO, ON | {"mode": 2}, (in_socket({"onoff": 1, "mode": 2}),)),
        Case(COOL, ON | COOLS, (in_socket({"onoff": 1, "mode": 1, "working": 2}),)),
        Case(HEAT, ON, (in_socket({"onoff": 1, "mode": 1, "working": 1}),)),
    ),
    does(
        *(Case(COOLING, {"state": 1} | COOLS), Case(HEATING, {"state": 1})),
        Case(IDLE, {"state": Case.ANY}),
    ),
)
"""In a socket: it heats or cools, to the same target."""


to_valve = partial(Send, own="id")
VALVE_ON = to_valve(HUB_SWITCH, "togglex", {"onoff": 1})
VALVE_OFF = to_valve(HUB_SWITCH, "togglex", {"onoff": 0})
VALVE_BY_PLAN = to_valve(f"{VALVE}.Mode", "mode", {"state": 3})
VALVE_BY_HAND = to_valve(f"{VALVE}.Mode", "mode", {"state": 0})
VALVE_TARGET = to_valve(f"{VALVE}.Temperature", "temperature", {"custom": CODE})
IS_VALVE_ON = {"togglex.onoff": 1}
VALVE_THERMOSTAT = (
    *thermostat(
        *("temperature.room", "temperature.currentSet", TENTHS, (VALVE_BY_HAND, VALVE_TARGET)),
        Case(OFF, {"togglex.onoff": 0}, (VALVE_OFF,)),
        Case(AUTO, IS_VALVE_ON | {"mode.state": 3}, (VALVE_ON, VALVE_BY_PLAN)),
        Case(HEAT, IS_VALVE_ON | {"mode.state": Case.ANY}, (VALVE_ON, VALVE_BY_HAND)),
    ),
    does(Case(IDLE, {"temperature.heating": 0}), Case(HEATING, {"temperature.heating": 1})),
)
"""At a radiator, behind a hub; its modes 1, 2 and 4 are fixed temperatures."""


of_house = partial(Send, HVAC, "control")


def house_target(own: str, other: str) -> tuple[Send]:
    """Return what sets one of the targets; the other one stays."""
    return (of_house({"work": 1, "targetTemp": {own: CODE, other: Told(f"targetTemp.{other}")}}),)


HOUSE_FANS = {ThermostatFanModeValue.AUTO: 0, ThermostatFanModeValue.ON: 1}
FAN_MODE = ThermostatFanMode.thermostat_fan_mode
TOLD = {f"more.{each}Status": Case.ANY for each in "hacf"}
HOUSE_THERMOSTAT = (
    *thermostat(
        *("currentTemp", "targetTemp.heat", HUNDREDTHS, house_target("heat", "cold")),
        *(Case(mode, {"mode": n}, (of_house({"mode": n}),)) for n, mode in enumerate(MODES)),
    ),
    Property(
        ThermostatCoolingSetpoint.cooling_setpoint,
        *("targetTemp.cold", HUNDREDTHS, house_target("cold", "heat")),
    ),
    Property(RelativeHumidityMeasurement.humidity, "more.humi", TENTHS),
    does(
        Case(HEATING, TOLD | {"more.hStatus": Case.MORE}),
        Case(HEATING, TOLD | {"more.aStatus": Case.MORE}),
        Case(COOLING, TOLD | {"more.cStatus": Case.MORE}),
        Case(BLOWING, TOLD | {"more.fStatus": Case.MORE}),
        Case(IDLE, TOLD),
    ),
    Property(
        *(FAN_MODE, "fan.fMode", Coding.words({n: mode for mode, n in HOUSE_FANS.items()})),
        (of_house({"fan": {"fMode": CODE, "speed": CODE}}),),
        {ThermostatFanMode.supported_thermostat_fan_modes: tuple(HOUSE_FANS)},
    ),
)
"""Of a heating and air conditioning with a fan: a target for heating and one for cooling."""


@dataclass(frozen=True)
class Thermostat(MerossPart):
    """One whose target has limits, which it tells, and half degrees."""

    limits_at: str = ""
    """Before the names of the limits."""

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest temperature to which it can be set."""
        unit = next(each.coding for each in self.table if each.attribute is TARGET)
        told = (value_in(self.told, f"{self.limits_at}{name}") for name in ("min", "max"))
        try:
            lowest, highest = (unit.read(number(each)) for each in told)
        except ReplyError:
            return LOWEST, HIGHEST
        return (lowest, highest) if lowest < highest else (LOWEST, HIGHEST)

    @override
    def readings(self) -> Iterator[PartReading]:
        yield from super().readings()
        yield PartReading.known(ThermostatHeatingSetpoint.heating_setpoint_range, self.limits)

    @override
    def code(self, own: Property, value: Any) -> Any:
        """Return a code; of a target, that of the nearest half degree within its limits."""
        if own.attribute is TARGET:
            lowest, highest = self.limits
            value = max(lowest, min(highest, round(value * 2) / 2))
        return super().code(own, value)
