"""Cameras: live video by its URL, and stills where the device takes them."""

import asyncio
from contextlib import suppress
import time
from typing import override

from homeassistant.components.camera import Camera, CameraEntityFeature
from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from lan_edge import ImageCapture, VideoStream

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity
from .image import content_type

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

SCHEMES = ("http://", "https://", "rtmp://", "rtsp://", "rtsps://")
"""What a device may have opened: no file of this machine."""
PATIENCE = 5.0
"""Seconds that a still, or a stream's URL, may take; Home Assistant waits for 10."""
FRESH = 1.0
"""Seconds for which a still is as good as a new one: several look at a camera at once."""


class LanEdgeCamera(LanEdgeEntity, Camera):
    """Live video; its stills are the device's own, or frames of the video.

    A device that has to be told to send is told whenever somebody begins to look.
    """

    _attr_supported_features = CameraEntityFeature.STREAM

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look at what the camera's component can do."""
        super().__init__(coordinator, view)
        Camera.__init__(self)
        handles = coordinator.device.handles
        self._has_stills = ImageCapture in view.shows
        self._takes = self._has_stills and handles(ImageCapture.take)
        self._starts = handles(VideoStream.start_stream)
        self._taking = asyncio.Lock()
        self._came_at = -FRESH
        self._still, self._url = asyncio.Event(), asyncio.Event()
        """One came since it was asked for."""

    @property
    @override
    def use_stream_for_stills(self) -> bool:
        """Whether a frame of the video must do for a still."""
        return not self._has_stills

    @override
    async def async_added_to_hass(self) -> None:
        """Note when a still or a URL comes."""
        await super().async_added_to_hass()
        self.hear((ImageCapture.image,), self._still_came)
        self.hear((VideoStream.stream,), self._url.set)

    @callback
    def _still_came(self) -> None:
        self._came_at = time.monotonic()
        self.content_type = content_type(self.read(ImageCapture.image))
        self._still.set()

    @override
    async def stream_source(self) -> str | None:
        """Return the video's URL, as soon as the device tells it."""
        if self._starts:
            self._url.clear()
            await self.send(VideoStream.start_stream)
            if not self.read(VideoStream.stream):
                await _wait_for(self._url)
        url = self.read(VideoStream.stream) or ""
        return url if url.startswith(SCHEMES) else None

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return a new still, or the last one where none comes in time."""
        async with self._taking:
            if self._takes and time.monotonic() - self._came_at > FRESH:
                await self._take()
        return self.read(ImageCapture.image)

    async def _take(self) -> None:
        self._still.clear()
        with suppress(HomeAssistantError):  # then it is the last one
            await self.send(ImageCapture.take)
            await _wait_for(self._still)


async def _wait_for(event: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await event.wait()


async_setup_entry = setup_entry_of(Platform.CAMERA, LanEdgeCamera)
