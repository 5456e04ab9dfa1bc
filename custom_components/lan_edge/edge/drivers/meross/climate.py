"""Meross's thermostats: at the wall, in a socket, and the valves behind a hub."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, override

from lan_edge import (
    Attribute,
    Battery,
    Json,
    OperatingState,
    PartReading,
    RelativeHumidityMeasurement,
    ReplyError,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    ThermostatOperatingState,
    number,
    optional_object,
    scaled,
    word_of,
)

from .parts import Change, MerossPart, flag

SUMMER = "Appliance.Control.Thermostat.SummerMode"
WALL, SOCKET = "Appliance.Control.Thermostat.Mode", "Appliance.Control.Thermostat.ModeB"
VALVE = "Appliance.Hub.Mts100"
HUB_SWITCH = "Appliance.Hub.ToggleX"
OFF, HEAT = ThermostatModeValue.OFF, ThermostatModeValue.HEAT
COOL, AUTO = ThermostatModeValue.COOL, ThermostatModeValue.AUTO
BY_HAND, BY_SCHEDULE = 4, 3  # modes of one at the wall; 0 to 2 are its fixed temperatures
VALVE_BY_HAND = 0  # 1, 2 and 4 are fixed temperatures
SOCKET_BY_HAND, SOCKET_BY_SCHEDULE = 1, 2
HEATS, COOLS = 1, 2  # how a socket works, or one at the wall in winter and in summer
ON, SOCKET_OFF = 1, 2
LOWEST, HIGHEST = 5.0, 35.0
STATE = ThermostatOperatingState.thermostat_operating_state


@dataclass(frozen=True)
class Thermostat(MerossPart):
    """A thermostat at the wall: it heats or, if it has a summer mode, cools, to the same target."""

    summer: Json | None = None
    """Its summer mode."""
    sensed: Json | None = None
    """What its sensors have measured last, if they measure the humidity."""
    unit: ClassVar[float] = 0.1  # in °C

    @property
    def modes(self) -> tuple[ThermostatModeValue, ...]:
        """What it can be set to."""
        return (OFF, HEAT, AUTO) if self.summer is None else (OFF, HEAT, COOL, AUTO)

    @property
    def cools(self) -> bool:
        return self.summer is not None and self.summer.get("mode") == COOLS

    @property
    def temperatures(self) -> Json:
        """The message that has its temperatures."""
        return self.told

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest temperature to which it can be set."""
        told = self.temperatures
        try:
            lowest, highest = (number(told.get(name)) * self.unit for name in ("min", "max"))
        except ReplyError:
            return LOWEST, HIGHEST
        return (lowest, highest) if lowest < highest else (LOWEST, HIGHEST)

    def readings(self) -> Iterator[PartReading]:
        yield from self.targets("currentTemp", "targetTemp")
        yield self.reading(ThermostatMode.thermostat_mode, "onoff", self.mode)
        yield self.reading(STATE, "state", self.state)
        if self.sensed is not None:
            humidity = RelativeHumidityMeasurement.humidity
            yield PartReading.field(humidity, self.sensed, "humi", scaled(0.1, 1))

    def targets(self, measured: str, target: str) -> Iterator[PartReading]:
        """Return what every thermostat reads, by the names of its temperatures."""
        setpoint = ThermostatHeatingSetpoint
        yield PartReading.known(ThermostatMode.supported_thermostat_modes, self.modes)
        yield PartReading.known(setpoint.heating_setpoint_range, self.limits)
        yield self.celsius(TemperatureMeasurement.temperature, measured)
        yield self.celsius(setpoint.heating_setpoint, target)

    def celsius(self, attribute: Attribute[Any], field: str) -> PartReading:
        return PartReading.field(attribute, self.temperatures, field, scaled(self.unit, 2))

    def mode(self, onoff: Any) -> ThermostatModeValue | None:
        """Return its mode; None if it does not report what it does while it is on."""
        if not flag(onoff):
            return OFF
        by_hand = COOL if self.cools else HEAT
        modes: Mapping[int, ThermostatModeValue] = {BY_SCHEDULE: AUTO}
        value = self.told.get("mode")
        return None if value is None else modes.get(int(number(value)), by_hand)

    def state(self, value: Any) -> OperatingState:
        active = OperatingState.COOLING if self.cools else OperatingState.HEATING
        return word_of((OperatingState.IDLE, active), value)

    def asked(self, celsius: float) -> int:
        """Return the nearest half degree within its limits, in its unit."""
        lowest, highest = self.limits
        return round(max(lowest, min(highest, round(celsius * 2) / 2)) / self.unit)

    def change(self, **told: int) -> Change:
        return Change(WALL, {"mode": [{"channel": self.channel, **told}]})

    def set_to(self, mode: ThermostatModeValue) -> list[Change]:
        if mode is OFF:
            return [self.change(onoff=0)]
        changes = [self.change(onoff=1, mode=BY_SCHEDULE if mode is AUTO else BY_HAND)]
        if mode in {HEAT, COOL} and self.summer is not None:
            works = {"channel": self.channel, "mode": COOLS if mode is COOL else HEATS}
            changes.insert(0, Change(SUMMER, {"summerMode": [works]}))
        return changes

    def heated(self, celsius: float) -> list[Change]:
        return [self.change(mode=BY_HAND, manualTemp=self.asked(celsius))]


