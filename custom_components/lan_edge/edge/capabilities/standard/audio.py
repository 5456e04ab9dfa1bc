"""Audio: volume, the current track, and announcements."""

from dataclasses import dataclass

from ..declaration import command
from ..definition import Attribute, Capability
from ..schema import Percent
from .media import Url

__all__ = [
    "AudioMute",
    "AudioNotification",
    "AudioTrackData",
    "AudioVolume",
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
