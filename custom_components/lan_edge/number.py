"""Numbers: every number that a device reports and that can be set."""

from typing import override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
from homeassistant.components.number.const import DEVICE_CLASS_UNITS
from homeassistant.const import PERCENTAGE, Platform

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entities.setting import LanEdgeSetting
from .entity import device_class

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

WIDE = 1e9
"""The range of a number whose attribute has no limits."""
FINE = 0.1
"""The step of a number with decimals whose attribute has none."""
MANY = 256
"""More steps than a slider has places for."""


class LanEdgeNumber(LanEdgeSetting, NumberEntity):
    """One number that can be set."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Take the attribute's range, step and unit."""
        super().__init__(coordinator, view)
        attribute = self.attribute
        limits = attribute.schema.limits
        low = -WIDE if limits.minimum is None else limits.minimum
        high = WIDE if limits.maximum is None else limits.maximum
        self._whole = attribute.schema.type is int
        step = attribute.step or (1 if self._whole else FINE)
        self._attr_native_unit_of_measurement = attribute.unit
        self._attr_device_class = device_class(NumberDeviceClass, attribute, DEVICE_CLASS_UNITS)
        self._attr_native_min_value, self._attr_native_max_value = low, high
        self._attr_native_step = step
        self._attr_mode = _mode(attribute.unit, (high - low) / step)

    @property
    @override
    def native_value(self) -> float | None:
        """The attribute's value."""
        return self.read(self.reads[0])

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the attribute."""
        await self.set_to(round(value) if self._whole else value)


def _mode(unit: str | None, steps: float) -> NumberMode:
    """Return how a number is set: a percentage by a slider, a wide range by typing."""
    if unit == PERCENTAGE:
        return NumberMode.SLIDER
    return NumberMode.BOX if steps > MANY else NumberMode.AUTO


async_setup_entry = setup_entry_of(Platform.NUMBER, LanEdgeNumber)
