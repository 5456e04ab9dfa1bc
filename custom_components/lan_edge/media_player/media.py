"""What a player can play: sources, presets and announcements."""

from collections.abc import Iterable
from typing import Any, override

from homeassistant.components import media_source
from homeassistant.components.media_player import (
    ATTR_MEDIA_ANNOUNCE,
    ATTR_MEDIA_EXTRA,
    BrowseError,
    BrowseMedia,
    MediaClass,
    MediaType,
    async_process_play_media_url,
)

from lan_edge import (
    AudioNotification,
    Command,
    MediaInputSource,
    MediaPresets,
    PlayerIntent,
    Preset,
)

from ..errors import InvalidActionError
from .player import LanEdgePlayer, on_the_web

PRESET = "preset"
"""The content type of presets: their content id is the preset's id or name."""
ATTR_VOLUME = "volume"
"""How loud, in percent: what `extra` may say."""
ANNOUNCING = (
    AudioNotification.play_track_and_resume,
    AudioNotification.play_track_and_restore,
    AudioNotification.play_track,
)
"""The ways to announce something, the best first; the last is the one to just play it."""


class PlayerMedia(LanEdgePlayer):
    """What there is to play.

    Presets stand beside the inputs in the list of sources; of the same name, the input is meant.
    """

    @property
    def _presets(self) -> dict[str, Preset]:
        """The presets by their names; of several with one name, the first."""
        presets = (
            self.read(MediaPresets.presets) if MediaPresets.play_preset in self.commands else None
        )
        return {p.name: p for p in reversed(presets or ())}

    @property
    def _inputs(self) -> tuple[str, ...]:
        return self.read(MediaInputSource.supported_input_sources) or ()

    @property
    @override
    def source(self) -> str | None:
        """What it plays from."""
        return self.read(MediaInputSource.input_source)

    @property
    @override
    def source_list(self) -> list[str] | None:
        """What it can play from, and its presets."""
        names = self.read(MediaPresets.presets) if self._presets else ()
        return list(dict.fromkeys((*self._inputs, *(p.name for p in names or ())))) or None

    @override
    async def async_select_source(self, source: str) -> None:
        """Play from another source, or a preset; turn it on for that."""
        known, preset = self.source_list, self._presets.get(source)
        if known and source not in known:
            raise InvalidActionError(
                translation_key="no_source", source=source, known=", ".join(known)
            )
        if preset is not None and source not in self._inputs:
            await self.perform(PlayerIntent(on=self.needs_on, preset=preset.id))
        else:
            await self.perform(PlayerIntent(on=self.needs_on, source=source))

    @override
    async def async_play_media(
        self, media_type: MediaType | str, media_id: str, **kwargs: Any
    ) -> None:
        """Play a preset, or what a URL or a media source has; `extra` may say how loud."""
        announce = bool(kwargs.get(ATTR_MEDIA_ANNOUNCE))
        volume = (kwargs.get(ATTR_MEDIA_EXTRA) or {}).get(ATTR_VOLUME)
        preset = None if announce else self._preset(media_type, media_id)
        if preset is not None:
            intent = PlayerIntent(on=self.needs_on, volume=volume, preset=preset.id)
            await self.perform(intent)
            return
        command = self._player_of_urls(ANNOUNCING if announce else reversed(ANNOUNCING))
        if command is None or media_type == PRESET:
            raise InvalidActionError(translation_key="no_media", media=media_id)
        await self.send(command, await self._url(media_id), volume)

    def _preset(self, media_type: str, media_id: str) -> Preset | None:
        if media_type == PRESET:
            for preset in self._presets.values():
                if preset.id == media_id:
                    return preset
        return self._presets.get(media_id)

    def _player_of_urls(
        self, ways: Iterable[Command[[str, int | None]]]
    ) -> Command[[str, int | None]] | None:
        return next((way for way in ways if way in self.commands), None)

    async def _url(self, media_id: str) -> str:
        """Return where the device gets it, signed if that is Home Assistant itself."""
        if media_source.is_media_source_id(media_id):
            found = await media_source.async_resolve_media(self.hass, media_id, self.entity_id)
            media_id = found.url
        url = async_process_play_media_url(self.hass, media_id)
        if on_the_web(url) is None:
            raise InvalidActionError(translation_key="no_media", media=media_id)
        return url

    # what there is to choose from

    @override
    async def async_browse_media(
        self,
        media_content_type: MediaType | str | None = None,
        media_content_id: str | None = None,
    ) -> BrowseMedia:
        """Return the presets and, where it plays URLs, the audio of the media sources."""
        if media_content_id:
            return await media_source.async_browse_media(
                self.hass, media_content_id, content_filter=_is_audio
            )
        presets = [self._shown(p) for p in self.read(MediaPresets.presets) or ()]
        return BrowseMedia(
            title=self.coordinator.config_entry.title,
            media_class=MediaClass.DIRECTORY,
            media_content_type="library",
            media_content_id="",
            can_play=False,
            can_expand=True,
            children=[*presets, *await self._sources()],
        )

    async def _sources(self) -> Iterable[BrowseMedia]:
        if self._player_of_urls(ANNOUNCING) is None:
            return ()
        try:
            found = await media_source.async_browse_media(self.hass, None, content_filter=_is_audio)
        except BrowseError:  # nobody set any up
            return ()
        return found.children or ()

    def _shown(self, preset: Preset) -> BrowseMedia:
        picture = on_the_web(preset.image_url) and self.get_browse_image_url(PRESET, preset.id)
        return BrowseMedia(
            title=preset.name,
            media_class=MediaClass.MUSIC,
            media_content_type=PRESET,
            media_content_id=preset.id,
            can_play=True,
            can_expand=False,
            thumbnail=picture,
        )

    @override
    async def async_get_browse_image(
        self,
        media_content_type: MediaType | str,
        media_content_id: str,
        media_image_id: str | None = None,
    ) -> tuple[bytes | None, str | None]:
        """Fetch a preset's picture."""
        preset = self._preset(media_content_type, media_content_id)
        url = on_the_web(preset.image_url) if preset else None
        return await self._async_fetch_image(url) if url else (None, None)


def _is_audio(item: BrowseMedia) -> bool:
    return item.media_content_type.startswith("audio/")
