"""Locks: locked, unlocked, and opened by those that can draw the latch."""

from typing import Any, override

from homeassistant.components.lock import LockEntity, LockEntityFeature
from homeassistant.const import Platform

from lan_edge import Lock, LockState

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself


class LanEdgeLock(LanEdgeEntity, LockEntity):
    """A lock; that it is on its way is not shown, as no device says so."""

    reads = (Lock.lock_state,)

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look whether it can draw the latch."""
        super().__init__(coordinator, view)
        if coordinator.device.handles(Lock.unlatch):
            self._attr_supported_features = LockEntityFeature.OPEN

    @property
    @override
    def is_locked(self) -> bool | None:
        """Whether it is locked, all the way."""
        state = self.read(Lock.lock_state)
        return None if state in {None, LockState.UNKNOWN} else state is LockState.LOCKED

    @property
    @override
    def is_jammed(self) -> bool | None:
        """Whether the bolt stuck half way."""
        return self.read(Lock.lock_state) is LockState.NOT_FULLY_LOCKED

    @property
    @override
    def is_open(self) -> bool | None:
        """Whether the latch is drawn."""
        return self.read(Lock.lock_state) is LockState.UNLATCHED

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """Lock it."""
        await self.send(Lock.lock)

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Unlock it."""
        await self.send(Lock.unlock)

    @override
    async def async_open(self, **kwargs: Any) -> None:
        """Unlock it and draw the latch."""
        await self.send(Lock.unlatch)


async_setup_entry = setup_entry_of(Platform.LOCK, LanEdgeLock)
