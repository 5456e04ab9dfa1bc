"""Heating and cooling: thermostats and air conditioners."""

from enum import StrEnum
from typing import Annotated

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Kind
from ..schema import Range

__all__ = [
    "AirConditionerFanMode",
    "AirConditionerMode",
    "Celsius",
    "OperatingState",
    "ThermostatCoolingSetpoint",
    "ThermostatFanMode",
    "ThermostatFanModeValue",
    "ThermostatHeatingSetpoint",
    "ThermostatMode",
    "ThermostatModeValue",
    "ThermostatOperatingState",
]

Celsius = Annotated[float, Range(-460, 10000)]
"""A temperature in °C; SmartThings defines these limits for both °C and °F."""


class ThermostatModeValue(StrEnum):
    """The operating mode of a thermostat."""

    ANTIFREEZING = "antifreezing"
    ASLEEP = "asleep"
    AUTO = "auto"
    AUTOWITHECO = "autowitheco"
    AUTOWITHRESET = "autowithreset"
    AUTOCHANGEOVER = "autochangeover"
    AUTOCHANGEOVERACTIVE = "autochangeoveractive"
    AUTOCOOL = "autocool"
    AUTOHEAT = "autoheat"
    AUXHEATONLY = "auxheatonly"
    AUXILIARYEMERGENCYHEAT = "auxiliaryemergencyheat"
    AWAY = "away"
    BATH = "bath"
    COMFORT = "comfort"
    COOL = "cool"
    COOLINGFLOORANDCOLDAIR = "coolingfloorandcoldair"
    CUSTOM = "custom"
    DAYOFF = "dayoff"
    DRYAIR = "dryair"
    ECO = "eco"
    EMERGENCY_HEAT = "emergency heat"
    EMERGENCYHEAT = "emergencyheat"
    EMERGENCYHEATACTIVE = "emergencyheatactive"
    ENERGYSAVECOOL = "energysavecool"
    ENERGYSAVEHEAT = "energysaveheat"
    FANONLY = "fanonly"
    FROSTGUARD = "frostguard"
    FURNACE = "furnace"
    HEAT = "heat"
    HEATINGOFF = "heatingoff"
    HOME = "home"
    HOT = "hot"
    HOTWATERONLY = "hotwateronly"
    IN = "in"
    ITERATIVE_RESERVATION = "iterativeReservation"
    LUKEWARM = "lukewarm"
    MANUAL = "manual"
    MOISTAIR = "moistair"
    OFF = "off"
    ON = "on"
    ONDOL = "ondol"
    OUT = "out"
    PRECOOLING = "precooling"
    RADIATINGFLOOR = "radiatingfloor"
    RADIATINGFLOORANDHOTAIR = "radiatingfloorandhotair"
    RESUME = "resume"
    RUSH_HOUR = "rush hour"
    RUSHHOUR = "rushhour"
    SCHEDULE = "schedule"
    SOUTHERNAWAY = "southernaway"
    VERYHOT = "veryhot"
    WARM = "warm"
    RESERVATION_24_HOUR = "24hourReservation"


class ThermostatMode(Capability):
    """The operating mode of a thermostat."""

    thermostat_mode = Attribute(ThermostatModeValue, options="supported_thermostat_modes")
    supported_thermostat_modes = Attribute(tuple[ThermostatModeValue, ...], kind=Kind.HIDDEN)

    @command(sets="thermostat_mode")
    def set_thermostat_mode(self, mode: ThermostatModeValue) -> None:
        """Set the operating mode."""

    @command(sets="thermostat_mode=off", optional=True)
    def off(self) -> None:
        """Turn heating and cooling off."""

    @command(sets="thermostat_mode=heat", optional=True)
    def heat(self) -> None:
        """Heat up to the heating setpoint."""

    @command(sets="thermostat_mode=cool", optional=True)
    def cool(self) -> None:
        """Cool down to the cooling setpoint."""

    @command(sets="thermostat_mode=auto", optional=True)
    def auto(self) -> None:
        """Heat and cool as needed."""

    @command(sets="thermostat_mode=emergency heat", optional=True)
    def emergency_heat(self) -> None:
        """Heat with the emergency heat source."""


