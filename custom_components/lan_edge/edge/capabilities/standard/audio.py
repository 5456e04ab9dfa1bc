"""Audio: volume, the current track, and announcements."""

from dataclasses import dataclass
from enum import StrEnum

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Kind
from ..schema import Percent
from .media import Url

__all__ = [
    "AudioMute",
    "AudioMuteButton",
    "AudioNotification",
    "AudioTrackData",
    "AudioVolume",
    "AudioVolumeButton",
    "StatelessAudioMuteButton",
    "StatelessAudioVolumeButton",
    "Track",
]


class AudioVolume(Capability):
    """The volume, in percent."""

    volume = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="volume")
    def set_volume(self, volume: Percent) -> None:
        """Set the volume to `volume` %."""

    @command(optional=True)
    def volume_up(self) -> None:
        """Turn the volume up by one step."""

    @command(optional=True)
    def volume_down(self) -> None:
        """Turn the volume down by one step."""


class AudioMute(Capability):
    """Whether the sound is muted; muting does not change the volume."""

    muted = Attribute(bool, name="mute", words=("unmuted", "muted"))

    @command(sets="muted=muted", optional=True)
    def mute(self) -> None:
        """Mute the sound."""

    @command(sets="muted=unmuted", optional=True)
    def unmute(self) -> None:
        """Unmute the sound."""

    @command(sets="muted")
    def set_mute(self, state: bool) -> None:
        """Mute the sound if `state` is true, or unmute it."""


class AudioVolumeButton(StrEnum):
    """A button of a remote control for the volume."""

    VOLUME_UP = "volumeUp"
    VOLUME_DOWN = "volumeDown"


class StatelessAudioVolumeButton(Capability):
    """The volume of a device that takes only up and down, and does not tell how loud it is."""

    available_audio_volume_buttons = Attribute(tuple[AudioVolumeButton, ...], kind=Kind.HIDDEN)

    @command()
    def set_button(self, button: AudioVolumeButton) -> None:
        """Turn the volume up or down by one step."""


class AudioMuteButton(StrEnum):
    """A button of a remote control for muting."""

    MUTE_TOGGLE = "muteToggle"


class StatelessAudioMuteButton(Capability):
    """The muting of a device that can only be told to mute if it is not muted, and to unmute else.

    One that tells whether it is muted has `AudioMute`: its driver toggles only if it has to.
    """

    available_audio_mute_buttons = Attribute(tuple[AudioMuteButton, ...], kind=Kind.HIDDEN)

    @command()
    def set_button(self, button: AudioMuteButton) -> None:
        """Mute the sound, or unmute it."""


@dataclass(frozen=True, slots=True)
class Track:
    """A track that is playing: its `title`, `artist` and `album`."""

    title: str
    artist: str | None = None
    album: str | None = None
    album_art_url: Url | None = None
    """The URL of the album's cover."""
    media_source: str | None = None
    """The source of the track, such as the name of a streaming service."""


class AudioTrackData(Capability):
    """The current track, its length, and the time played so far, in seconds."""

    audio_track_data = Attribute(Track)
    total_time = Attribute(int, minimum=0, unit="s", device_class="duration")
    elapsed_time = Attribute(int, minimum=0, unit="s", device_class="duration", rare=True)


class AudioNotification(Capability):
    """Announcements: a track is played from a URI, at a volume of its own if `level` is given."""

    @command()
    def play_track(self, uri: Url, level: Percent | None = None) -> None:
        """Play the track at `uri`."""

    @command(optional=True)
    def play_track_and_resume(self, uri: Url, level: Percent | None = None) -> None:
        """Play the track at `uri`, then resume what was playing before."""

    @command(optional=True)
    def play_track_and_restore(self, uri: Url, level: Percent | None = None) -> None:
        """Play the track at `uri`, then restore the previous source and volume without playing."""
