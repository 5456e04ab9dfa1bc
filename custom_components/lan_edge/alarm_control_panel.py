"""Alarm control panels: a house's alarm system."""

from typing import override

from homeassistant.components.alarm_control_panel import (
    AlarmControlPanelEntity,
    AlarmControlPanelEntityFeature as Feature,
    AlarmControlPanelState as State,
)
from homeassistant.const import Platform

from lan_edge import SecuritySystem, SecuritySystemStatus

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

STATES = {
    SecuritySystemStatus.ARMED_AWAY: State.ARMED_AWAY,
    SecuritySystemStatus.ARMED_STAY: State.ARMED_HOME,
    SecuritySystemStatus.DISARMED: State.DISARMED,
}
FEATURES = {
    SecuritySystem.arm_away: Feature.ARM_AWAY,
    SecuritySystem.arm_stay: Feature.ARM_HOME,
}


class LanEdgeAlarmControlPanel(LanEdgeEntity, AlarmControlPanelEntity):
    """An alarm system; the vocabulary has no code for it."""

    _attr_code_arm_required = False
    reads = SecuritySystem.attributes

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look at how the system can be armed."""
        super().__init__(coordinator, view)
        features = Feature(0)
        for command, feature in FEATURES.items():
            if coordinator.device.handles(command):
                features |= feature
        self._attr_supported_features = features

    @property
    @override
    def alarm_state(self) -> State | None:
        """Triggered while the system says what raised the alarm, else how it is armed."""
        if self.read(SecuritySystem.alarm):
            return State.TRIGGERED
        status = self.read(SecuritySystem.security_system_status)
        return None if status is None else STATES[status]

    @override
    async def async_alarm_arm_away(self, code: str | None = None) -> None:
        """Guard the house, nobody is in it."""
        await self.send(SecuritySystem.arm_away)

    @override
    async def async_alarm_arm_home(self, code: str | None = None) -> None:
        """Guard the house with somebody in it."""
        await self.send(SecuritySystem.arm_stay)

    @override
    async def async_alarm_disarm(self, code: str | None = None) -> None:
        """Guard it no longer."""
        await self.send(SecuritySystem.disarm)


async_setup_entry = setup_entry_of(Platform.ALARM_CONTROL_PANEL, LanEdgeAlarmControlPanel)
