"""Alarm control panels."""

from typing import override

from homeassistant.components.alarm_control_panel import (
    AlarmControlPanelEntity,
    AlarmControlPanelEntityFeature as Feature,
    AlarmControlPanelState as State,
)
from homeassistant.const import Platform

from lan_edge import SecuritySystem, SecuritySystemStatus

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # the library queues the commands of each device

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
    """An alarm system; the capability has no codes."""

    _attr_code_arm_required = False
    reads = SecuritySystem.attributes

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Support the ways of arming that the driver handles."""
        super().__init__(coordinator, spec)
        features = Feature(0)
        for command, feature in FEATURES.items():
            if command in self.commands:
                features |= feature
        self._attr_supported_features = features

    @property
    @override
    def alarm_state(self) -> State | None:
        """Return triggered while there is an alarm, otherwise whether and how it is armed."""
        if self.read(SecuritySystem.alarm):
            return State.TRIGGERED
        status = self.read(SecuritySystem.security_system_status)
        return None if status is None else STATES[status]

    @override
    async def async_alarm_arm_away(self, code: str | None = None) -> None:
        """Arm it for an empty house."""
        await self.send(SecuritySystem.arm_away)

    @override
    async def async_alarm_arm_home(self, code: str | None = None) -> None:
        """Arm it while somebody is at home."""
        await self.send(SecuritySystem.arm_stay)

    @override
    async def async_alarm_disarm(self, code: str | None = None) -> None:
        """Disarm it."""
        await self.send(SecuritySystem.disarm)


async_setup_entry = setup_entry_of(Platform.ALARM_CONTROL_PANEL, LanEdgeAlarmControlPanel)
