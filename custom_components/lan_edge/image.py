"""Images: the still that a device took last."""

from typing import override

from homeassistant.components.image import DEFAULT_CONTENT_TYPE, ImageEntity, infer_image_type
from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from lan_edge import ImageCapture

from .coordinator import LanEdgeCoordinator
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # read only


class LanEdgeImage(LanEdgeEntity, ImageEntity):
    """The last still; each that comes counts, also one that looks the same."""

    reads = (ImageCapture.image,)

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Take the still that may be there already."""
        super().__init__(coordinator, view)
        ImageEntity.__init__(self, coordinator.hass)
        if self.read(ImageCapture.image) is not None:
            self._came()

    @override
    async def async_image(self) -> bytes | None:
        """Return the still."""
        return self.read(ImageCapture.image)

    @override
    async def async_added_to_hass(self) -> None:
        """Note when a still comes, before it is shown."""
        self.hear(self.reads, self._came)
        await super().async_added_to_hass()

    @callback
    def _came(self) -> None:
        self._attr_content_type = content_type(self.read(ImageCapture.image))
        self._attr_image_last_updated = dt_util.utcnow()


def content_type(still: bytes | None) -> str:
    """Return what sort of image the bytes are; JPEG where they do not say."""
    return infer_image_type(still or b"") or DEFAULT_CONTENT_TYPE


async_setup_entry = setup_entry_of(Platform.IMAGE, LanEdgeImage)
