"""Several changes of a media player at once: power, volume, source and playback."""

from dataclasses import dataclass
from typing import ClassVar, override

from ..standard import (
    AudioMute,
    AudioVolume,
    MediaInputSource,
    MediaPlayback,
    MediaPresets,
    PlaybackStatus,
    Switch,
)
from .base import BoundCommand, Intent, IntentPart, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerIntent(Intent):
    """The requested changes of a media player; None: no change.

    "On" is sent first, and the volume before the source, so that nothing plays too loud.
    """

    on: bool | None = None
    """On or off."""
    volume: int | None = None
    """0 to 100 %."""
    muted: bool | None = None
    """Muted or not."""
    source: str | None = None
    """An input source, in the device's words."""
    preset: str | None = None
    """A preset's id."""
    status: PlaybackStatus | None = None
    """Playing, paused or stopped."""

    id: ClassVar[str] = "playerIntent"
    parts: ClassVar[tuple[IntentPart, ...]] = (
        IntentPart(Switch.on, ("on",), True),
        IntentPart(AudioVolume.set_volume, ("volume",)),
        IntentPart(AudioMute.set_mute, ("muted",)),
        IntentPart(AudioMute.mute, ("muted",), True, alias=True),
        IntentPart(AudioMute.unmute, ("muted",), False, alias=True),
        IntentPart(MediaInputSource.set_input_source, ("source",)),
        IntentPart(MediaPresets.play_preset, ("preset",)),
        IntentPart(MediaPlayback.play, ("status",), PlaybackStatus.PLAYING),
        IntentPart(MediaPlayback.pause, ("status",), PlaybackStatus.PAUSED),
        IntentPart(MediaPlayback.stop, ("status",), PlaybackStatus.STOPPED),
        IntentPart(MediaPlayback.set_playback_status, ("status",), alias=True),
        IntentPart(Switch.off, ("on",), False),
    )

    @override
    def commands(self, read: Reader, *, on_first: bool) -> list[BoundCommand]:
        """Return the single commands in a sensible order."""
        del read, on_first
        return [(Switch.off, {})] if self.on is False else list(self.single_commands())
