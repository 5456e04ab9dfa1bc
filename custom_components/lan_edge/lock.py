"""Locks, with a latch if they have one."""

from typing import Any, override

from homeassistant.components.lock import LockEntity, LockEntityFeature
from homeassistant.const import Platform

from lan_edge import Lock, LockState

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # the library queues the commands of each device


class LanEdgeLock(LanEdgeEntity, LockEntity):
    """A lock; the capability has no states for locking and unlocking."""

    reads = (Lock.lock_state,)

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Support opening if the driver handles it."""
        super().__init__(coordinator, spec)
        if Lock.unlatch in self.commands:
            self._attr_supported_features = LockEntityFeature.OPEN

    @property
    @override
    def is_locked(self) -> bool | None:
        """Return whether it is completely locked."""
        state = self.read(Lock.lock_state)
        return None if state in {None, LockState.UNKNOWN} else state is LockState.LOCKED

    @property
    @override
    def is_jammed(self) -> bool | None:
        """Return whether the bolt is stuck halfway."""
        return self.read(Lock.lock_state) is LockState.NOT_FULLY_LOCKED

    @property
    @override
    def is_open(self) -> bool | None:
        """Return whether the latch is withdrawn."""
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
        """Unlock it and withdraw the latch."""
        await self.send(Lock.unlatch)


async_setup_entry = setup_entry_of(Platform.LOCK, LanEdgeLock)
