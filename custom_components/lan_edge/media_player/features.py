"""What a player supports, and whether it plays."""

from homeassistant.components.media_player import (
    MediaPlayerEntityFeature as Feature,
    MediaPlayerState,
)

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
    StatelessAudioMuteButton,
    StatelessAudioVolumeButton,
    Switch,
    TrackCommand,
)

from ..entities.mapping import Commands
from ..entity import Read

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
    StatelessAudioVolumeButton.set_button: Feature.VOLUME_STEP,
    AudioMute.set_mute: Feature.VOLUME_MUTE,
    StatelessAudioMuteButton.set_button: Feature.VOLUME_MUTE,
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
PLAYBACK: dict[PlaybackCommand, tuple[Command[...], Feature]] = {
    PlaybackCommand.PLAY: (MediaPlayback.play, Feature.PLAY),
    PlaybackCommand.PAUSE: (MediaPlayback.pause, Feature.PAUSE),
    PlaybackCommand.STOP: (MediaPlayback.stop, Feature.STOP),
}
TRACKS: dict[TrackCommand, tuple[Command[...], Feature]] = {
    TrackCommand.NEXT_TRACK: (MediaTrackControl.next_track, Feature.NEXT_TRACK),
    TrackCommand.PREVIOUS_TRACK: (MediaTrackControl.previous_track, Feature.PREVIOUS_TRACK),
}
"""What a player supports only while its device lists the command, if the device lists any."""


def supported_features(commands: Commands, read: Read) -> Feature:
    """Return what is supported now."""
    playback = read(MediaPlayback.supported_playback_commands)
    tracks = read(MediaTrackControl.supported_track_control_commands)
    available = [
        *(each for p, each in PLAYBACK.items() if playback is None or p in playback),
        *(each for t, each in TRACKS.items() if tracks is None or t in tracks),
    ]
    features = Feature(0)
    for command, feature in (*FEATURES.items(), *available):
        if command in commands:
            features |= feature
    return features


def player_state(read: Read) -> MediaPlayerState:
    """Return off by the switch, else the playback status, else on."""
    if read(Switch.switch) is False:
        return MediaPlayerState.OFF
    status = read(MediaPlayback.playback_status)
    return STATES[status] if status is not None else MediaPlayerState.ON
