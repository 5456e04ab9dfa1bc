"""Album covers and other pictures of a player; the device has their URLs."""

from collections.abc import Callable
from typing import override

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from aiohttp.hdrs import CONTENT_ENCODING, LOCATION
from homeassistant.components.media_player import MediaPlayerEntity
from yarl import URL

from lan_edge import AudioTrackData

from ..entities.stills import image_type
from ..entities.urls import WEB
from ..entity import LanEdgeEntity

MAX_SIZE = 4 * 1024 * 1024
"""The most bytes of a picture."""
MAX_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
TIMEOUT = ClientTimeout(total=10)


async def fetch_picture(url: str, is_allowed: Callable[[str], bool]) -> bytes | None:
    """Return a picture, or None if there is none at a URL that is allowed, or leads to one."""
    session = ClientSession(timeout=TIMEOUT, cookie_jar=DummyCookieJar(), auto_decompress=False)
    async with session:
        for _ in range(MAX_REDIRECTS + 1):
            if not is_allowed(url):
                return None
            try:
                async with session.get(url, allow_redirects=False) as response:
                    if response.status not in REDIRECTS:
                        return await _picture(response)
                    url = str(URL(url).join(URL(response.headers.get(LOCATION, ""))))
            except ClientError, TimeoutError, ValueError, IndexError, OSError:
                return None
    return None


async def _picture(response: ClientResponse) -> bytes | None:
    """Return the picture in a response, if it is one and not too large."""
    if not response.ok or CONTENT_ENCODING in response.headers:
        return None
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MAX_SIZE:
            return None
    return bytes(content) if image_type(bytes(content[:16])) else None


class PicturedPlayer(LanEdgeEntity, MediaPlayerEntity):
    """A player whose pictures are fetched only from where its driver allows."""

    @property
    @override
    def media_image_url(self) -> str | None:
        """Return the URL of the album's cover."""
        track = self.read(AudioTrackData.audio_track_data)
        return self.coordinator.media_url(track.album_art_url, WEB) if track else None

    @override
    async def _async_fetch_image(self, url: str) -> tuple[bytes | None, str | None]:
        """Return a picture of the device, and its media type."""
        is_allowed = self.coordinator.media_url
        picture = await fetch_picture(url, lambda each: is_allowed(each, WEB) is not None)
        return picture, image_type(picture)
