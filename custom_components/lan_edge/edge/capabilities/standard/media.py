"""Players: what they play, from where, and with whom."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from ..definition import Attribute, Capability, Kind, command
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
"""An address on the web, of at most 2048 characters."""
DeviceId = Annotated[str, Range(1, 255)]
"""The id of a device, or of another component of the same device."""


class PlaybackStatus(StrEnum):
    """What a player does."""

    PAUSED = "paused"
    PLAYING = "playing"
    STOPPED = "stopped"
    FAST_FORWARDING = "fast forwarding"
    REWINDING = "rewinding"


class PlaybackCommand(StrEnum):
    """What a player can be told."""

    PAUSE = "pause"
    PLAY = "play"
    STOP = "stop"
    FAST_FORWARD = "fastForward"
    REWIND = "rewind"


class MediaPlayback(Capability):
    """A player; each command only where it has it."""

    playback_status = Attribute(PlaybackStatus)
    supported_playback_commands = Attribute(tuple[PlaybackCommand, ...], kind=Kind.HIDDEN)

    @command(sets="playback_status=playing", optional=True)
    def play(self) -> None:
        """Begin, or go on."""

    @command(sets="playback_status=paused", optional=True)
    def pause(self) -> None:
        """Rest where it is."""

    @command(sets="playback_status=stopped", optional=True)
    def stop(self) -> None:
        """End."""

    @command(sets="playback_status=rewinding", optional=True)
    def rewind(self) -> None:
        """Go back fast."""

    @command(sets="playback_status=fast forwarding", optional=True)
    def fast_forward(self) -> None:
        """Go forward fast."""

    @command(sets="playback_status", optional=True)
    def set_playback_status(self, status: PlaybackStatus) -> None:
        """Do as `status` says."""


class TrackCommand(StrEnum):
    """Where a player can go."""

    NEXT_TRACK = "nextTrack"
    PREVIOUS_TRACK = "previousTrack"


class MediaTrackControl(Capability):
    """A player that has tracks."""

    supported_track_control_commands = Attribute(tuple[TrackCommand, ...], kind=Kind.HIDDEN)

    @command(optional=True)
    def next_track(self) -> None:
        """Go to the next track."""

    @command(optional=True)
    def previous_track(self) -> None:
        """Go to the one before."""


class RepeatMode(StrEnum):
    """What is played again."""

    OFF = "off"
    ONE = "one"
    ALL = "all"


class MediaPlaybackRepeat(Capability):
    """What a player plays again."""

    playback_repeat_mode = Attribute(RepeatMode)

    @command(sets="playback_repeat_mode")
    def set_playback_repeat_mode(self, mode: RepeatMode) -> None:
        """Play the track, or all of them, again and again."""


class MediaPlaybackShuffle(Capability):
    """Whether a player plays the tracks in any order."""

    playback_shuffle = Attribute(bool, words=("disabled", "enabled"))

    @command(sets="playback_shuffle")
    def set_playback_shuffle(self, shuffle: bool) -> None:
        """Play the tracks in any order (`shuffle` is true) or as they come."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A station, a playlist or the like that a player has at hand."""

    id: str
    """What the device calls it; `play_preset` takes it."""
    name: str
    """What people call it."""
    media_source: str | None = None
    """The service that it comes from."""
    image_url: Url | None = None
    """A picture of it."""


class MediaPresets(Capability):
    """What a player has at hand."""

    presets = Attribute(tuple[Preset, ...], kind=Kind.HIDDEN)

    @command()
    def play_preset(self, preset_id: str) -> None:
        """Play the preset with that id."""


class MediaInputSource(Capability):
    """What is played, or where it comes from; a device has names of its own for these."""

    input_source = Attribute(str, options="supported_input_sources")
    supported_input_sources = Attribute(tuple[str, ...], kind=Kind.HIDDEN)

    @command(sets="input_source")
    def set_input_source(self, mode: str) -> None:
        """Play the source named `mode`."""


class GroupRole(StrEnum):
    """What a player is to its group; SmartThings spells it `auxilary`."""

    UNGROUPED = "ungrouped"
    PRIMARY = "primary"
    AUXILIARY = "auxilary"


class MediaGroup(Capability):
    """Players that play the same; each command only where the device has it.

    SmartThings has no commands that form a group: `join` and `leave` are ours. A player is named
    by its device's unique id, another component of the same device by the component's id.
    """

    group_role = Attribute(GroupRole)
    group_primary_device_id = Attribute(str, maximum=255, kind=Kind.HIDDEN)
    group_id = Attribute(str, maximum=255, kind=Kind.HIDDEN)
    group_volume = Attribute(int, minimum=0, maximum=100, unit="%")
    group_mute = Attribute(bool, words=("unmuted", "muted"))

    @command(sets="group_volume", optional=True)
    def set_group_volume(self, group_volume: Percent) -> None:
        """Have the group play as loud as `group_volume` %."""

    @command(optional=True)
    def group_volume_up(self) -> None:
        """Have the group play a little louder."""

    @command(optional=True)
    def group_volume_down(self) -> None:
        """Have the group play a little less loud."""

    @command(sets="group_mute=muted", optional=True)
    def mute_group(self) -> None:
        """Turn the group's sound off."""

    @command(sets="group_mute=unmuted", optional=True)
    def unmute_group(self) -> None:
        """Turn the group's sound on again."""

    @command(sets="group_mute", optional=True)
    def set_group_mute(self, state: bool) -> None:
        """Turn the group's sound off (`state` is true) or on again."""

    @command(sets="group_primary_device_id", optional=True)
    def join(self, primary_id: DeviceId) -> None:
        """Play what the player with the device id `primary_id` plays."""

    @command(sets="group_role=ungrouped", optional=True)
    def leave(self) -> None:
        """Play alone again."""
