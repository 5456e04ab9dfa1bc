"""Media players: playback, sources, presets and groups."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Kind
from ..schema import Percent, Range

__all__ = [
    "GroupRole",
    "MediaGroup",
    "MediaInputSource",
    "MediaPlayback",
    "MediaPlaybackRepeat",
    "MediaPlaybackShuffle",
    "MediaPresets",
    "MediaTrackControl",
    "PlaybackCommand",
    "PlaybackStatus",
    "Preset",
    "RepeatMode",
    "TrackCommand",
    "Url",
]

Url = Annotated[str, Range(0, 2048)]
"""A URL of at most 2048 characters."""
DeviceId = Annotated[str, Range(1, 255)]
"""The id of a device, or of another component of the same device."""


class PlaybackStatus(StrEnum):
    """The playback status of a media player."""

    PAUSED = "paused"
    PLAYING = "playing"
    STOPPED = "stopped"
    FAST_FORWARDING = "fast forwarding"
    REWINDING = "rewinding"


class PlaybackCommand(StrEnum):
    """A playback command that a media player may support."""

    PAUSE = "pause"
    PLAY = "play"
    STOP = "stop"
    FAST_FORWARD = "fastForward"
    REWIND = "rewind"


class MediaPlayback(Capability):
    """Controlling the playback of a media player."""

    playback_status = Attribute(PlaybackStatus)
    supported_playback_commands = Attribute(tuple[PlaybackCommand, ...], kind=Kind.HIDDEN)

    @command(sets="playback_status=playing", optional=True)
    def play(self) -> None:
        """Start or resume playback."""

    @command(sets="playback_status=paused", optional=True)
    def pause(self) -> None:
        """Pause playback at the current position."""

    @command(sets="playback_status=stopped", optional=True)
    def stop(self) -> None:
        """Stop playback."""

    @command(sets="playback_status=rewinding", optional=True)
    def rewind(self) -> None:
        """Rewind."""

    @command(sets="playback_status=fast forwarding", optional=True)
    def fast_forward(self) -> None:
        """Fast-forward."""

    @command(sets="playback_status", optional=True)
    def set_playback_status(self, status: PlaybackStatus) -> None:
        """Set the playback status."""


class TrackCommand(StrEnum):
    """A track command that a media player may support."""

    NEXT_TRACK = "nextTrack"
    PREVIOUS_TRACK = "previousTrack"


class MediaTrackControl(Capability):
    """Skipping between tracks."""

    supported_track_control_commands = Attribute(tuple[TrackCommand, ...], kind=Kind.HIDDEN)

    @command(optional=True)
    def next_track(self) -> None:
        """Skip to the next track."""

    @command(optional=True)
    def previous_track(self) -> None:
        """Go back to the previous track."""


class RepeatMode(StrEnum):
    """What a media player repeats."""

    OFF = "off"
    ONE = "one"
    ALL = "all"


class MediaPlaybackRepeat(Capability):
    """Whether a media player repeats the current track, all tracks or nothing."""

    playback_repeat_mode = Attribute(RepeatMode)

    @command(sets="playback_repeat_mode")
    def set_playback_repeat_mode(self, mode: RepeatMode) -> None:
        """Set what is repeated."""


class MediaPlaybackShuffle(Capability):
    """Whether a media player plays the tracks in random order."""

    playback_shuffle = Attribute(bool, words=("disabled", "enabled"))

    @command(sets="playback_shuffle")
    def set_playback_shuffle(self, shuffle: bool) -> None:
        """Play the tracks in random order if `shuffle` is true, or in their own order."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A favourite that is stored on a media player, such as a station or a playlist."""

    id: str
    """The device's id of the preset, as `play_preset` takes it."""
    name: str
    """The name shown to the user."""
    media_source: str | None = None
    """The service that provides it."""
    image_url: Url | None = None
    """The URL of a picture of it."""


class MediaPresets(Capability):
    """The favourites that are stored on a media player."""

    presets = Attribute(tuple[Preset, ...], kind=Kind.HIDDEN)

    @command(among="presets")
    def play_preset(self, preset_id: str) -> None:
        """Play the preset with the id `preset_id`."""


class MediaInputSource(Capability):
    """The input or source of a media player; each device has its own names for them."""

    input_source = Attribute(str, options="supported_input_sources")
    supported_input_sources = Attribute(tuple[str, ...], kind=Kind.HIDDEN)

    @command(sets="input_source")
    def set_input_source(self, mode: str) -> None:
        """Select the source named `mode`."""


class GroupRole(StrEnum):
    """The role of a player in its group; `auxilary` is SmartThings' spelling."""

    UNGROUPED = "ungrouped"
    PRIMARY = "primary"
    AUXILIARY = "auxilary"


class MediaGroup(Capability):
    """A group of players that play the same in sync.

    `join` and `leave` do not exist in SmartThings, which has no commands to form a group. A player
    is identified by the unique id of its device, or by the component's id if it is another
    component of the same device.
    """

    group_role = Attribute(GroupRole)
    group_primary_device_id = Attribute(str, maximum=255, kind=Kind.HIDDEN)
    group_id = Attribute(str, maximum=255, kind=Kind.HIDDEN)
    group_volume = Attribute(int, minimum=0, maximum=100, unit="%")
    group_mute = Attribute(bool, words=("unmuted", "muted"))

    @command(sets="group_volume", optional=True)
    def set_group_volume(self, group_volume: Percent) -> None:
        """Set the volume of the group to `group_volume` %."""

    @command(optional=True)
    def group_volume_up(self) -> None:
        """Turn the volume of the group up by one step."""

    @command(optional=True)
    def group_volume_down(self) -> None:
        """Turn the volume of the group down by one step."""

    @command(sets="group_mute=muted", optional=True)
    def mute_group(self) -> None:
        """Mute the group."""

    @command(sets="group_mute=unmuted", optional=True)
    def unmute_group(self) -> None:
        """Unmute the group."""

    @command(sets="group_mute", optional=True)
    def set_group_mute(self, state: bool) -> None:
        """Mute the group if `state` is true, or unmute it."""

    @command(sets="group_primary_device_id", optional=True)
    def join(self, primary_id: DeviceId) -> None:
        """Join the group of the player `primary_id`, and play what it plays."""

    @command(sets="group_role=ungrouped", optional=True)
    def leave(self) -> None:
        """Leave the group."""
