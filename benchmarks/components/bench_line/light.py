"""The light of a line."""

from typing import Any, override

from homeassistant.components.light import ColorMode, LightEntity
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import Line, LineConfigEntry


async def async_setup_entry(
    hass: HomeAssistant, entry: LineConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Show one light."""
    del hass
    async_add_entities([LineLight(entry)])


class LineLight(LightEntity):
    """On, off, brightness."""

    _attr_should_poll = False
    _attr_has_entity_name = True
    _attr_name = None
    _attr_color_mode = ColorMode.BRIGHTNESS

    def __init__(self, entry: LineConfigEntry) -> None:
        """Show the state of an entry's line."""
        self._line: Line = entry.runtime_data
        self._attr_unique_id = entry.unique_id
        self._attr_supported_color_modes = {ColorMode.BRIGHTNESS}
        self._attr_device_info = DeviceInfo(
            identifiers={("bench_line", str(entry.unique_id))}, name=entry.title
        )
        self._take()

    @override
    async def async_added_to_hass(self) -> None:
        self._line.changed = self._changed

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._set(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._set(on=False)

    async def _set(self, **wanted: Any) -> None:
        try:
            await self._line.ask("set", **wanted)
        except TimeoutError as err:
            raise HomeAssistantError(f"{self.entity_id} did not answer") from err

    def _changed(self) -> None:
        self._take()
        self.async_write_ha_state()

    def _take(self) -> None:
        self._attr_available = self._line.connected
        self._attr_is_on = self._line.state["on"]
        self._attr_brightness = self._line.state["level"] * 255 // 100
