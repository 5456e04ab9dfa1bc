"""Numbers: numeric attributes that can be set."""

from typing import override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
from homeassistant.components.number.const import DEVICE_CLASS_UNITS
from homeassistant.const import PERCENTAGE, Platform

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeSetting, device_class

PARALLEL_UPDATES = 0  # the library queues the commands of each device

UNLIMITED = 1e9
"""The limit of a number whose attribute has none."""
DEFAULT_STEP = 0.1
"""The step of a number with decimals whose attribute has none."""
MAX_SLIDER_STEPS = 256


class LanEdgeNumber(LanEdgeSetting, NumberEntity):
    """One numeric attribute."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Take range, step and unit from the attribute."""
        super().__init__(coordinator, spec)
        attribute = self.attribute
        limits = attribute.schema.limits
        low = -UNLIMITED if limits.minimum is None else limits.minimum
        high = UNLIMITED if limits.maximum is None else limits.maximum
        self._is_whole = attribute.schema.type is int
        step = attribute.step or (1 if self._is_whole else DEFAULT_STEP)
        self._attr_native_unit_of_measurement = attribute.unit
        self._attr_device_class = device_class(NumberDeviceClass, attribute, DEVICE_CLASS_UNITS)
        self._attr_native_min_value, self._attr_native_max_value = low, high
        self._attr_native_step = step
        self._attr_mode = _mode(attribute.unit, (high - low) / step)

    @property
    @override
    def native_value(self) -> float | None:
        """Return the value."""
        return self.read(self.reads[0])

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the value."""
        await self.set_attribute(round(value) if self._is_whole else value)


def _mode(unit: str | None, steps: float) -> NumberMode:
    """Return slider for percentages, and box for ranges with too many steps for one."""
    if unit == PERCENTAGE:
        return NumberMode.SLIDER
    return NumberMode.BOX if steps > MAX_SLIDER_STEPS else NumberMode.AUTO


async_setup_entry = setup_entry_of(Platform.NUMBER, LanEdgeNumber)
