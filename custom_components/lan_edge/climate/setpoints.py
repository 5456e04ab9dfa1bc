"""The target temperatures of a thermostat or an air conditioner, in °C."""

from collections.abc import Mapping

from homeassistant.components.climate import DEFAULT_MAX_TEMP, DEFAULT_MIN_TEMP, HVACMode

from lan_edge import (
    Attribute,
    ThermostatCoolingSetpoint as Cooling,
    ThermostatHeatingSetpoint as Heating,
)

from ..entities.mapping import EntitySpec
from ..entity import Read

type Setpoint = type[Heating | Cooling]

_TARGETS: Mapping[Setpoint, Attribute[float]] = {
    Heating: Heating.heating_setpoint,
    Cooling: Cooling.cooling_setpoint,
}
_TARGET_RANGES: Mapping[Setpoint, Attribute[tuple[float, float]]] = {
    Heating: Heating.heating_setpoint_range,
    Cooling: Cooling.cooling_setpoint_range,
}
COOLING_MODES = {HVACMode.COOL, HVACMode.DRY, HVACMode.FAN_ONLY}
"""The modes that use only the cooling setpoint of a device with two."""


class Setpoints:
    """The setpoints of a component: one for heating, one for cooling, or both."""

    def __init__(self, spec: EntitySpec, read: Read) -> None:
        """Use the setpoints that the component has."""
        self._read = read
        self.heats = Heating in spec.capabilities
        self.cools = Cooling in spec.capabilities
        self.are_two = self.heats and self.cools
        self.can_heat = Heating.set_heating_setpoint in spec.commands
        self.can_cool = Cooling.set_cooling_setpoint in spec.commands

    def single_setpoint(self, mode: HVACMode | None) -> Setpoint | None:
        """Return the setpoint that a mode uses, or None if it uses both."""
        if not self.are_two:
            return Heating if self.heats else Cooling if self.cools else None
        return Heating if mode is HVACMode.HEAT else Cooling if mode in COOLING_MODES else None

    def target(self, mode: HVACMode | None) -> float | None:
        """Return the target temperature in a mode that uses one setpoint."""
        setpoint = self.single_setpoint(mode)
        return None if setpoint is None else self._shown(setpoint, mode)

    def target_low(self, mode: HVACMode | None) -> float | None:
        """Return the temperature below which it heats, in a mode that uses both."""
        return None if self.single_setpoint(mode) else self._shown(Heating, mode)

    def target_high(self, mode: HVACMode | None) -> float | None:
        """Return the temperature above which it cools, in a mode that uses both."""
        return None if self.single_setpoint(mode) else self._shown(Cooling, mode)

    def _shown(self, setpoint: Setpoint, mode: HVACMode | None) -> float | None:
        """Return a setpoint; None if it only stands for having none.

        That is one outside of the range that the device reports for it, by more than a step, which
        may be rounded: any while it is off, and 0, as some report for none, at any time. All else
        it may really heat or cool to, such as to protect it from frost.
        """
        attribute = _TARGETS[setpoint]
        value, limits, step = self._read(attribute), self._range(setpoint), attribute.step or 0
        if value is None or limits is None or limits[0] - step < value < limits[1] + step:
            return value
        is_none = mode is HVACMode.OFF or (value == 0 and limits[0] > 0)
        return None if is_none else value

    def _range(self, setpoint: Setpoint) -> tuple[float, float] | None:
        """Return the range that the device reports for a setpoint, if it is plausible."""
        limits = self._read(_TARGET_RANGES[setpoint])
        return limits if limits and limits[0] < limits[1] else None

    @property
    def step(self) -> float | None:
        """The smallest useful change."""
        return Heating.heating_setpoint.step if self.heats else Cooling.cooling_setpoint.step

    def minimum(self, mode: HVACMode | None) -> float:
        """Return the lowest target temperature in a mode."""
        return min((low for low, _ in self._ranges(mode)), default=DEFAULT_MIN_TEMP)

    def maximum(self, mode: HVACMode | None) -> float:
        """Return the highest target temperature in a mode."""
        return max((high for _, high in self._ranges(mode)), default=DEFAULT_MAX_TEMP)

    def _ranges(self, mode: HVACMode | None) -> list[tuple[float, float]]:
        """Return the plausible ranges that the device reports for a mode's setpoints."""
        single = self.single_setpoint(mode)
        ranges = (self._range(each) for each in (Heating, Cooling) if single in {None, each})
        return [limits for limits in ranges if limits is not None]
