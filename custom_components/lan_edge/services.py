"""The integration's own actions: refresh, send_command, explain and reload_drivers."""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from typing import Any

from homeassistant.const import ATTR_COMMAND, ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.helpers.typing import VolDictType

from lan_edge import ArgumentError, Capability, Command, camel, capability

from .actions.explain import explanation, explanation_without_driver
from .actions.permissions import (
    async_controlled_targets,
    async_readable_target,
    async_readable_without_driver,
)
from .actions.targets import Target
from .const import DOMAIN
from .driver_files.overview import overview
from .driver_files.watch import async_reload
from .errors import InvalidActionError
from .reporting.failures import join_messages
from .reporting.language import own_reason
from .vol import Optional, Required, Schema

ATTR_ARGUMENTS = "arguments"
ATTR_CAPABILITY = "capability"
ATTR_COMPONENT = "component"

REFRESH_SCHEMA = cv.make_entity_service_schema({})
SEND_FIELDS: VolDictType = {
    Optional(ATTR_COMPONENT): cv.string,
    Required(ATTR_CAPABILITY): cv.string,
    Required(ATTR_COMMAND): cv.string,
    Optional(ATTR_ARGUMENTS, default=dict): {cv.string: object},
}
SEND_SCHEMA = cv.make_entity_service_schema(SEND_FIELDS)
EXPLAIN_SCHEMA = Schema(
    {
        Required(ATTR_DEVICE_ID): cv.string,
        Optional(ATTR_CAPABILITY): cv.string,
        Optional(ATTR_COMMAND): cv.string,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, for as long as Home Assistant runs."""
    hass.services.async_register(DOMAIN, "refresh", _refresh, schema=REFRESH_SCHEMA)
    hass.services.async_register(DOMAIN, "send_command", _send_command, schema=SEND_SCHEMA)
    hass.services.async_register(
        DOMAIN,
        "explain",
        _explain,
        schema=EXPLAIN_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )
    async_register_admin_service(
        hass,
        DOMAIN,
        "reload_drivers",
        _reload_drivers,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _refresh(call: ServiceCall) -> None:
    """Read all values of the targeted devices; raise HomeAssistantError if that fails for one."""
    targets = await async_controlled_targets(call)
    coordinators = dict.fromkeys(target.coordinator for target in targets)
    await _gather(coordinator.refresh_or_raise() for coordinator in coordinators)


async def _send_command(call: ServiceCall) -> None:
    """Send a command to the targets, or to none of them unless all support it."""
    data = call.data
    targets = await async_controlled_targets(call, data.get(ATTR_COMPONENT))
    commands = [(target, *_bind(target, data)) for target in targets]
    await _gather(_execute(*command) for command in commands)


async def _explain(call: ServiceCall) -> ServiceResponse:
    """Return how a device is controlled, and why."""
    if (without := await async_readable_without_driver(call)) is not None:
        return explanation_without_driver(call.hass, without)
    target = await async_readable_target(call)
    commands: Iterable[Command[...]] = target.coordinator.device.profile.commands()
    if ATTR_CAPABILITY in call.data:
        commands = _capability(target, call.data).commands
    if ATTR_COMMAND in call.data:
        commands = [_command(target, commands, call.data[ATTR_COMMAND])]
    return await explanation(call.hass, target, commands)


async def _reload_drivers(call: ServiceCall) -> ServiceResponse:
    """Use driver files as they are now; return which are in use, and which failed."""
    changed = await async_reload(call.hass)
    return {"changed": sorted(changed), **overview(call.hass)}


async def _execute(target: Target, command: Command[...], arguments: dict[str, Any]) -> None:
    coordinator = target.coordinator
    with coordinator.translated_errors():
        await coordinator.device.commands.execute(command, arguments, target.component)


def _bind(target: Target, data: Mapping[str, Any]) -> tuple[Command[...], dict[str, Any]]:
    """Return the command of an action and its arguments; raise InvalidActionError."""
    commands = _capability(target, data).commands
    command = _command(target, commands, data[ATTR_COMMAND])
    return command, _arguments(target, command, data[ATTR_ARGUMENTS])


def _capability(target: Target, data: Mapping[str, Any]) -> type[Capability]:
    """Return the capability of an action; raise InvalidActionError if the target lacks it."""
    components = target.coordinator.device.profile.components
    component = components.get(target.component)
    if component is None:
        raise InvalidActionError(
            translation_key="unknown_component",
            device=target.name,
            name=target.component,
            known=", ".join(components),
        )
    requested = capability(data[ATTR_CAPABILITY])
    if requested is None or requested not in component.capabilities:
        raise InvalidActionError(
            translation_key="unknown_capability",
            device=target.name,
            name=data[ATTR_CAPABILITY],
            known=", ".join(c.id for c in component.capabilities),
        )
    return requested


def _command(target: Target, commands: Iterable[Command[...]], name: str) -> Command[...]:
    """Return a command by its name, in camelCase or snake_case; raise InvalidActionError."""
    by_name = {command.name: command for command in commands}
    if camel(name) not in by_name:
        raise InvalidActionError(
            translation_key="unknown_command",
            device=target.name,
            name=name,
            known=", ".join(by_name),
        )
    return by_name[camel(name)]


def _arguments(
    target: Target, command: Command[...], data: Mapping[str, object]
) -> dict[str, object]:
    """Return validated arguments by their names in Python; raise InvalidActionError."""
    names = {camel(argument.name): argument.name for argument in command.arguments}
    arguments = {names.get(camel(name), name): value for name, value in data.items()}
    try:
        command.bind(arguments)
    except ArgumentError as err:
        raise InvalidActionError(
            translation_key="wrong_arguments",
            device=target.name,
            reason=own_reason(target.coordinator.hass, err),
            known=", ".join(names) or "-",
        ) from err
    return arguments


async def _gather(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run coroutines concurrently; raise one error that names all devices that failed."""
    results = await asyncio.gather(*coroutines, return_exceptions=True)
    failures = [result for result in results if result is not None]
    for failure in failures:
        if len(failures) == 1 or not isinstance(failure, HomeAssistantError):
            raise failure
    if failures:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="several",
            translation_placeholders={"failures": join_messages(map(str, failures))},
        )
