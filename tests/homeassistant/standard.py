"""Every entity that standard capabilities can become, made without Home Assistant running."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from typing import Any
from unittest.mock import MagicMock

from homeassistant.const import Platform
from homeassistant.helpers.entity import Entity

from custom_components.lan_edge import PLATFORMS
from custom_components.lan_edge.entities.mapping import View, views
from lan_edge import STANDARD, Capability, Profile, Switch


@dataclass(frozen=True)
class Made:
    """An entity, and what it was made of."""

    platform: Platform
    view: View
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
    found: list[Made] = []

    def add_platform(platform: Platform, create: Callable[[View], Entity], add: Any) -> None:
        ours = (v for v in views(device) if v.platform is platform)
        found.extend(Made(platform, v, create(v)) for v in ours)

    coordinator = MagicMock(device=device, add_platform=add_platform)
    entry = MagicMock(runtime_data=coordinator)
    for platform in PLATFORMS:
        module = import_module(f"custom_components.lan_edge.{platform}")
        asyncio.run(module.async_setup_entry(MagicMock(), entry, MagicMock()))
    yield from found
