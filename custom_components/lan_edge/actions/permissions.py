"""Permissions: what a user may target with an action."""

from collections.abc import Collection
from dataclasses import replace

from homeassistant.auth.permissions.const import CAT_ENTITIES, POLICY_CONTROL, POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import Context, HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from lan_edge import MAIN

from ..const import DOMAIN
from ..entities.mapping import component_specs
from .targets import (
    Target,
    WithoutDriver,
    async_target,
    async_targets,
    async_without_driver,
)


async def async_controlled_targets(call: ServiceCall, component: str | None = None) -> list[Target]:
    """Return the targets of an action that controls them, or another component of each.

    Raises ServiceValidationError, or Unauthorized unless the user may control all entities of
    these components: a command may change anything in a component.
    """
    targets = async_targets(call)
    if component is not None:
        targets = list(dict.fromkeys(replace(each, component=component) for each in targets))
    for target in targets:
        entity_ids = _entity_ids(call.hass, target, _components_of(target))
        await async_check_permission(call.hass, call.context, entity_ids, POLICY_CONTROL)
    return targets


async def async_readable_target(call: ServiceCall) -> Target:
    """Return the target of an action that describes a whole device.

    Raises ServiceValidationError, or Unauthorized unless the user may read all its entities.
    """
    target = async_target(call.hass, call.data[ATTR_DEVICE_ID])
    entity_ids = _entity_ids(call.hass, target, target.coordinator.device.profile.components)
    await async_check_permission(call.hass, call.context, entity_ids, POLICY_READ)
    return target


async def async_readable_without_driver(call: ServiceCall) -> WithoutDriver | None:
    """Return the target of such an action if it has no driver; raise Unauthorized likewise."""
    found = async_without_driver(call.hass, call.data[ATTR_DEVICE_ID])
    if found is not None:
        registry = er.async_get(call.hass)
        entities = er.async_entries_for_config_entry(registry, found.entry.entry_id)
        entity_ids = [entity.entity_id for entity in entities]
        await async_check_permission(call.hass, call.context, entity_ids, POLICY_READ)
    return found


async def async_check_permission(
    hass: HomeAssistant, context: Context | None, entity_ids: Collection[str | None], policy: str
) -> None:
    """Raise Unauthorized unless the user of a context has a permission for all these entities.

    None stands for an entity that is not registered, for which only an administrator has it. Home
    Assistant itself and automations, which have no user, have every permission.
    """
    if context is None or not context.user_id:
        return
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context, permission=policy)
    if user.is_admin:
        return
    if not user.is_active or not entity_ids:
        raise Unauthorized(context=context, perm_category=CAT_ENTITIES, permission=policy)
    for entity_id in entity_ids:
        if entity_id is None or not user.permissions.check_entity(entity_id, policy):
            raise Unauthorized(context=context, entity_id=entity_id, permission=policy)


def _components_of(target: Target) -> Collection[str]:
    """Return the components that a target stands for: all of a device that has no `main`."""
    components = target.coordinator.device.profile.components
    if target.component in components:
        return [target.component]
    return components if target.component == MAIN else ()


@callback
def _entity_ids(
    hass: HomeAssistant, target: Target, components: Collection[str]
) -> list[str | None]:
    """Return every entity that components have, None for one that is not registered."""
    coordinator, registry = target.coordinator, er.async_get(hass)
    return [
        registry.async_get_entity_id(spec.platform, DOMAIN, coordinator.unique_id(spec))
        for component in components
        for spec in component_specs(coordinator.device, component)
    ]
