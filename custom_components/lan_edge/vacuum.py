"""Cleaning robots."""

from typing import Any, override

from homeassistant.components.vacuum import (
    StateVacuumEntity,
    VacuumActivity,
    VacuumEntityFeature as Feature,
)
from homeassistant.const import Platform

from lan_edge import CleanerMovement, RobotCleanerMovement

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # the library queues the commands of each device

ACTIVITIES = {
    CleanerMovement.HOMING: VacuumActivity.RETURNING,
    CleanerMovement.IDLE: VacuumActivity.IDLE,
    CleanerMovement.CHARGING: VacuumActivity.DOCKED,
    CleanerMovement.ALARM: VacuumActivity.ERROR,
    CleanerMovement.POWER_OFF: VacuumActivity.IDLE,
    CleanerMovement.RESERVE: VacuumActivity.IDLE,
    CleanerMovement.POINT: VacuumActivity.CLEANING,
    CleanerMovement.AFTER: VacuumActivity.IDLE,
    CleanerMovement.CLEANING: VacuumActivity.CLEANING,
    CleanerMovement.PAUSE: VacuumActivity.PAUSED,
}


class LanEdgeVacuum(LanEdgeEntity, StateVacuumEntity):
    """A cleaning robot; its battery is a sensor."""

    reads = (RobotCleanerMovement.robot_cleaner_movement,)

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Support what a robot can be told to do, if the driver handles that."""
        super().__init__(coordinator, spec)
        self._attr_supported_features = Feature.STATE
        if RobotCleanerMovement.set_robot_cleaner_movement in self.commands:
            self._attr_supported_features |= (
                Feature.START | Feature.PAUSE | Feature.STOP | Feature.RETURN_HOME
            )

    @property
    @override
    def activity(self) -> VacuumActivity | None:
        """Return what it does."""
        movement = self.read(RobotCleanerMovement.robot_cleaner_movement)
        return None if movement is None else ACTIVITIES[movement]

    async def _move(self, movement: CleanerMovement) -> None:
        await self.send(RobotCleanerMovement.set_robot_cleaner_movement, movement)

    @override
    async def async_start(self) -> None:
        """Start cleaning, or go on."""
        await self._move(CleanerMovement.CLEANING)

    @override
    async def async_pause(self) -> None:
        """Pause."""
        await self._move(CleanerMovement.PAUSE)

    @override
    async def async_stop(self, **kwargs: Any) -> None:
        """Stop cleaning."""
        await self._move(CleanerMovement.IDLE)

    @override
    async def async_return_to_base(self, **kwargs: Any) -> None:
        """Drive home."""
        await self._move(CleanerMovement.HOMING)


async_setup_entry = setup_entry_of(Platform.VACUUM, LanEdgeVacuum)
