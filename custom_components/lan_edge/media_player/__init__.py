"""Media players: playback, media and groups of a component."""

from collections.abc import Iterator
from typing import Any, override

from homeassistant.components.media_player import (
    ATTR_MEDIA_ANNOUNCE,
    ATTR_MEDIA_EXTRA,
    DATA_COMPONENT,
    BrowseMedia,
    MediaPlayerDeviceClass,
    MediaPlayerEntityFeature as Feature,
    MediaPlayerState,
    MediaType,
    RepeatMode,
)
from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from lan_edge import (
    AudioMute,
    AudioMuteButton,
    AudioTrackData,
    AudioVolume,
    AudioVolumeButton,
    MediaInputSource,
    MediaPlayback,
    MediaPlaybackRepeat,
    MediaPlaybackShuffle,
    MediaTrackControl,
    RepeatMode as Repeat,
    StatelessAudioMuteButton,
    StatelessAudioVolumeButton,
    Switch,
)

from ..coordinator import LanEdgeCoordinator
from ..entities.choices import listed
from ..entities.lifecycle import setup_entry_of
from ..entities.mapping import EntitySpec
from ..entities.urls import WEB
from .features import player_state, supported_features
from .group import PlayerGroup
from .media import PlayableMedia
from .pictures import PicturedPlayer

PARALLEL_UPDATES = 0  # the library queues the commands of each device

ATTR_VOLUME = "volume"
"""The volume in percent, in `extra` of media_player.play_media."""
POSITION = (AudioTrackData.elapsed_time, MediaPlayback.playback_status)
"""The attributes whose changes restart the clock of the position."""


