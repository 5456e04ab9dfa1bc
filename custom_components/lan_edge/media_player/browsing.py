"""Browsing the media of a player, and the URLs of selected media."""

from collections.abc import Iterable

from homeassistant.components import media_source
from homeassistant.components.media_player import (
    BrowseError,
    BrowseMedia,
    MediaClass,
    async_process_play_media_url,
)
from homeassistant.core import HomeAssistant

from lan_edge import Preset

from ..errors import InvalidActionError

PRESET = "preset"
"""The content type of presets; their content id is the preset's id or name."""


def web_url(url: str | None) -> str | None:
    """Return a URL if it is http or https, else None: a device must not have us open a file."""
    return url if url and url.startswith(("http://", "https://")) else None


async def async_playable_url(hass: HomeAssistant, entity_id: str, media_id: str) -> str:
    """Return a media source's or own URL for the player, signed; raise InvalidActionError."""
    if media_source.is_media_source_id(media_id):
        media = await media_source.async_resolve_media(hass, media_id, entity_id)
        media_id = media.url
    url = async_process_play_media_url(hass, media_id)
    if web_url(url) is None:
        raise InvalidActionError(translation_key="no_media", media=media_id)
    return url


async def async_browse_source(hass: HomeAssistant, media_id: str) -> BrowseMedia:
    """Return the audio in a media source."""
    return await media_source.async_browse_media(hass, media_id, content_filter=_is_audio)


async def async_browse_sources(hass: HomeAssistant) -> Iterable[BrowseMedia]:
    """Return all media sources that have audio."""
    try:
        root = await media_source.async_browse_media(hass, None, content_filter=_is_audio)
    except BrowseError:  # there are none
        return ()
    return root.children or ()


def library(title: str, children: Iterable[BrowseMedia]) -> BrowseMedia:
    """Return the folder that contains everything a player can play."""
    return BrowseMedia(
        title=title,
        media_class=MediaClass.DIRECTORY,
        media_content_type="library",
        media_content_id="",
        can_play=False,
        can_expand=True,
        children=list(children),
    )


def preset_media(preset: Preset, thumbnail: str | None) -> BrowseMedia:
    """Return a preset as an item of the library."""
    return BrowseMedia(
        title=preset.name,
        media_class=MediaClass.MUSIC,
        media_content_type=PRESET,
        media_content_id=preset.id,
        can_play=True,
        can_expand=False,
        thumbnail=thumbnail,
    )


def _is_audio(item: BrowseMedia) -> bool:
    return item.media_content_type.startswith("audio/")
