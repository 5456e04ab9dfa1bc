"""Images: the still image that a device took last."""

from typing import override

from homeassistant.components.image import ImageEntity
from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from lan_edge import ImageCapture

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entities.stills import JPEG, image_type
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # read only


class LanEdgeImage(LanEdgeEntity, ImageEntity):
    """The last still image; each arrival is an update, even of an identical image."""

    reads = (ImageCapture.image,)

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Start with the image that has arrived already, if there is one."""
        super().__init__(coordinator, spec)
        ImageEntity.__init__(self, coordinator.hass)
        if self.read(ImageCapture.image) is not None:
            self._arrived()

    @override
    async def async_image(self) -> bytes | None:
        """Return the image, if it is one."""
        still = self.read(ImageCapture.image)
        return still if image_type(still) else None

    @override
    def follow(self) -> None:
        """Subscribe before the base class does, which writes the state when an image arrives."""
        self.subscribe(self.reads, self._arrived)
        super().follow()

    @callback
    def _arrived(self) -> None:
        self._attr_content_type = image_type(self.read(ImageCapture.image)) or JPEG
        self._attr_image_last_updated = dt_util.utcnow()


async_setup_entry = setup_entry_of(Platform.IMAGE, LanEdgeImage)