class ThermostatHeatingSetpoint(Capability):
    """The temperature up to which a thermostat heats, in degrees Celsius."""

    heating_setpoint = Attribute(
        float,
        minimum=-460,
        maximum=10000,
        unit="°C",
        device_class="temperature",
        step=0.5,
        noun=t"target temperature for heating",
    )
    heating_setpoint_range = Attribute(
        tuple[float, float], minimum=-460, maximum=10000, unit="°C", kind=Kind.HIDDEN
    )
    """The lowest and the highest setpoint that the device supports."""

    @command(sets="heating_setpoint")
    def set_heating_setpoint(self, setpoint: Celsius) -> None:
        """Heat up to `setpoint` °C."""


class ThermostatCoolingSetpoint(Capability):
    """The temperature down to which a thermostat cools, in degrees Celsius."""

    cooling_setpoint = Attribute(
        float,
        minimum=-460,
        maximum=10000,
        unit="°C",
        device_class="temperature",
        step=0.5,
        noun=t"target temperature for cooling",
    )
    cooling_setpoint_range = Attribute(
        tuple[float, float], minimum=-460, maximum=10000, unit="°C", kind=Kind.HIDDEN
    )
    """The lowest and the highest setpoint that the device supports."""

    @command(sets="cooling_setpoint")
    def set_cooling_setpoint(self, setpoint: Celsius) -> None:
        """Cool down to `setpoint` °C."""


class OperatingState(StrEnum):
    """What a thermostat is doing at the moment."""

    HEATING = "heating"
    COOLING = "cooling"
    FAN_ONLY = "fan only"
    IDLE = "idle"
    PENDING_HEAT = "pending heat"
    PENDING_COOL = "pending cool"
    VENT_ECONOMIZER = "vent economizer"


class ThermostatOperatingState(Capability):
    """What a thermostat is doing at the moment."""

    thermostat_operating_state = Attribute(OperatingState)


class ThermostatFanModeValue(StrEnum):
    """When the fan of a thermostat runs."""

    AUTO = "auto"
    CIRCULATE = "circulate"
    FOLLOWSCHEDULE = "followschedule"
    ON = "on"


class ThermostatFanMode(Capability):
    """When the fan of a thermostat runs."""

    thermostat_fan_mode = Attribute(
        ThermostatFanModeValue, options="supported_thermostat_fan_modes"
    )
    supported_thermostat_fan_modes = Attribute(tuple[ThermostatFanModeValue, ...], kind=Kind.HIDDEN)

    @command(sets="thermostat_fan_mode")
    def set_thermostat_fan_mode(self, mode: ThermostatFanModeValue) -> None:
        """Set when the fan runs."""

    @command(sets="thermostat_fan_mode=auto", optional=True)
    def fan_auto(self) -> None:
        """Run the fan only while heating or cooling."""

    @command(sets="thermostat_fan_mode=circulate", optional=True)
    def fan_circulate(self) -> None:
        """Run the fan at intervals, to circulate the air."""

    @command(sets="thermostat_fan_mode=on", optional=True)
    def fan_on(self) -> None:
        """Run the fan all the time."""


class AirConditionerMode(Capability):
    """The operating mode of an air conditioner; each device has its own names for the modes."""

    air_conditioner_mode = Attribute(str, options="supported_ac_modes")
    supported_ac_modes = Attribute(tuple[str, ...], kind=Kind.HIDDEN)

    @command(sets="air_conditioner_mode")
    def set_air_conditioner_mode(self, mode: str) -> None:
        """Set the operating mode."""


class AirConditionerFanMode(Capability):
    """The fan mode of an air conditioner; each device has its own names for the modes."""

    fan_mode = Attribute(str, options="supported_ac_fan_modes")
    supported_ac_fan_modes = Attribute(tuple[str, ...], kind=Kind.HIDDEN)

    @command(sets="fan_mode")
    def set_fan_mode(self, fan_mode: str) -> None:
        """Set the fan mode."""
