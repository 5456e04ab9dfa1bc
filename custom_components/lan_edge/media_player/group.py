"""Players that play the same."""

import asyncio
from collections.abc import Iterator
from typing import override

from homeassistant.components.media_player import DATA_COMPONENT
from homeassistant.core import callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send

from lan_edge import MAIN, GroupRole, MediaGroup

from ..const import CONF_DRIVER, SIGNAL_GROUP
from ..errors import InvalidActionError
from .player import LanEdgePlayer


class PlayerGroup(LanEdgePlayer):
    """A player that can play along with another of the same driver.

    Home Assistant names players by their entities, a driver by ids: a device's unique id is its
    player `main`; another part of the same device is named by its component. That is what
    `MediaGroup.join` is given, and what `group_primary_device_id` says.
    """

    @property
    @override
    def group_members(self) -> list[str] | None:
        """The players of its group, the one that leads first; None if it plays alone."""
        if (leader := self.leader) is None:
            return None
        others = (p for p in self._players() if p is not leader and p.leader is leader)
        return [leader.entity_id, *sorted(p.entity_id for p in others)]

    @override
    async def async_join_players(self, group_members: list[str]) -> None:
        """Have others play what it plays; it leaves the group that another one leads."""
        members = {e: self._player(e) for e in group_members if e != self.entity_id}
        if self.leader not in {None, self}:
            await self.send(MediaGroup.leave)
        joins = [
            member.send(MediaGroup.join, name)
            for member, name in members.values()
            if member.leader is not self
        ]
        await asyncio.gather(*joins)

    @override
    async def async_unjoin_player(self) -> None:
        """Play alone again."""
        await self.send(MediaGroup.leave)

    @override
    async def async_added_to_hass(self) -> None:
        """Tell the others when its group changes: it is theirs too."""
        await super().async_added_to_hass()
        if MediaGroup.group_role not in self.reads:
            return
        told = (MediaGroup.group_role, MediaGroup.group_primary_device_id)
        signal = SIGNAL_GROUP.format(self.family)

        @callback
        def changed() -> None:
            async_dispatcher_send(self.hass, signal)

        self.subscribe(told, changed)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, self.async_write_ha_state))

    @property
    def family(self) -> str:
        """The driver's id: only players of the same can play together."""
        return str(self.coordinator.config_entry.data[CONF_DRIVER])

    @property
    def leader(self) -> PlayerGroup | None:
        """The player whose sound it plays, perhaps itself; None if it plays alone."""
        role = self.read(MediaGroup.group_role)
        primary = self.read(MediaGroup.group_primary_device_id)
        if role is GroupRole.PRIMARY:
            return self
        if role is GroupRole.UNGROUPED or not primary:
            return None
        return next((p for p in self._players() if p.called_by(self) == primary), None)

    def called_by(self, other: PlayerGroup) -> str | None:
        """Return what the driver of `other` calls this player; None if it has no name for it."""
        if self.component == MAIN:
            return self.coordinator.device.identity.unique_id
        return self.component if self.coordinator is other.coordinator else None

    def _players(self) -> Iterator[PlayerGroup]:
        for player in self.hass.data[DATA_COMPONENT].entities:
            if isinstance(player, PlayerGroup) and player.family == self.family:
                yield player

    def _player(self, entity_id: str) -> tuple[PlayerGroup, str]:
        """Return a player that can join this one, and what it calls this one."""
        for player in self._players():
            name = self.called_by(player)
            if player.entity_id == entity_id and name and MediaGroup.join in player.commands:
                return player, name
        raise InvalidActionError(translation_key="no_group", player=entity_id)
