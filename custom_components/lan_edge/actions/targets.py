"""Which devices, and which of their parts, an action is for."""

from collections.abc import Iterable
from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.service import async_get_device_and_config_entry
from homeassistant.helpers.target import (
    SelectedEntities,
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from ..const import DOMAIN
from ..coordinator import LanEdgeCoordinator
from ..errors import InvalidActionError


@dataclass(frozen=True, slots=True)
class Target:
    """A device, and its component that is meant."""

    coordinator: LanEdgeCoordinator
    component: str

    @property
    def name(self) -> str:
        """What people call the device."""
        return self.coordinator.config_entry.title


@callback
def async_targets(call: ServiceCall) -> list[Target]:
    """Return what an action is for; raise ServiceValidationError.

    A device or entity that is named must be ours and set up; of an area, a floor or a label,
    what is ours is taken. The parts of a device that is meant itself do not count again.
    """
    hass = call.hass
    selection = TargetSelection(call.data)
    found = async_extract_referenced_entity_ids(hass, selection)
    named = selection.device_ids & found.referenced_devices
    named |= {_device_of(hass, entity_id) for entity_id in found.referenced}
    targets = [async_target(hass, device_id) for device_id in sorted(named)]
    targets += _others(hass, sorted(_device_ids(hass, found)), named)
    if not targets:
        raise InvalidActionError(translation_key="no_target")
    return list(dict.fromkeys(targets))


@callback
def async_target(hass: HomeAssistant, device_id: str) -> Target:
    """Return a device that was named, or a part of one; raise ServiceValidationError."""
    device, entry = async_get_device_and_config_entry(hass, DOMAIN, device_id)
    coordinator: LanEdgeCoordinator = entry.runtime_data
    if (component := coordinator.registry_devices.component_of(device)) is None:
        raise InvalidActionError(translation_key="part_gone", device=_name(device))
    return Target(coordinator, component)


def _others(hass: HomeAssistant, device_ids: Iterable[str], named: set[str]) -> list[Target]:
    """Return those that are ours and set up, each once."""
    targets = list[Target]()
    for device_id in device_ids:
        device, entry = dr.async_get_device_and_config_entry_for_domain(
            hass, device_id, domain=DOMAIN
        )
        if device is None or entry is None or entry.state is not ConfigEntryState.LOADED:
            continue
        within = isinstance(device, dr.ChildDeviceEntry) and device.parent_device_id in {
            *device_ids,
            *named,
        }
        component = entry.runtime_data.registry_devices.component_of(device)
        if component is not None and not within:
            targets.append(Target(entry.runtime_data, component))
    return targets


def _device_ids(hass: HomeAssistant, found: SelectedEntities) -> set[str]:
    registry = er.async_get(hass)
    entities = (registry.async_get(entity_id) for entity_id in found.indirectly_referenced)
    return found.referenced_devices | {e.device_id for e in entities if e and e.device_id}


def _device_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the device of an entity that was named; raise ServiceValidationError."""
    entity = er.async_get(hass).async_get(entity_id)
    if entity is None or entity.platform != DOMAIN or entity.device_id is None:
        raise InvalidActionError(translation_key="not_ours", entity=entity_id)
    return entity.device_id


def _name(device: dr.AnyDeviceEntry) -> str:
    return device.name_by_user or device.name or device.id
