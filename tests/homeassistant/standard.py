"""Every entity that standard capabilities can become, created without Home Assistant running."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from unittest.mock import MagicMock

from homeassistant.const import Platform
from homeassistant.helpers.entity import Entity

from custom_components.lan_edge import PLATFORMS
from custom_components.lan_edge.entities.lifecycle import PlatformEntities
from custom_components.lan_edge.entities.mapping import EntitySpec, entity_specs
from custom_components.lan_edge.entities.shown import ShownComponent
from lan_edge import MAIN, STANDARD, Capability, Driver, Profile, Switch


@dataclass(frozen=True)
class Made:
    """An entity, and what it was made of."""

    platform: Platform
    spec: EntitySpec
    entity: Entity


@cache
def made() -> tuple[Made, ...]:
    """Return the entities of each capability alone, with a switch, and with no handlers."""
    return tuple(
        each
        for capability, more, handled in product(STANDARD, ((), (Switch,)), (True, False))
        for each in _made_of((capability, *(c for c in more if c is not capability)), handled)
    )


def _made_of(capabilities: tuple[type[Capability], ...], handled: bool) -> Iterator[Made]:
    device = MagicMock(profile=Profile(*capabilities))
    device.handles.return_value = handled
    device.state.get.return_value = None
    specs = entity_specs(device)
    all_made: list[Made] = []

    def add_platform(entities: PlatformEntities) -> None:
        own = (s for s in specs if s.platform is entities.platform)
        all_made.extend(Made(entities.platform, s, entities._create(s)) for s in own)

    main = device.profile.components[MAIN]
    coordinator = MagicMock(device=device, add_platform=add_platform)
    coordinator.shown.components = {MAIN: ShownComponent(main, Driver, specs)}
    asyncio.run(_set_up(MagicMock(runtime_data=coordinator)))
    yield from all_made


async def _set_up(entry: MagicMock) -> None:
    hass, add_entities = MagicMock(), MagicMock()
    for platform in PLATFORMS:
        module = import_module(f"custom_components.lan_edge.{platform}")
        await module.async_setup_entry(hass, entry, add_entities)