class LanEdgeMediaPlayer(PicturedPlayer):
    """A player."""

    _attr_device_class = MediaPlayerDeviceClass.SPEAKER

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Use what the component supports."""
        super().__init__(coordinator, spec)
        self._media = PlayableMedia(self)
        self.player_group = PlayerGroup(self, self._all_players)

    @override
    def follow(self) -> None:
        """Subscribe before the base class does, which writes the state on a change."""
        self.subscribe(self.reads, self._update_attributes)
        self.subscribe(POSITION, self._update_position)
        self._update_attributes()
        self._update_position()
        super().follow()
        self.player_group.watch()

    @callback
    def _update_attributes(self) -> None:
        volume = self.read(AudioVolume.volume)
        self._attr_volume_level = None if volume is None else volume / 100
        self._attr_is_volume_muted = self.read(AudioMute.muted)
        repeat = self.read(MediaPlaybackRepeat.playback_repeat_mode)
        self._attr_repeat = None if repeat is None else RepeatMode(repeat.value)
        self._attr_shuffle = self.read(MediaPlaybackShuffle.playback_shuffle)
        inputs = self.read(MediaInputSource.supported_input_sources)
        self._attr_source = listed(self.read(MediaInputSource.input_source), inputs or None)
        track = self.read(AudioTrackData.audio_track_data)
        self._attr_media_content_type = MediaType.MUSIC if track else None
        self._attr_media_title = track.title if track else None
        self._attr_media_artist = track.artist if track else None
        self._attr_media_album_name = track.album if track else None
        self._attr_app_name = track.media_source if track else None
        self._attr_media_duration = self.read(AudioTrackData.total_time)

    @callback
    def _update_position(self) -> None:
        position = self.read(AudioTrackData.elapsed_time)
        self._attr_media_position = position
        self._attr_media_position_updated_at = None if position is None else dt_util.utcnow()

    @property
    @override
    def supported_features(self) -> Feature:
        """Return what is supported now; the device may list its commands."""
        return supported_features(self.commands, self.read)

    @property
    @override
    def state(self) -> MediaPlayerState:
        """Return whether it is on, and whether it plays."""
        return player_state(self.read)

    # playback

    @override
    async def async_media_play(self) -> None:
        """Play."""
        await self.send(MediaPlayback.play)

    @override
    async def async_media_pause(self) -> None:
        """Pause."""
        await self.send(MediaPlayback.pause)

    @override
    async def async_media_stop(self) -> None:
        """Stop."""
        await self.send(MediaPlayback.stop)

    @override
    async def async_media_next_track(self) -> None:
        """Go to the next track."""
        await self.send(MediaTrackControl.next_track)

    @override
    async def async_media_previous_track(self) -> None:
        """Go to the previous track."""
        await self.send(MediaTrackControl.previous_track)

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Set the volume, 0 to 1."""
        await self.send(AudioVolume.set_volume, round(volume * 100))

    @override
    async def async_volume_up(self) -> None:
        """Increase the volume, by the device's own step if it has one."""
        if AudioVolume.volume_up in self.commands:
            await self.send(AudioVolume.volume_up)
        elif StatelessAudioVolumeButton.set_button in self.commands:
            await self.send(StatelessAudioVolumeButton.set_button, AudioVolumeButton.VOLUME_UP)
        else:
            await super().async_volume_up()

    @override
    async def async_volume_down(self) -> None:
        """Decrease the volume, by the device's own step if it has one."""
        if AudioVolume.volume_down in self.commands:
            await self.send(AudioVolume.volume_down)
        elif StatelessAudioVolumeButton.set_button in self.commands:
            await self.send(StatelessAudioVolumeButton.set_button, AudioVolumeButton.VOLUME_DOWN)
        else:
            await super().async_volume_down()

    @override
    async def async_mute_volume(self, mute: bool) -> None:
        """Mute or unmute it; one that can only toggle does that, whatever is asked for."""
        if AudioMute.set_mute in self.commands:
            await self.send(AudioMute.set_mute, mute)
        else:
            await self.send(StatelessAudioMuteButton.set_button, AudioMuteButton.MUTE_TOGGLE)

    @override
    async def async_set_repeat(self, repeat: RepeatMode) -> None:
        """Set what is repeated."""
        await self.send(MediaPlaybackRepeat.set_playback_repeat_mode, Repeat(repeat.value))

    @override
    async def async_set_shuffle(self, shuffle: bool) -> None:
        """Turn random order on or off."""
        await self.send(MediaPlaybackShuffle.set_playback_shuffle, shuffle)

    @override
    async def async_turn_on(self) -> None:
        """Turn it on."""
        await self.send(Switch.on)

    @override
    async def async_turn_off(self) -> None:
        """Turn it off."""
        await self.send(Switch.off)

    # media

    @property
    @override
    def source_list(self) -> list[str] | None:
        """Return the inputs and presets."""
        return self._media.sources

    @override
    async def async_select_source(self, source: str) -> None:
        """Play an input or a preset."""
        await self._media.select_source(source)

    @override
    async def async_play_media(
        self, media_type: MediaType | str, media_id: str, **kwargs: Any
    ) -> None:
        """Play a preset, a URL, or a media source; `extra` may contain the volume."""
        volume = (kwargs.get(ATTR_MEDIA_EXTRA) or {}).get(ATTR_VOLUME)
        announce = bool(kwargs.get(ATTR_MEDIA_ANNOUNCE))
        await self._media.play(media_type, media_id, announce=announce, volume=volume)

    @override
    async def async_browse_media(
        self,
        media_content_type: MediaType | str | None = None,
        media_content_id: str | None = None,
    ) -> BrowseMedia:
        """Return presets and media sources."""
        return await self._media.browse(media_content_id, self.get_browse_image_url)

    @override
    async def async_get_browse_image(
        self,
        media_content_type: MediaType | str,
        media_content_id: str,
        media_image_id: str | None = None,
    ) -> tuple[bytes | None, str | None]:
        """Fetch the image of a preset."""
        preset = self._media.find_preset(media_content_type, media_content_id)
        url = self.coordinator.media_url(preset.image_url, WEB) if preset else None
        return await self._async_fetch_image(url) if url else (None, None)

    # group

    @property
    @override
    def group_members(self) -> list[str] | None:
        """Return the players of the group, the leader first."""
        return self.player_group.members

    @override
    async def async_join_players(self, group_members: list[str]) -> None:
        """Add other players to the group."""
        await self.player_group.join(group_members)

    @override
    async def async_unjoin_player(self) -> None:
        """Leave the group."""
        await self.player_group.leave()

    def _all_players(self) -> Iterator[PlayerGroup]:
        for player in self.hass.data[DATA_COMPONENT].entities:
            if isinstance(player, LanEdgeMediaPlayer):
                yield player.player_group


async_setup_entry = setup_entry_of(Platform.MEDIA_PLAYER, LanEdgeMediaPlayer)
