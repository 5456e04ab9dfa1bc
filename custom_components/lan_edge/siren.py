"""Sirens: they wail, flash, or both."""

from typing import Any, override

from homeassistant.components.siren import ATTR_TONE, SirenEntity, SirenEntityFeature as Feature
from homeassistant.const import Platform

from lan_edge import Alarm, AlarmState

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

TONES = {
    AlarmState.SIREN.value: Alarm.siren,
    AlarmState.BOTH.value: Alarm.both,
    AlarmState.STROBE.value: Alarm.strobe,
}
"""What an alarm can do, by its word for it; without one, the first that it can."""


class LanEdgeSiren(LanEdgeEntity, SirenEntity):
    """An alarm; its tones are the ways it can draw attention."""

    reads = (Alarm.alarm,)

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look at what the alarm can do."""
        super().__init__(coordinator, view)
        handles = coordinator.device.handles
        tones = [tone for tone, command in TONES.items() if handles(command)]
        features = Feature.TURN_ON if tones else Feature(0)
        features |= Feature.TONES if len(tones) > 1 else Feature(0)
        features |= Feature.TURN_OFF if handles(Alarm.off) else Feature(0)
        self._tones = tones
        self._attr_available_tones = [*tones]
        self._attr_supported_features = features

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it wails or flashes."""
        alarm = self.read(Alarm.alarm)
        return None if alarm is None else alarm is not AlarmState.OFF

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Raise the alarm, in the tone that is asked for."""
        await self.send(TONES[kwargs.get(ATTR_TONE, self._tones[0])])

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Be quiet."""
        await self.send(Alarm.off)


async_setup_entry = setup_entry_of(Platform.SIREN, LanEdgeSiren)
