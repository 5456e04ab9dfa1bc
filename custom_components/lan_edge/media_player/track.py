"""What a player plays: the track, and how much of it is over."""

from datetime import datetime
from typing import override

from homeassistant.components.media_player import MediaType
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from lan_edge import AudioTrackData, MediaPlayback, Track

from .player import LanEdgePlayer, on_the_web


class PlayerTrack(LanEdgePlayer):
    """What is played."""

    _position_at: datetime | None = None

    @property
    def _track(self) -> Track | None:
        return self.read(AudioTrackData.audio_track_data)

    @property
    @override
    def media_content_type(self) -> MediaType | None:
        """Music, as far as anybody knows."""
        return MediaType.MUSIC if self._track else None

    @property
    @override
    def media_title(self) -> str | None:
        """The track's title."""
        return self._track.title if self._track else None

    @property
    @override
    def media_artist(self) -> str | None:
        """Who plays it."""
        return self._track.artist if self._track else None

    @property
    @override
    def media_album_name(self) -> str | None:
        """What it is on."""
        return self._track.album if self._track else None

    @property
    @override
    def app_name(self) -> str | None:
        """The service it comes from."""
        return self._track.media_source if self._track else None

    @property
    @override
    def media_image_url(self) -> str | None:
        """Its picture; Home Assistant fetches it, the device's network is not everybody's."""
        return on_the_web(self._track.album_art_url) if self._track else None

    @property
    @override
    def media_duration(self) -> int | None:
        """How many seconds it is long."""
        return self.read(AudioTrackData.total_time)

    @property
    @override
    def media_position(self) -> int | None:
        """How many seconds of it were over at `media_position_updated_at`."""
        return self.read(AudioTrackData.elapsed_time)

    @property
    @override
    def media_position_updated_at(self) -> datetime | None:
        """When that was told, or when it began to count from there."""
        return None if self.media_position is None else self._position_at

    @override
    async def async_added_to_hass(self) -> None:
        """Note when a position comes, before it is shown."""
        told = (AudioTrackData.elapsed_time, MediaPlayback.playback_status)
        self.subscribe(told, self._clock)
        self._clock()
        await super().async_added_to_hass()

    @callback
    def _clock(self) -> None:
        self._position_at = dt_util.utcnow()
