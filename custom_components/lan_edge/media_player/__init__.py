"""Media players: all that one component has to do with what is heard is one player."""

from typing import override

from homeassistant.components.media_player import (
    MediaPlayerDeviceClass,
    MediaPlayerEntityFeature as Feature,
    MediaPlayerState,
    RepeatMode,
)
from homeassistant.const import Platform

from lan_edge import (
    AudioMute,
    AudioNotification,
    AudioVolume,
    Command,
    MediaGroup,
    MediaInputSource,
    MediaPlayback,
    MediaPlaybackRepeat,
    MediaPlaybackShuffle,
    MediaPresets,
    MediaTrackControl,
    PlaybackCommand,
    PlaybackStatus,
    RepeatMode as Repeat,
    Switch,
    TrackCommand,
)

from ..entities.lifecycle import setup_entry_of
from .group import PlayerGroup
from .media import PlayerMedia
from .track import PlayerTrack

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

STATES = {
    PlaybackStatus.PLAYING: MediaPlayerState.PLAYING,
    PlaybackStatus.FAST_FORWARDING: MediaPlayerState.PLAYING,
    PlaybackStatus.REWINDING: MediaPlayerState.PLAYING,
    PlaybackStatus.PAUSED: MediaPlayerState.PAUSED,
    PlaybackStatus.STOPPED: MediaPlayerState.IDLE,
}
ANNOUNCE = Feature.PLAY_MEDIA | Feature.MEDIA_ANNOUNCE | Feature.BROWSE_MEDIA
FEATURES: dict[Command[...], Feature] = {
    AudioVolume.set_volume: Feature.VOLUME_SET,
    AudioVolume.volume_up: Feature.VOLUME_STEP,
    AudioVolume.volume_down: Feature.VOLUME_STEP,
    AudioMute.set_mute: Feature.VOLUME_MUTE,
    AudioNotification.play_track: ANNOUNCE,
    AudioNotification.play_track_and_resume: ANNOUNCE,
    AudioNotification.play_track_and_restore: ANNOUNCE,
    MediaGroup.join: Feature.GROUPING,
    MediaInputSource.set_input_source: Feature.SELECT_SOURCE,
    MediaPlaybackRepeat.set_playback_repeat_mode: Feature.REPEAT_SET,
    MediaPlaybackShuffle.set_playback_shuffle: Feature.SHUFFLE_SET,
    MediaPresets.play_preset: Feature.SELECT_SOURCE | Feature.PLAY_MEDIA | Feature.BROWSE_MEDIA,
    Switch.on: Feature.TURN_ON,
    Switch.off: Feature.TURN_OFF,
}
"""What a player can do by what its driver handles."""
PLAYBACK: dict[PlaybackCommand, tuple[Command[...], Feature]] = {
    PlaybackCommand.PLAY: (MediaPlayback.play, Feature.PLAY),
    PlaybackCommand.PAUSE: (MediaPlayback.pause, Feature.PAUSE),
    PlaybackCommand.STOP: (MediaPlayback.stop, Feature.STOP),
}
"""What it can do where the device says so, too."""
TRACKS: dict[TrackCommand, tuple[Command[...], Feature]] = {
    TrackCommand.NEXT_TRACK: (MediaTrackControl.next_track, Feature.NEXT_TRACK),
    TrackCommand.PREVIOUS_TRACK: (MediaTrackControl.previous_track, Feature.PREVIOUS_TRACK),
}


class LanEdgeMediaPlayer(PlayerTrack, PlayerMedia, PlayerGroup):
    """Something that sounds."""

    _attr_device_class = MediaPlayerDeviceClass.SPEAKER

    @property
    @override
    def supported_features(self) -> Feature:
        """What can be done now: the device may say so."""
        playback = self.read(MediaPlayback.supported_playback_commands) or ()
        tracks = self.read(MediaTrackControl.supported_track_control_commands) or ()
        said = [PLAYBACK[p] for p in playback if p in PLAYBACK] + [TRACKS[t] for t in tracks]
        features = Feature(0)
        for command, feature in (*FEATURES.items(), *said):
            if command in self.commands:
                features |= feature
        return features

    @property
    @override
    def state(self) -> MediaPlayerState | None:
        """Off, what is played, or just on."""
        if self.read(Switch.switch) is False:
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
    def repeat(self) -> RepeatMode | None:
        """What it plays again."""
        mode = self.read(MediaPlaybackRepeat.playback_repeat_mode)
        return None if mode is None else RepeatMode(mode.value)

    @property
    @override
    def shuffle(self) -> bool | None:
        """Whether it plays in any order."""
        return self.read(MediaPlaybackShuffle.playback_shuffle)

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Set the volume, 0 to 1."""
        await self.send(AudioVolume.set_volume, round(volume * 100))

    @override
    async def async_volume_up(self) -> None:
        """Louder, by the device's own step if it has one."""
        if AudioVolume.volume_up in self.commands:
            await self.send(AudioVolume.volume_up)
        else:
            await super().async_volume_up()

    @override
    async def async_volume_down(self) -> None:
        """Softer, by the device's own step if it has one."""
        if AudioVolume.volume_down in self.commands:
            await self.send(AudioVolume.volume_down)
        else:
            await super().async_volume_down()

    @override
    async def async_mute_volume(self, mute: bool) -> None:
        """Mute or unmute."""
        await self.send(AudioMute.set_mute, mute)

    @override
    async def async_set_repeat(self, repeat: RepeatMode) -> None:
        """Play the track, or all of them, again and again."""
        await self.send(MediaPlaybackRepeat.set_playback_repeat_mode, Repeat(repeat.value))

    @override
    async def async_set_shuffle(self, shuffle: bool) -> None:
        """Play in any order, or as they come."""
        await self.send(MediaPlaybackShuffle.set_playback_shuffle, shuffle)

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


async_setup_entry = setup_entry_of(Platform.MEDIA_PLAYER, LanEdgeMediaPlayer)
