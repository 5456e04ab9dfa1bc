"""Sirens: acoustic, optical, or both."""

from typing import Any, override

from homeassistant.components.siren import ATTR_TONE, SirenEntity, SirenEntityFeature as Feature
from homeassistant.const import Platform

from lan_edge import Alarm, AlarmState

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # the library queues the commands of each device

TONES = {
    AlarmState.SIREN.value: Alarm.siren,
    AlarmState.BOTH.value: Alarm.both,
    AlarmState.STROBE.value: Alarm.strobe,
}
"""The command of each tone; the first that is supported is the default."""


class LanEdgeSiren(LanEdgeEntity, SirenEntity):
    """An alarm; siren, strobe and both are its tones."""

    reads = (Alarm.alarm,)

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Support the tones that the driver handles."""
        super().__init__(coordinator, spec)
        self._tones = [tone for tone, command in TONES.items() if command in self.commands]
        features = Feature.TURN_ON if self._tones else Feature(0)
        features |= Feature.TONES if len(self._tones) > 1 else Feature(0)
        features |= Feature.TURN_OFF if Alarm.off in self.commands else Feature(0)
        self._attr_available_tones = [*self._tones]
        self._attr_supported_features = features

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the alarm is on, in any tone."""
        alarm = self.read(Alarm.alarm)
        return None if alarm is None else alarm is not AlarmState.OFF

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Raise the alarm, in a tone if one is given."""
        await self.send(TONES[kwargs.get(ATTR_TONE, self._tones[0])])

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Stop the alarm."""
        await self.send(Alarm.off)


async_setup_entry = setup_entry_of(Platform.SIREN, LanEdgeSiren)
