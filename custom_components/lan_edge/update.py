"""Updates: the device's firmware."""

from typing import Any, override

from homeassistant.components.update import (
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityFeature as Feature,
)
from homeassistant.const import Platform

from lan_edge import FirmwareState, FirmwareUpdate

from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # the library queues the commands of each device

INSTALLING: tuple[FirmwareState | None, ...] = (
    FirmwareState.UPDATE_REQUESTED,
    FirmwareState.UPDATE_IN_PROGRESS,
)


class LanEdgeUpdate(LanEdgeEntity, UpdateEntity):
    """A device's firmware."""

    _attr_device_class = UpdateDeviceClass.FIRMWARE
    reads = FirmwareUpdate.attributes

    @override
    def _set_name(self, spec: EntitySpec) -> None:
        """Use the name of the device class: an update is never a device's main feature."""
        if self.label:
            self._attr_name = f"{self.label} firmware"

    @property
    @override
    def supported_features(self) -> Feature:
        """Return what is supported now: progress only once the device reports a state."""
        features = Feature(0)
        if self.coordinator.device.handles(FirmwareUpdate.update_firmware):
            features |= Feature.INSTALL
        if self.read(FirmwareUpdate.state) is not None:
            features |= Feature.PROGRESS
        return features

    @property
    @override
    def installed_version(self) -> str | None:
        """Return the installed version."""
        version = self.read(FirmwareUpdate.current_version)
        return version or self.coordinator.device.identity.firmware or None

    @property
    @override
    def latest_version(self) -> str | None:
        """Return the available version, as the device reports it.

        It is `> 1.2.3` for a device that reports an update of its version 1.2.3, but no version.
        """
        installed, version = self.installed_version, self.read(FirmwareUpdate.available_version)
        is_available = self.read(FirmwareUpdate.update_available)
        if is_available is False:
            return installed
        if is_available and installed is not None and version in {None, "", installed}:
            return f"> {installed}"
        return version or None

    @override
    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        """Return what the device reports, if it does; otherwise compare the versions."""
        is_available = self.read(FirmwareUpdate.update_available)
        if is_available is not None:
            return is_available
        return super().version_is_newer(latest_version, installed_version)

    @property
    @override
    def in_progress(self) -> bool:
        """Return whether an update is being installed."""
        return self.read(FirmwareUpdate.state) in INSTALLING

    @property
    @override
    def update_percentage(self) -> int | None:
        """Return the progress in percent."""
        return self.read(FirmwareUpdate.image_transfer_progress)

    @override
    async def async_install(self, version: str | None, backup: bool, **kwargs: Any) -> None:
        """Install the available version."""
        await self.send(FirmwareUpdate.update_firmware)


async_setup_entry = setup_entry_of(Platform.UPDATE, LanEdgeUpdate)
