"""What a player can play: its inputs and presets, and URLs."""

from collections.abc import Callable
from dataclasses import replace

from homeassistant.components.media_player import BrowseMedia, MediaType

from lan_edge import (
    AudioNotification,
    MediaInputSource,
    MediaPresets,
    PlayerIntent,
    Preset,
    Switch,
)

from ..entities.urls import WEB
from ..entity import LanEdgeEntity
from ..errors import InvalidActionError
from .browsing import (
    PRESET,
    async_browse_source,
    async_browse_sources,
    async_playable_url,
    library,
    preset_media,
)

ANNOUNCEMENTS = (
    AudioNotification.play_track_and_resume,
    AudioNotification.play_track_and_restore,
    AudioNotification.play_track,
)
"""The commands that play a URL: best for announcements first, best for music last."""


class PlayableMedia:
    """The media of a player.

    In the list of sources, the presets follow the inputs. If an input and a preset have the same
    name, the name means the input.
    """

    def __init__(self, player: LanEdgeEntity) -> None:
        """Use what the player's driver handles."""
        self._player = player
        self._commands = player.commands
        self._read = player.read

    @property
    def presets(self) -> tuple[Preset, ...]:
        """The presets that the device lists."""
        return self._read(MediaPresets.presets) or ()

    @property
    def sources(self) -> list[str] | None:
        """The names of inputs and presets, or None if there are none."""
        presets = self.presets if self._presets_by_name else ()
        return list(dict.fromkeys((*self._inputs, *(p.name for p in presets)))) or None

    @property
    def _inputs(self) -> tuple[str, ...]:
        return self._read(MediaInputSource.supported_input_sources) or ()

    @property
    def _presets_by_name(self) -> dict[str, Preset]:
        """The presets that can be played; of several with the same name, the first."""
        presets = self.presets if MediaPresets.play_preset in self._commands else ()
        return {preset.name: preset for preset in reversed(presets)}

    async def select_source(self, source: str) -> None:
        """Play an input or a preset; raise InvalidActionError if there is no such source."""
        known, preset = self.sources, self._presets_by_name.get(source)
        if known and source not in known:
            listed = ", ".join(known)
            raise InvalidActionError(translation_key="no_source", source=source, known=listed)
        if preset is not None and source not in self._inputs:
            await self._perform(PlayerIntent(preset=preset.id))
        else:
            await self._perform(PlayerIntent(source=source))

    async def play(
        self,
        media_type: MediaType | str,
        media_id: str,
        *,
        announce: bool = False,
        volume: int | None = None,
    ) -> None:
        """Play a preset, a URL, or a media source; raise InvalidActionError if there is none.

        `volume` is in percent.
        """
        preset = None if announce else self.find_preset(media_type, media_id)
        if preset is not None:
            await self._perform(PlayerIntent(volume=volume, preset=preset.id))
            return
        candidates = ANNOUNCEMENTS if announce else reversed(ANNOUNCEMENTS)
        command = next((command for command in candidates if command in self._commands), None)
        if command is None or media_type == PRESET:
            raise InvalidActionError(translation_key="no_media", media=media_id)
        url = await async_playable_url(self._player.hass, self._player.entity_id, media_id)
        await self._player.send(command, url, volume)

    async def _perform(self, intent: PlayerIntent) -> None:
        """Carry out an intent; a player that is off is turned on, too."""
        is_off = Switch.on in self._commands and self._read(Switch.switch) is False
        await self._player.perform(replace(intent, on=True if is_off else None))

    async def browse(
        self, media_id: str | None, image_url: Callable[[str, str], str]
    ) -> BrowseMedia:
        """Return what is in a media source, or the presets and, if it plays URLs, all sources.

        `image_url` returns the URL of an image, by content type and content id.
        """
        hass = self._player.hass
        if media_id:
            return await async_browse_source(hass, media_id)
        media_url = self._player.coordinator.media_url
        presets = [
            preset_media(p, image_url(PRESET, p.id) if media_url(p.image_url, WEB) else None)
            for p in self.presets
        ]
        plays_urls = any(command in self._commands for command in ANNOUNCEMENTS)
        sources = await async_browse_sources(hass) if plays_urls else ()
        return library(self._player.coordinator.config_entry.title, [*presets, *sources])

    def find_preset(self, media_type: MediaType | str, media_id: str) -> Preset | None:
        """Return the preset with an id if `media_type` is PRESET, else the one with a name."""
        presets = self._presets_by_name
        if media_type == PRESET:
            for preset in presets.values():
                if preset.id == media_id:
                    return preset
        return presets.get(media_id)
