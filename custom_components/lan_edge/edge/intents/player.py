"""What people want of a player in one go: on, how loud, what, and that it plays."""

from dataclasses import dataclass
from typing import ClassVar, override

from ..capabilities import (
    AudioMute,
    AudioVolume,
    MediaInputSource,
    MediaPlayback,
    MediaPresets,
    PlaybackStatus,
    Switch,
)
from .base import Intent, Part, Read, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerIntent(Intent):
    """What is wanted of a player; None is not asked for.

    On goes first; how loud goes before what is played, so that nothing blares.
    """

    on: bool | None = None
    volume: int | None = None
    """0 to 100 %."""
    muted: bool | None = None
    source: str | None = None
    preset: str | None = None
    """A preset's id."""
    status: PlaybackStatus | None = None

    id: ClassVar[str] = "playerIntent"
    parts: ClassVar[tuple[Part, ...]] = (
        Part(Switch.on, ("on",), True),
        Part(AudioVolume.set_volume, ("volume",)),
        Part(AudioMute.set_mute, ("muted",)),
        Part(AudioMute.mute, ("muted",), True, alias=True),
        Part(AudioMute.unmute, ("muted",), False, alias=True),
        Part(MediaInputSource.set_input_source, ("source",)),
        Part(MediaPresets.play_preset, ("preset",)),
        Part(MediaPlayback.play, ("status",), PlaybackStatus.PLAYING),
        Part(MediaPlayback.pause, ("status",), PlaybackStatus.PAUSED),
        Part(MediaPlayback.stop, ("status",), PlaybackStatus.STOPPED),
        Part(MediaPlayback.set_playback_status, ("status",), alias=True),
        Part(Switch.off, ("on",), False),
    )

    @override
    def steps(self, read: Read, *, on_first: bool) -> list[Step]:
        """Return the single commands."""
        del read, on_first
        return [(Switch.off, {})] if self.on is False else list(self.single_steps())
