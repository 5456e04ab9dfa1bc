"""Meross's thermostats: at the wall, in a socket, and the valves behind a hub."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lan_edge import (
    MAIN,
    Attribute,
    Battery,
    Capability,
    Json,
    OperatingState,
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

from .parts import Change, Reading, channel_of, flag, known

WALL, SOCKET = "Appliance.Control.Thermostat.Mode", "Appliance.Control.Thermostat.ModeB"
VALVE = "Appliance.Hub.Mts100"
HUB_SWITCH = "Appliance.Hub.ToggleX"
OFF, HEAT = ThermostatModeValue.OFF, ThermostatModeValue.HEAT
COOL, AUTO = ThermostatModeValue.COOL, ThermostatModeValue.AUTO
BY_HAND, BY_SCHEDULE = 4, 3  # modes of one at the wall; 0 to 2 are its fixed temperatures
VALVE_BY_HAND = 0  # 1, 2 and 4 are fixed temperatures
SOCKET_BY_HAND, SOCKET_BY_SCHEDULE = 1, 2
HEATS, COOLS = 1, 2  # how a socket works, and that it does now
ON, SOCKET_OFF = 1, 2
LOWEST, HIGHEST = 5.0, 35.0
STATES = (OperatingState.IDLE, OperatingState.HEATING)


@dataclass(frozen=True)
class Thermostat:
    """A thermostat at the wall; it heats."""

    told: Json
    component: str = MAIN
    name: str = ""
    capabilities: ClassVar[tuple[type[Capability], ...]] = (
        *(TemperatureMeasurement, ThermostatMode, ThermostatHeatingSetpoint),
        ThermostatOperatingState,
    )
    modes: ClassVar[tuple[ThermostatModeValue, ...]] = (OFF, HEAT, AUTO)
    unit: ClassVar[float] = 0.1  # in °C

    @property
    def can(self) -> tuple[type[Capability], ...]:
        return self.capabilities

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

    def readings(self) -> Iterator[Reading]:
        yield known(ThermostatMode.supported_thermostat_modes, self.modes)
        yield known(ThermostatHeatingSetpoint.heating_setpoint_range, self.limits)
        yield self.celsius(TemperatureMeasurement.temperature, "currentTemp")
        yield self.celsius(ThermostatHeatingSetpoint.heating_setpoint, "targetTemp")
        yield Reading(ThermostatMode.thermostat_mode, self.told, "onoff", self.mode)
        state = ThermostatOperatingState.thermostat_operating_state
        yield Reading(state, self.told, "state", self.state)

    def celsius(self, attribute: Attribute[Any], field: str) -> Reading:
        return Reading(attribute, self.temperatures, field, scaled(self.unit, 2))

    def mode(self, onoff: Any) -> ThermostatModeValue | None:
        """Return its mode; None if it does not report what it does while it is on."""
        if not flag(onoff):
            return OFF
        modes: Mapping[int, ThermostatModeValue] = {BY_SCHEDULE: AUTO, BY_HAND: HEAT}
        value = self.told.get("mode")
        return None if value is None else modes.get(int(number(value)), HEAT)

    def state(self, value: Any) -> OperatingState:
        return word_of(STATES, value)

    def asked(self, celsius: float) -> int:
        """Return the nearest half degree within its limits, in its unit."""
        lowest, highest = self.limits
        return round(max(lowest, min(highest, round(celsius * 2) / 2)) / self.unit)

    def change(self, **told: int) -> list[Change]:
        return [Change(WALL, {"mode": [{"channel": channel_of(self.told), **told}]})]

    def set_to(self, mode: ThermostatModeValue) -> list[Change]:
        if mode is OFF:
            return self.change(onoff=0)
        return self.change(onoff=1, mode=BY_SCHEDULE if mode is AUTO else BY_HAND)

    def heated(self, celsius: float) -> list[Change]:
        return self.change(mode=BY_HAND, manualTemp=self.asked(celsius))


@dataclass(frozen=True)
class SocketThermostat(Thermostat):
    """A socket with a thermostat: it heats or cools, to the same target."""

    modes = (OFF, HEAT, COOL, AUTO)
    unit = 0.01

    @property
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

    def change(self, **told: int) -> list[Change]:
        return [Change(SOCKET, {"modeB": [{"channel": channel_of(self.told), **told}]})]

    def set_to(self, mode: ThermostatModeValue) -> list[Change]:
        if mode is OFF:
            return self.change(onoff=SOCKET_OFF)
        if mode is AUTO:
            return self.change(onoff=ON, mode=SOCKET_BY_SCHEDULE)
        working = COOLS if mode is COOL else HEATS
        return self.change(onoff=ON, mode=SOCKET_BY_HAND, working=working)

    def heated(self, celsius: float) -> list[Change]:
        return self.change(mode=SOCKET_BY_HAND, targetTemp=self.asked(celsius))


@dataclass(frozen=True)
class Valve(Thermostat):
    """A thermostat valve at a radiator, behind a hub."""

    battery: Json | None = None

    @property
    def can(self) -> tuple[type[Capability], ...]:
        return (*self.capabilities, *([] if self.battery is None else [Battery]))

    @property
    def temperatures(self) -> Json:
        return optional_object(self.told, "temperature")

    def readings(self) -> Iterator[Reading]:
        toggle, setpoint = optional_object(self.told, "togglex"), ThermostatHeatingSetpoint
        yield known(ThermostatMode.supported_thermostat_modes, self.modes)
        yield known(setpoint.heating_setpoint_range, self.limits)
        yield self.celsius(TemperatureMeasurement.temperature, "room")
        yield self.celsius(setpoint.heating_setpoint, "currentSet")
        yield Reading(ThermostatMode.thermostat_mode, toggle, "onoff", self.mode)
        state = ThermostatOperatingState.thermostat_operating_state
        yield Reading(state, self.temperatures, "heating", self.state)
        if self.battery is not None:
            yield Reading(Battery.battery, self.battery, "value")

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
