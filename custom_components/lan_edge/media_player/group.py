"""Groups of players that play in sync."""

import asyncio
from collections.abc import Callable, Iterable, Iterator

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send

from lan_edge import MAIN, GroupRole, MediaGroup

from ..actions.permissions import async_check_permission
from ..const import CONF_DRIVER, SIGNAL_GROUP
from ..entity import LanEdgeEntity
from ..errors import InvalidActionError


class PlayerGroup:
    """A player's group: other players of the same driver.

    Home Assistant refers to players by their entities, a driver by ids: the unique id of a device
    means its component `main`; other components of the same device are referred to by their name.
    These ids are the argument of `MediaGroup.join`, and the value of `group_primary_device_id`.
    """

    def __init__(
        self, player: LanEdgeEntity, all_players: Callable[[], Iterable[PlayerGroup]]
    ) -> None:
        """Create the group of `player`; `all_players` yields the groups of all players."""
        self.player = player
        self._all_players = all_players

    @property
    def members(self) -> list[str] | None:
        """The entity ids of the group, the leader first; None if the player plays alone."""
        if (leader := self.leader) is None:
            return None
        others = (p for p in self._players() if p is not leader and p.leader is leader)
        return [leader.player.entity_id, *sorted(p.player.entity_id for p in others)]

    @property
    def leader(self) -> PlayerGroup | None:
        """The player that the group follows, maybe this one; None if the player plays alone."""
        role = self.player.read(MediaGroup.group_role)
        primary = self.player.read(MediaGroup.group_primary_device_id)
        if role is GroupRole.PRIMARY:
            return self
        if role is GroupRole.UNGROUPED or not primary:
            return None
        return next((p for p in self._players() if p.id_for(self) == primary), None)

    async def join(self, members: Iterable[str]) -> None:
        """Add players to the group; if another player leads it, leave it first."""
        others = [entity_id for entity_id in members if entity_id != self.player.entity_id]
        if others:  # Home Assistant checks only the permission for the player that is joined
            player = self.player
            await async_check_permission(player.hass, player.context, others, POLICY_CONTROL)
        joining = [self._joinable(entity_id) for entity_id in others]
        if self.leader not in {None, self}:
            await self.leave()
        await asyncio.gather(
            *(
                member.player.send(MediaGroup.join, our_id)
                for member, our_id in joining
                if member.leader is not self
            )
        )

    async def leave(self) -> None:
        """Play alone."""
        await self.player.send(MediaGroup.leave)

    @callback
    def watch(self) -> None:
        """Write the state of all players of the driver when the group of one changes."""
        player, signal = self.player, SIGNAL_GROUP.format(self.driver)

        @callback
        def changed() -> None:
            async_dispatcher_send(player.hass, signal)

        if MediaGroup.group_role in player.reads:
            group = (MediaGroup.group_role, MediaGroup.group_primary_device_id)
            player.subscribe(group, changed)
            unsubscribe = async_dispatcher_connect(player.hass, signal, player.async_write_ha_state)
            player.on_end(unsubscribe)

    @property
    def driver(self) -> str:
        """The driver's id."""
        return str(self.player.coordinator.config_entry.data[CONF_DRIVER])

    def id_for(self, other: PlayerGroup) -> str | None:
        """Return the id by which the driver of another player knows this one, if it does."""
        coordinator = self.player.coordinator
        if self.player.component == MAIN:
            return coordinator.device.identity.unique_id
        return self.player.component if coordinator is other.player.coordinator else None

    def _players(self) -> Iterator[PlayerGroup]:
        return (p for p in self._all_players() if p.driver == self.driver)

    def _joinable(self, entity_id: str) -> tuple[PlayerGroup, str]:
        """Return a player that can join this one, and the id by which it knows this one."""
        for other in self._players():
            our_id = self.id_for(other)
            can_join = our_id and MediaGroup.join in other.player.commands
            if other.player.entity_id == entity_id and our_id and can_join:
                return other, our_id
        raise InvalidActionError(translation_key="no_group", player=entity_id)
