"""Meross's thermostats: at the wall, in a socket, of a house, and valves of a hub."""

from dataclasses import dataclass
from functools import partial
from typing import Any, override

from lan_edge import (
    Attribute,
    Case,
    Coding,
    Json,
    OperatingState,
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
    value_in,
)

from ..memory import MerossMemory
from ..protocol.messages import Request
from ..protocol.questions import CLIMATE, SOCKET, WALL
from .parts import CODE, HUNDREDTHS, TENTHS, MerossPart, Send, Table, Told

SUMMER = "Appliance.Control.Thermostat.SummerMode"
VALVE, HUB_SWITCH = "Appliance.Hub.Mts100", "Appliance.Hub.ToggleX"
OFF, HEAT = ThermostatModeValue.OFF, ThermostatModeValue.HEAT
COOL, AUTO = ThermostatModeValue.COOL, ThermostatModeValue.AUTO
MODES = (OFF, HEAT, COOL, AUTO)
HEATING, COOLING = OperatingState.HEATING, OperatingState.COOLING
IDLE, BLOWING = OperatingState.IDLE, OperatingState.FAN_ONLY
HEATS_TO = ThermostatHeatingSetpoint.heating_setpoint
COOLS_TO = ThermostatCoolingSetpoint.cooling_setpoint
RANGES = {
    HEATS_TO: ThermostatHeatingSetpoint.heating_setpoint_range,
    COOLS_TO: ThermostatCoolingSetpoint.cooling_setpoint_range,
}
LIMITS = (5.0, 35.0)  # of one that does not tell them


def limits(attribute: Attribute[Any], unit: Coding, before: str = "") -> Property:
    """Return the row of the lowest and the highest target, by what is before their names."""

    def read(told: Json) -> tuple[float, float]:
        try:
            low, high = (unit.read(value_in(told, f"{before}{name}")) for name in ("min", "max"))
        except ReplyError:
            return LIMITS
        return (low, high) if low < high else LIMITS

    return Property(attribute, "", Coding(read))


def thermostat(
    unit: Coding, measured: str, target: str, sends: Any, *cases: Case, before: str = ""
) -> Table:
    """Return what all thermostats have: temperatures, modes, what they do now, and limits.

    `measured` and `target` are paths, `sends` is what sets the target.
    """
    modes = [case for case in cases if isinstance(case.word, ThermostatModeValue)]
    states = [case for case in cases if isinstance(case.word, OperatingState)]
    supported = tuple(mode for mode in MODES if mode in {case.word for case in modes})
    return (
        Property(
            *(ThermostatMode.thermostat_mode, "", Case.coding(*modes)),
            lists={ThermostatMode.supported_thermostat_modes: supported},
        ),
        Property(HEATS_TO, target, unit, sends),
        Property(TemperatureMeasurement.temperature, measured, unit),
        Property(ThermostatOperatingState.thermostat_operating_state, "", Case.coding(*states)),
        limits(RANGES[HEATS_TO], unit, before),
    )


# at the wall: some cool in their summer mode, to the same target

BY_HAND, BY_PLAN = {"onoff": 1, "mode": 4}, {"onoff": 1, "mode": 3}
"""Its modes 0 to 2 are fixed temperatures."""
IS_ON, IN_SUMMER = {"onoff": 1, "mode": Case.ANY}, {"summer.mode": 2}
at_wall = partial(Send, WALL, "mode", is_list=True)
in_season = partial(Send, SUMMER, "summerMode", is_list=True)


def wall(*modes: Case) -> Table:
    """Return the table of one at the wall, by its modes beside the common ones."""
    return thermostat(
        *(TENTHS, "currentTemp", "targetTemp", at_wall({"mode": 4, "manualTemp": CODE})),
        *(Case(OFF, {"onoff": 0}, at_wall({"onoff": 0})), Case(AUTO, BY_PLAN, at_wall(BY_PLAN))),
        *modes,
        *(Case(IDLE, {"state": 0}), Case(COOLING, {"state": 1} | IN_SUMMER)),
        Case(HEATING, {"state": 1}),
    )


HEATER_TABLE = wall(Case(HEAT, IS_ON, at_wall(BY_HAND)))
COOLER_TABLE = wall(
    Case(COOL, IS_ON | IN_SUMMER, (in_season({"mode": 2}), at_wall(BY_HAND))),
    Case(HEAT, IS_ON, (in_season({"mode": 1}), at_wall(BY_HAND))),
)


HUMIDITY = Property(RelativeHumidityMeasurement.humidity, "sensed.value.0.humi", TENTHS)


