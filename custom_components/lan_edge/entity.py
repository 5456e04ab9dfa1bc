"""What all entities share: their device, their attributes, and the way a command goes."""

import re
from typing import Any, override

from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC, DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import LanEdgeCoordinator
from .edge import MAIN, Attribute, Command, EdgeError, Identity, Kind
from .errors import as_home_assistant
from .mapping import View


class LanEdgeEntity(CoordinatorEntity[LanEdgeCoordinator]):
    """Shows some attributes of one component; hears of those only."""

    _attr_has_entity_name = True
    reads: tuple[Attribute[Any], ...] = ()
    """The attributes that the entity shows."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Show `view` of the coordinator's device."""
        super().__init__(coordinator)
        device = coordinator.device
        self.component = view.component
        self._state = device.state
        identity = device.identity
        self._attr_unique_id = f"{identity.unique_id}-{view.key}"
        self._attr_device_info = device_info(identity)
        self._name(view)
        if isinstance(view.part, Attribute):
            self.reads = (view.part,)
            if view.part.kind is Kind.DIAGNOSTIC:
                self._attr_entity_category = EntityCategory.DIAGNOSTIC

    def _name(self, view: View) -> None:
        """Give the name: the device's or part's for its main feature, else by what is shown."""
        part = self.coordinator.device.profile.components[view.component]
        if isinstance(view.part, type):
            self._attr_name = None if view.component == MAIN else part.name or view.component
        elif "." in view.part.capability.id:  # a driver's own: we have no translation of it
            self._attr_name = words(view.part.name)
        else:
            self._attr_translation_key = view.translation_key

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the attributes that are shown."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_add_attribute_listener(
                self.component, self.reads, self.async_write_ha_state
            )
        )

    @callback
    def read[T](self, attribute: Attribute[T]) -> T | None:
        """Return what the device last reported, or None."""
        return self._state.get(attribute, self.component)

    async def send[**P](self, command: Command[P], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have the device carry out a command; raise Home Assistant's errors."""
        names = (a.name for a in command.arguments)
        arguments = {**dict(zip(names, args, strict=False)), **kwargs}
        device = self.coordinator.device
        try:
            await device.execute(command, arguments, self.component)
        except EdgeError as err:
            raise as_home_assistant(err, self.coordinator.name) from err


def device_info(identity: Identity) -> DeviceInfo:
    """Return the device registry's view of a device."""
    return DeviceInfo(
        identifiers={(DOMAIN, identity.unique_id)},
        name=identity.name or None,
        manufacturer=identity.manufacturer or None,
        model=identity.model or None,
        sw_version=identity.firmware or None,
        serial_number=identity.serial_number or None,
        configuration_url=identity.url or None,
        connections={(CONNECTION_NETWORK_MAC, dr.format_mac(identity.mac))}
        if identity.mac
        else set(),
    )


def words(name: str) -> str:
    """Return a camelCase name as people write it: filterLife: Filter life."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).capitalize()
