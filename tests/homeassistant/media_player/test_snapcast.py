"""Players of a Snapcast server: groups, and scenes that bring back how they were."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest

from tests.emulators.snapcast import SnapcastEmulator

from ..entries import set_up
from ..states import becomes, call
from ..waiting import eventually

ONE, TWO, THREE = (f"media_player.snapcast_on_music_player_{number}" for number in (1, 2, 3))


@pytest.fixture
async def server(
    hass: HomeAssistant, drivers: None, start_discovery: None
) -> AsyncGenerator[SnapcastEmulator]:
    async with SnapcastEmulator(players=3, id="music") as made:
        made.streams.append("Radio")
        await set_up(hass, "snapcast", "music", made)
        await becomes(hass, THREE, "idle", source="default")
        yield made


def shown(hass: HomeAssistant, entity_id: str) -> dict[str, Any]:
    now = hass.states.get(entity_id)
    assert now is not None
    return dict(now.attributes)


async def test_players_are_grouped(hass: HomeAssistant, server: SnapcastEmulator) -> None:
    assert sorted(hass.states.async_entity_ids()) == [ONE, TWO, THREE]
    assert shown(hass, ONE)["supported_features"] & Feature.GROUPING
    await call(hass, "media_player.select_source", ONE, source="Radio")
    await call(hass, "media_player.join", ONE, group_members=[TWO, THREE])
    for player in (ONE, TWO, THREE):
        await becomes(hass, player, "idle", group_members=[ONE, TWO, THREE], source="Radio")
    assert len(server.groups) == 1
    await call(hass, "media_player.unjoin", ONE)
    await becomes(hass, ONE, "idle", group_members=None)
    await becomes(hass, TWO, "idle", group_members=[TWO, THREE])
    await call(hass, "media_player.join", THREE, group_members=[ONE])  # which leaves its group
    await becomes(hass, TWO, "idle", group_members=None)
    await becomes(hass, ONE, "idle", group_members=[THREE, ONE])


async def test_a_scene_brings_back_volume_mute_and_source(
    hass: HomeAssistant, server: SnapcastEmulator
) -> None:
    """Which is what the actions `snapshot` and `restore` of another integration do."""
    assert await async_setup_component(hass, "scene", {})
    for player, level, muted, source in ((ONE, 0.3, True, "Radio"), (TWO, 0.7, False, "default")):
        await call(hass, "media_player.volume_set", player, volume_level=level)
        await call(hass, "media_player.volume_mute", player, is_volume_muted=muted)
        await call(hass, "media_player.select_source", player, source=source)
    data = {"scene_id": "before", "snapshot_entities": [ONE, TWO]}
    await hass.services.async_call("scene", "create", data, blocking=True)
    for player, source in ((ONE, "default"), (TWO, "Radio")):
        await call(hass, "media_player.volume_set", player, volume_level=0.5)
        await call(hass, "media_player.volume_mute", player, is_volume_muted=player == TWO)
        await call(hass, "media_player.select_source", player, source=source)
    await call(hass, "scene.turn_on", "scene.before")
    await becomes(hass, ONE, "idle", volume_level=0.3, is_volume_muted=True, source="Radio")
    await becomes(hass, TWO, "idle", volume_level=0.7, is_volume_muted=False, source="default")
    await eventually(lambda: list(server.played.values())[:2] == ["Radio", "default"])


async def test_a_source_that_came_later(hass: HomeAssistant, server: SnapcastEmulator) -> None:
    with pytest.raises(ServiceValidationError, match="Later"):
        await call(hass, "media_player.select_source", ONE, source="Later")
    server.streams.append("Later")
    server.play("g2", "Later")
    await becomes(hass, TWO, "idle", source="Later")
    await becomes(hass, ONE, "idle", source_list=["default", "Radio", "Later"])
    await call(hass, "media_player.select_source", ONE, source="Later")
    await becomes(hass, ONE, "idle", source="Later")