def wall_table(told: Json, _: MerossMemory) -> Table:
    """Return the table of one at the wall, which may measure the humidity."""
    table = COOLER_TABLE if "summer" in told else HEATER_TABLE
    return (*table, HUMIDITY) if "sensed" in told else table


# in a socket: it heats or cools, to the same target

ON, COOLS = {"onoff": 1}, {"working": 2}
in_socket = partial(Send, SOCKET, "modeB", is_list=True)
SOCKET_TABLE = thermostat(
    *(HUNDREDTHS, "currentTemp", "targetTemp", in_socket({"mode": 1, "targetTemp": CODE})),
    *(Case(OFF, {"onoff": 2}, in_socket({"onoff": 2})), Case(OFF, {"onoff": 0})),
    Case(AUTO, ON | {"mode": 2}, in_socket(ON | {"mode": 2})),
    Case(COOL, ON | COOLS, in_socket(ON | {"mode": 1} | COOLS)),
    Case(HEAT, ON, in_socket(ON | {"mode": 1, "working": 1})),
    *(Case(COOLING, {"state": 1} | COOLS), Case(HEATING, {"state": 1})),
    Case(IDLE, {"state": Case.ANY}),
)

# at a radiator, behind a hub; its modes 1, 2 and 4 are fixed temperatures

to_valve = partial(Send, own="id", is_list=True)
VALVE_ON, VALVE_OFF = (to_valve(HUB_SWITCH, "togglex", {"onoff": n}) for n in (1, 0))
BY_VALVE_PLAN, BY_VALVE_HAND = (to_valve(f"{VALVE}.Mode", "mode", {"state": n}) for n in (3, 0))
SET_VALVE = to_valve(f"{VALVE}.Temperature", "temperature", {"custom": CODE})
IS_VALVE_ON = {"togglex.onoff": 1}
VALVE_TABLE = thermostat(
    *(TENTHS, "temperature.room", "temperature.currentSet", (BY_VALVE_HAND, SET_VALVE)),
    Case(OFF, {"togglex.onoff": 0}, VALVE_OFF),
    Case(AUTO, IS_VALVE_ON | {"mode.state": 3}, (VALVE_ON, BY_VALVE_PLAN)),
    Case(HEAT, IS_VALVE_ON | {"mode.state": Case.ANY}, (VALVE_ON, BY_VALVE_HAND)),
    *(Case(IDLE, {"temperature.heating": 0}), Case(HEATING, {"temperature.heating": 1})),
    before="temperature.",
)

# of a heating and air conditioning with a fan: a target for heating and one for cooling

of_house = partial(Send, CLIMATE.namespace, CLIMATE.key, is_list=True)


def house_target(own: str, other: str) -> Send:
    """Return what sets one of the targets; the other one stays."""
    return of_house({"work": 1, "targetTemp": {own: CODE, other: Told(f"targetTemp.{other}")}})


FANS = {0: ThermostatFanModeValue.AUTO, 1: ThermostatFanModeValue.ON}
TOLD = {f"more.{each}Status": Case.ANY for each in "hacf"}
DOES = {"h": HEATING, "a": HEATING, "c": COOLING, "f": BLOWING}
HOUSE_TABLE = (
    *thermostat(
        *(HUNDREDTHS, "currentTemp", "targetTemp.heat", house_target("heat", "cold")),
        *(Case(mode, {"mode": n}, of_house({"mode": n})) for n, mode in enumerate(MODES)),
        *(Case(does, TOLD | {f"more.{at}Status": Case.MORE}) for at, does in DOES.items()),
        Case(IDLE, TOLD),
    ),
    Property(COOLS_TO, "targetTemp.cold", HUNDREDTHS, house_target("cold", "heat")),
    limits(RANGES[COOLS_TO], HUNDREDTHS),
    Property(RelativeHumidityMeasurement.humidity, "more.humi", TENTHS),
    Property(
        *(ThermostatFanMode.thermostat_fan_mode, "fan.fMode", Coding.words(FANS)),
        of_house({"fan": {"fMode": CODE, "speed": CODE}}),
        {ThermostatFanMode.supported_thermostat_fan_modes: tuple(FANS.values())},
    ),
)


@dataclass(frozen=True)
class Thermostat(MerossPart):
    """One whose targets have limits, and half degrees."""

    @override
    def change(self, attribute: Attribute[Any], value: Any) -> list[Request]:
        if (limited := RANGES.get(attribute)) is not None:
            low, high = self.read(self.row(limited))
            value = max(low, min(high, round(value * 2) / 2))
        return super().change(attribute, value)
