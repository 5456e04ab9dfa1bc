"""Updates: the device's firmware, and whether there is another."""

from typing import Any, override

from homeassistant.components.update import (
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityFeature as Feature,
)
from homeassistant.const import Platform

from lan_edge import FirmwareState, FirmwareUpdate

from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

BUSY: tuple[FirmwareState | None, ...] = (
    FirmwareState.UPDATE_REQUESTED,
    FirmwareState.UPDATE_IN_PROGRESS,
)


class LanEdgeUpdate(LanEdgeEntity, UpdateEntity):
    """A device's firmware."""

    _attr_device_class = UpdateDeviceClass.FIRMWARE
    reads = FirmwareUpdate.attributes

    @override
    def _name(self, view: View) -> None:
        """Leave the name to the device class: an update is not what a device is for."""
        if self.label:
            self._attr_name = f"{self.label} firmware"

    @property
    @override
    def supported_features(self) -> Feature:
        """Install where the driver can; progress once the device tells of it."""
        installs = self.coordinator.device.handles(FirmwareUpdate.update_firmware)
        tells = self.read(FirmwareUpdate.state) is not None
        features = Feature.INSTALL if installs else Feature(0)
        return features | Feature.PROGRESS if tells else features

    @property
    @override
    def installed_version(self) -> str | None:
        """The version that runs."""
        told = self.read(FirmwareUpdate.current_version)
        return told or self.coordinator.device.identity.firmware or None

    @property
    @override
    def latest_version(self) -> str | None:
        """The version that is available, as far as the device says.

        One that says only that there is another gets `> 1.2.3`: newer than what runs.
        """
        installed, named = self.installed_version, self.read(FirmwareUpdate.available_version)
        available = self.read(FirmwareUpdate.update_available)
        if available is False:
            return installed
        if available and installed is not None and named in {None, "", installed}:
            return f"> {installed}"
        return named or None

    @override
    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        """Believe the device where it says; versions are hard to compare."""
        said = self.read(FirmwareUpdate.update_available)
        return super().version_is_newer(latest_version, installed_version) if said is None else said

    @property
    @override
    def in_progress(self) -> bool:
        """Whether it is being installed."""
        return self.read(FirmwareUpdate.state) in BUSY

    @property
    @override
    def update_percentage(self) -> int | None:
        """How much of it has arrived."""
        return self.read(FirmwareUpdate.image_transfer_progress)

    @override
    async def async_install(self, version: str | None, backup: bool, **kwargs: Any) -> None:
        """Install what is available."""
        await self.send(FirmwareUpdate.update_firmware)


async_setup_entry = setup_entry_of(Platform.UPDATE, LanEdgeUpdate)
