"""The devices and components that an action is called for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.service import async_get_device_and_config_entry
from homeassistant.helpers.target import (
    SelectedEntities,
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from ..const import CONF_DRIVER, DOMAIN
from ..coordinator import LanEdgeCoordinator
from ..driver_files.missing import no_driver
from ..errors import InvalidActionError
from ..runtime import domain_data


@dataclass(frozen=True, slots=True)
class Target:
    """A component of a device."""

    coordinator: LanEdgeCoordinator
    component: str

    @property
    def name(self) -> str:
        """The name of the device."""
        return self.coordinator.config_entry.title


@callback
def async_targets(call: ServiceCall) -> list[Target]:
    """Return the targets of an action; raise ServiceValidationError.

    A device or entity that is named must be one of LAN Edge, and its entry must be loaded. An
    area, floor or label may also contain others, which are ignored. A child device is left out if
    its parent is a target.
    """
    hass = call.hass
    selection = TargetSelection(call.data)
    selected = async_extract_referenced_entity_ids(hass, selection)
    named = selection.device_ids & selected.referenced_devices
    named |= {_device_of(hass, entity_id) for entity_id in selected.referenced}
    targets = [async_target(hass, device_id) for device_id in sorted(named)]
    targets += _indirect_targets(hass, sorted(_device_ids(hass, selected)), named)
    if not targets:
        raise InvalidActionError(translation_key="no_target")
    return list(dict.fromkeys(targets))


@callback
def async_target(hass: HomeAssistant, device_id: str) -> Target:
    """Return the target of a registry device that is named; raise ServiceValidationError."""
    try:
        device, entry = async_get_device_and_config_entry(hass, DOMAIN, device_id)
    except ServiceValidationError:
        if (without := async_without_driver(hass, device_id)) is not None:
            raise without.error from None
        raise
    coordinator: LanEdgeCoordinator = entry.runtime_data
    if (component := coordinator.registry_devices.component_of(device)) is None:
        raise InvalidActionError(translation_key="part_gone", device=_name(device))
    return Target(coordinator, component)


@dataclass(frozen=True, slots=True)
class WithoutDriver:
    """A device whose driver is gone, or whose driver file cannot be used."""

    device: dr.AnyDeviceEntry
    entry: ConfigEntry[Any]
    error: InvalidActionError
    """Why it has none."""


@callback
def async_without_driver(hass: HomeAssistant, device_id: str) -> WithoutDriver | None:
    """Return a registry device if it is without a driver, and why."""
    device, entry = dr.async_get_device_and_config_entry_for_domain(hass, device_id, domain=DOMAIN)
    if device is None or entry is None or entry.state is not ConfigEntryState.SETUP_RETRY:
        return None
    if entry.data.get(CONF_DRIVER) in {None, *domain_data(hass).registry.drivers}:
        return None
    why = no_driver(hass, entry)
    error = InvalidActionError(why.translation_key or "", **(why.translation_placeholders or {}))
    return WithoutDriver(device, entry, error)


def _indirect_targets(
    hass: HomeAssistant, device_ids: Iterable[str], named: set[str]
) -> list[Target]:
    """Return the targets among the registry devices of LAN Edge whose entries are loaded."""
    targets = list[Target]()
    parents = {*device_ids, *named}
    for device_id in device_ids:
        device, entry = dr.async_get_device_and_config_entry_for_domain(
            hass, device_id, domain=DOMAIN
        )
        if device is None or entry is None or entry.state is not ConfigEntryState.LOADED:
            continue
        is_child = isinstance(device, dr.ChildDeviceEntry) and device.parent_device_id in parents
        component = entry.runtime_data.registry_devices.component_of(device)
        if component is not None and not is_child:
            targets.append(Target(entry.runtime_data, component))
    return targets


def _device_ids(hass: HomeAssistant, selected: SelectedEntities) -> set[str]:
    registry = er.async_get(hass)
    entities = (registry.async_get(entity_id) for entity_id in selected.indirectly_referenced)
    return selected.referenced_devices | {e.device_id for e in entities if e and e.device_id}


def _device_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the registry device of an entity that is named; raise ServiceValidationError."""
    entity = er.async_get(hass).async_get(entity_id)
    if entity is None or entity.platform != DOMAIN or entity.device_id is None:
        raise InvalidActionError(translation_key="not_ours", entity=entity_id)
    return entity.device_id


def _name(device: dr.AnyDeviceEntry) -> str:
    return device.name_by_user or device.name or device.id