@dataclass(frozen=True)
class SocketThermostat(Thermostat):
    """A socket with a thermostat: it heats or cools, to the same target."""

    unit = 0.01

    @property
    @override
    def modes(self) -> tuple[ThermostatModeValue, ...]:
        return OFF, HEAT, COOL, AUTO

    @property
    @override
    def cools(self) -> bool:
        return self.told.get("working") == COOLS

    def mode(self, onoff: Any) -> ThermostatModeValue | None:
        if word_of({ON: True, SOCKET_OFF: False, 0: False}, onoff) is False:
            return OFF
        if self.told.get("mode") == SOCKET_BY_SCHEDULE:
            return AUTO
        return COOL if self.cools else HEAT

    def state(self, value: Any) -> OperatingState:
        if number(value) != ON:
            return OperatingState.IDLE
        return OperatingState.COOLING if self.cools else OperatingState.HEATING

    def change(self, **told: int) -> Change:
        return Change(SOCKET, {"modeB": [{"channel": self.channel, **told}]})

    def set_to(self, mode: ThermostatModeValue) -> list[Change]:
        if mode is OFF:
            return [self.change(onoff=SOCKET_OFF)]
        if mode is AUTO:
            return [self.change(onoff=ON, mode=SOCKET_BY_SCHEDULE)]
        working = COOLS if mode is COOL else HEATS
        return [self.change(onoff=ON, mode=SOCKET_BY_HAND, working=working)]

    def heated(self, celsius: float) -> list[Change]:
        return [self.change(mode=SOCKET_BY_HAND, targetTemp=self.asked(celsius))]


@dataclass(frozen=True)
class Valve(Thermostat):
    """A thermostat valve at a radiator, behind a hub."""

    child: bool = field(default=True, kw_only=True)
    battery: Json | None = None

    @property
    @override
    def is_available(self) -> bool:
        return is_online(self.told)

    @property
    @override
    def temperatures(self) -> Json:
        return optional_object(self.told, "temperature")

    def readings(self) -> Iterator[PartReading]:
        toggle = optional_object(self.told, "togglex")
        yield from self.targets("room", "currentSet")
        yield PartReading.field(ThermostatMode.thermostat_mode, toggle, "onoff", self.mode)
        yield PartReading.field(STATE, self.temperatures, "heating", self.state)
        if self.battery is not None:
            yield PartReading.field(Battery.battery, self.battery, "value")

    def mode(self, onoff: Any) -> ThermostatModeValue | None:
        if not flag(onoff):
            return OFF
        value = optional_object(self.told, "mode").get("state")
        return None if value is None else AUTO if value == BY_SCHEDULE else HEAT

    def of_valve(self, what: str, key: str, **told: int) -> Change:
        return Change(what, {key: [{"id": self.component, **told}]})

    def set_to(self, mode: ThermostatModeValue) -> list[Change]:
        if mode is OFF:
            return [self.of_valve(HUB_SWITCH, "togglex", onoff=0)]
        state = BY_SCHEDULE if mode is AUTO else VALVE_BY_HAND
        turned = self.of_valve(HUB_SWITCH, "togglex", onoff=1)
        return [turned, self.of_valve(f"{VALVE}.Mode", "mode", state=state)]

    def heated(self, celsius: float) -> list[Change]:
        by_hand = self.of_valve(f"{VALVE}.Mode", "mode", state=VALVE_BY_HAND)
        asked = self.asked(celsius)
        return [by_hand, self.of_valve(f"{VALVE}.Temperature", "temperature", custom=asked)]


def is_online(told: Json) -> bool:
    """Return whether a hub reaches a device behind it."""
    return (optional_object(told, "online") or told).get("status") == 1
