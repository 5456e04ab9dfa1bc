"""A device and its child devices in Home Assistant's device registry."""

from collections.abc import Callable, Collection, Iterator
from itertools import batched
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import (
    CONNECTION_NETWORK_MAC,
    ChildDeviceInfo,
    DeviceInfo,
)

from lan_edge import MAIN, Device

from ..const import DOMAIN
from ..reporting.folders import path_in
from ..runtime import overriding_file
from ..storage import registered_as
from .names import name_of_part, registered_name
from .removal import Ages, async_remove_children
from .shown import AT_A_TIME, ShownComponents
from .urls import WEB, is_url_at


class RegistryDevices:
    """The registry devices of one device: itself, and a child for each component that is one."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], device: Device, shown: ShownComponents
    ) -> None:
        """Register nothing yet."""
        self._hass = hass
        self._entry = entry
        self._device = device
        self._shown = shown
        self._ages = Ages(hass)
        self._main_id = ""
        """The registry's id of the device itself."""
        self._registered: dict[str, Any] = {}
        """The description that the registry has."""

    @callback
    def register(self) -> None:
        """Create or update the device itself, if what is known of it has changed."""
        if self._registered != (description := self._description()):
            self._registered = description
            registry, entry_id = dr.async_get(self._hass), self._entry.entry_id
            main = registry.async_get_or_create(config_entry_id=entry_id, **description)
            self._main_id = main.id

    def update_children(self, components: Collection[str]) -> Iterator[object]:
        """Create or update the children among `components` that have entities, one a step."""
        registry, entry_id = dr.async_get(self._hass), self._entry.entry_id
        for component in components:
            shown = self._shown.components.get(component)
            if shown is not None and shown.component.child and shown.specs:
                child, identifier = (
                    self._child_description(component),
                    self._child_identifier(component),
                )
                known = registry.async_get_child_device_by_identifier(identifier, entry_id)
                self._ages.begin(identifier[1], is_registered=known is not None)
                registry.async_get_or_create_child(config_entry_id=entry_id, **child)
                yield None

    def remove_gone_children(self) -> Iterator[object]:
        """Remove the children whose components are gone, or are no longer devices of their own."""
        wanted = {self._child_identifier(name) for name in self._children()}
        registry = dr.async_get(self._hass)
        children = dr.async_child_entries_for_config_entry(registry, self._entry.entry_id)
        gone = (child for child in children if not child.identifiers & wanted)
        for some in batched(gone, AT_A_TIME, strict=False):
            async_remove_children(self._hass, self._ages, self._main_id, some)
            yield None

    def info(self, component: str) -> DeviceInfo | ChildDeviceInfo:
        """Return the registry device that the entities of a component belong to."""
        # The classes are typed dicts in 2026.10, and dataclasses in 2026.11.
        make: Callable[..., DeviceInfo | ChildDeviceInfo]
        if self._is_child(component):
            make, description = ChildDeviceInfo, self._child_description(component)
        else:
            make, description = DeviceInfo, self._description()
        return make(**description)

    def component_of(self, device: dr.AnyDeviceEntry) -> str | None:
        """Return the component that a registry device stands for, or None if it is gone."""
        if not isinstance(device, dr.ChildDeviceEntry):
            return MAIN
        names = (name for name in self._children() if name in self._device.profile.components)
        return next((n for n in names if self._child_identifier(n) in device.identifiers), None)

    def _description(self) -> dict[str, Any]:
        identity = self._device.identity
        mac = dr.format_mac(identity.mac)
        is_own_page = is_url_at(self._entry.data[CONF_HOST], identity.url, WEB)
        is_public = self._device.privacy.scrub(identity.url) == identity.url
        return {
            "identifiers": {(DOMAIN, registered_as(self._entry))},
            "connections": {(CONNECTION_NETWORK_MAC, mac)} if mac else set(),
            "name": registered_name(identity.name, self._entry),
            "manufacturer": identity.manufacturer or None,
            "model": identity.model or None,
            "sw_version": self._software() or None,
            "suggested_area": identity.room or None,
            "serial_number": identity.serial_number or None,
            "configuration_url": identity.url if is_own_page and is_public else None,
        }

    def _software(self) -> str:
        """Return the firmware, and the user's file that is used instead of the bundled driver."""
        file = overriding_file(self._hass, self._device.driver.id)
        shown = path_in(self._hass.config.config_dir, file)
        return " \u00b7 ".join(filter(None, (self._device.identity.firmware, shown)))

    def _child_description(self, component: str) -> dict[str, Any]:
        return {
            "identifiers": {self._child_identifier(component)},
            "name": name_of_part(component, self._shown.components[component].component),
            "parent_device_id": self._main_id,
        }

    def _is_child(self, component: str) -> bool:
        return self._shown.components[component].component.child

    def _children(self) -> list[str]:
        shown = self._shown.components.items()
        return [name for name, each in shown if each.component.child]

    def _child_identifier(self, component: str) -> tuple[str, str]:
        return (DOMAIN, f"{registered_as(self._entry)}-{component}")
