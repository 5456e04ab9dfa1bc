"""Cameras: live video by its URL, and still images if the device takes them."""

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
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entities.stills import JPEG, image_type
from .entities.urls import VIDEO
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # the library queues the commands of each device

IMAGE_TIMEOUT = 5.0
"""Seconds to wait for a still image, or for the URL; Home Assistant waits for 10."""
MAX_AGE = 1.0
"""Seconds for which a still image is reused: several dashboards may request one at a time."""


class LanEdgeCamera(LanEdgeEntity, Camera):
    """Live video; its still images are the device's own, else frames of the video.

    A device whose stream must be started receives that command for each viewer.
    """

    _attr_supported_features = CameraEntityFeature.STREAM

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Use what the camera's component supports."""
        super().__init__(coordinator, spec)
        Camera.__init__(self)
        self._has_stills = ImageCapture in spec.capabilities
        self._take_lock = asyncio.Lock()
        self._still_at = -MAX_AGE
        """When the last still image arrived, on the monotonic clock."""
        self._has_new_still, self._has_new_url = asyncio.Event(), asyncio.Event()
        """Set when a still image or a URL arrives; cleared before it is requested."""

    @property
    @override
    def use_stream_for_stills(self) -> bool:
        """Whether still images have to be taken from the video."""
        return not self._has_stills

    @override
    def follow(self) -> None:
        """Subscribe to still images and URLs."""
        super().follow()
        self.subscribe((ImageCapture.image,), self._still_arrived)
        self.subscribe((VideoStream.stream,), self._has_new_url.set)

    @callback
    def _still_arrived(self) -> None:
        self._still_at = time.monotonic()
        self.content_type = image_type(self.read(ImageCapture.image)) or JPEG
        self._has_new_still.set()

    @override
    async def stream_source(self) -> str | None:
        """Return the URL of the video, once the device has reported it."""
        if VideoStream.start_stream in self.commands:
            self._has_new_url.clear()
            await self.send(VideoStream.start_stream)
            if not self.read(VideoStream.stream):
                await _wait_for(self._has_new_url)
        return self.coordinator.media_url(self.read(VideoStream.stream), VIDEO)

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return a new still image, or the last one if none arrives in time."""
        async with self._take_lock:
            is_old = time.monotonic() - self._still_at > MAX_AGE
            if is_old and ImageCapture.take in self.commands:
                await self._take()
        still = self.read(ImageCapture.image)
        return still if image_type(still) else None

    async def _take(self) -> None:
        self._has_new_still.clear()
        with suppress(HomeAssistantError):  # the last one is returned instead
            await self.send(ImageCapture.take)
            await _wait_for(self._has_new_still)


async def _wait_for(event: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(IMAGE_TIMEOUT):
            await event.wait()


async_setup_entry = setup_entry_of(Platform.CAMERA, LanEdgeCamera)
