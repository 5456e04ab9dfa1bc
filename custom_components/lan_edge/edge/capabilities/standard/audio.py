"""What is heard: how loud, which track, and announcements."""

from dataclasses import dataclass

from ..definition import Attribute, Capability, command
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
    """How loud it plays, in percent."""

    volume = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="volume")
    def set_volume(self, volume: Percent) -> None:
        """Play as loud as `volume` %."""

    @command(optional=True)
    def volume_up(self) -> None:
        """Play a little louder."""

    @command(optional=True)
    def volume_down(self) -> None:
        """Play a little less loud."""


class AudioMute(Capability):
    """Whether the sound is off, the volume kept."""

    muted = Attribute(bool, name="mute", words=("unmuted", "muted"))

    @command(sets="muted=muted", optional=True)
    def mute(self) -> None:
        """Turn the sound off."""

    @command(sets="muted=unmuted", optional=True)
    def unmute(self) -> None:
        """Turn the sound on again."""

    @command(sets="muted")
    def set_mute(self, state: bool) -> None:
        """Turn the sound off (`state` is true) or on again."""


@dataclass(frozen=True, slots=True)
class Track:
    """What is played: its `title`, `artist` and `album`."""

    title: str
    artist: str | None = None
    album: str | None = None
    album_art_url: Url | None = None
    """A picture of the album."""
    media_source: str | None = None
    """Where it comes from, such as a service's name."""


class AudioTrackData(Capability):
    """What is played now, how long it is and how much of it is over, in seconds."""

    audio_track_data = Attribute(Track)
    total_time = Attribute(int, minimum=0, unit="s", device_class="duration")
    elapsed_time = Attribute(int, minimum=0, unit="s", device_class="duration", rare=True)


class AudioNotification(Capability):
    """Announcements, played from a URI at a level of their own."""

    @command()
    def play_track(self, uri: Url, level: Percent | None = None) -> None:
        """Play it."""

    @command(optional=True)
    def play_track_and_resume(self, uri: Url, level: Percent | None = None) -> None:
        """Play it, then go on with what was played."""

    @command(optional=True)
    def play_track_and_restore(self, uri: Url, level: Percent | None = None) -> None:
        """Play it, then be as before, but do not play on."""
