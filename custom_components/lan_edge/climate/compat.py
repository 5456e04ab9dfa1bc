"""Climate's temperatures by the names of Home Assistant 2026.11, for 2026.10 as well."""

from typing import override

from homeassistant.components.climate import ClimateEntity
from homeassistant.const import UnitOfTemperature


class NativeClimate(ClimateEntity):
    """Has both names: 2026.10 asks by the old ones, 2026.11 warns who has no others.

    Subclasses give the native ones, in °C.
    """

    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_temperature_unit = UnitOfTemperature.CELSIUS

    @property
    def native_current_temperature(self) -> float | None:
        """The temperature of the room."""
        return None

    @property
    def native_target_temperature(self) -> float | None:
        """The one temperature that is aimed at, if it is one."""
        return None

    @property
    def native_target_temperature_low(self) -> float | None:
        """Up to which temperature is heated."""
        return None

    @property
    def native_target_temperature_high(self) -> float | None:
        """Down to which temperature is cooled."""
        return None

    @property
    @override
    def current_temperature(self) -> float | None:
        """The same by its old name."""
        return self.native_current_temperature

    @property
    @override
    def target_temperature(self) -> float | None:
        """The same by its old name."""
        return self.native_target_temperature

    @property
    @override
    def target_temperature_low(self) -> float | None:
        """The same by its old name."""
        return self.native_target_temperature_low

    @property
    @override
    def target_temperature_high(self) -> float | None:
        """The same by its old name."""
        return self.native_target_temperature_high
