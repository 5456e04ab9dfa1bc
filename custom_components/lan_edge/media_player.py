"""Media players: volume, and playback, source and tracks of one component where it has them."""

from typing import override

from homeassistant.components.media_player import (
    MediaPlayerDeviceClass,
    MediaPlayerEntity,
    MediaPlayerEntityFeature as Feature,
    MediaPlayerState,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LanEdgeConfigEntry, LanEdgeCoordinator
from .edge import (
    AudioMute,
    AudioVolume,
    Command,
    MediaInputSource,
    MediaPlayback,
    MediaTrackControl,
    PlaybackCommand,
    PlaybackStatus,
    Switch,
    TrackCommand,
)
from .entity import LanEdgeEntity
from .mapping import View

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

STATES = {
    PlaybackStatus.PLAYING: MediaPlayerState.PLAYING,
    PlaybackStatus.FAST_FORWARDING: MediaPlayerState.PLAYING,
    PlaybackStatus.REWINDING: MediaPlayerState.PLAYING,
    PlaybackStatus.PAUSED: MediaPlayerState.PAUSED,
    PlaybackStatus.STOPPED: MediaPlayerState.IDLE,
}
FEATURES: dict[Command[...], Feature] = {
    AudioVolume.set_volume: Feature.VOLUME_SET,
    AudioVolume.volume_up: Feature.VOLUME_STEP,
    AudioVolume.volume_down: Feature.VOLUME_STEP,
    AudioMute.set_mute: Feature.VOLUME_MUTE,
    MediaInputSource.set_input_source: Feature.SELECT_SOURCE,
    Switch.on: Feature.TURN_ON,
    Switch.off: Feature.TURN_OFF,
}
PLAYBACK = {
    PlaybackCommand.PLAY: Feature.PLAY,
    PlaybackCommand.PAUSE: Feature.PAUSE,
    PlaybackCommand.STOP: Feature.STOP,
}
TRACKS = {
    TrackCommand.NEXT_TRACK: Feature.NEXT_TRACK,
    TrackCommand.PREVIOUS_TRACK: Feature.PREVIOUS_TRACK,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LanEdgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the device's players."""
    coordinator = entry.runtime_data
    coordinator.add_platform(
        Platform.MEDIA_PLAYER,
        lambda view: LanEdgeMediaPlayer(coordinator, view),
        async_add_entities,
    )


class LanEdgeMediaPlayer(LanEdgeEntity, MediaPlayerEntity):
    """Something that sounds."""

    _attr_device_class = MediaPlayerDeviceClass.SPEAKER

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look at what the player's component can do."""
        super().__init__(coordinator, view)
        handles = coordinator.device.handles
        self._can = [c for c in FEATURES if c.capability in view.shows and handles(c)]
        self._switched = Switch in view.shows
        self.reads = tuple(a for capability in view.shows for a in capability.attributes)

    @property
    @override
    def supported_features(self) -> Feature:
        """What can be done now: the device may say so."""
        features = Feature(0)
        for command in self._can:
            features |= FEATURES[command]
        for playback in self.read(MediaPlayback.supported_playback_commands) or ():
            features |= PLAYBACK.get(playback, Feature(0))
        for track in self.read(MediaTrackControl.supported_track_control_commands) or ():
            features |= TRACKS[track]
        return features

    @property
    @override
    def state(self) -> MediaPlayerState | None:
        """Off, what is played, or just on."""
        if self._switched and self.read(Switch.switch) is False:
            return MediaPlayerState.OFF
        status = self.read(MediaPlayback.playback_status)
        return STATES[status] if status is not None else MediaPlayerState.ON

    @property
    @override
    def volume_level(self) -> float | None:
        """The volume, 0 to 1."""
        volume = self.read(AudioVolume.volume)
        return None if volume is None else volume / 100

    @property
    @override
    def is_volume_muted(self) -> bool | None:
        """Whether it is muted."""
        return self.read(AudioMute.muted)

    @property
    @override
    def source(self) -> str | None:
        """What it plays from."""
        return self.read(MediaInputSource.input_source)

    @property
    @override
    def source_list(self) -> list[str] | None:
        """What it can play from."""
        sources = self.read(MediaInputSource.supported_input_sources)
        return None if sources is None else list(sources)

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Set the volume, 0 to 1."""
        await self.send(AudioVolume.set_volume, round(volume * 100))

    @override
    async def async_volume_up(self) -> None:
        """Louder, by the device's own step if it has one."""
        if AudioVolume.volume_up in self._can:
            await self.send(AudioVolume.volume_up)
        else:
            await super().async_volume_up()

    @override
    async def async_volume_down(self) -> None:
        """Softer, by the device's own step if it has one."""
        if AudioVolume.volume_down in self._can:
            await self.send(AudioVolume.volume_down)
        else:
            await super().async_volume_down()

    @override
    async def async_mute_volume(self, mute: bool) -> None:
        """Mute or unmute."""
        await self.send(AudioMute.set_mute, mute)

    @override
    async def async_select_source(self, source: str) -> None:
        """Play from another source."""
        await self.send(MediaInputSource.set_input_source, source)

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
        """Go back to the previous track."""
        await self.send(MediaTrackControl.previous_track)

    @override
    async def async_turn_on(self) -> None:
        """Turn it on."""
        await self.send(Switch.on)

    @override
    async def async_turn_off(self) -> None:
        """Turn it off."""
        await self.send(Switch.off)
