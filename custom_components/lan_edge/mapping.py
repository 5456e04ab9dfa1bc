"""Which entities a device has: what folds into one, and what becomes of the rest.

A rule names the capabilities that one entity shows together; the first that fits a component
takes them. Each attribute and command that is left becomes an entity by what it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
import re
from typing import Any

from homeassistant.const import Platform

from .edge import (
    Attribute,
    AudioMute,
    AudioVolume,
    Capability,
    ColorControl,
    ColorTemperature,
    Command,
    Component,
    Device,
    Kind,
    MediaInputSource,
    MediaPlayback,
    MediaTrackControl,
    Refresh,
    Switch,
    SwitchLevel,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Capabilities that one entity shows: all of `needs`, and those of `takes` that are there."""

    platform: Platform
    needs: tuple[type[Capability], ...]
    takes: tuple[type[Capability], ...] = ()


RULES = (
    Rule(Platform.LIGHT, (Switch, SwitchLevel), (ColorControl, ColorTemperature)),
    Rule(
        Platform.MEDIA_PLAYER,
        (AudioVolume,),
        (AudioMute, MediaPlayback, MediaTrackControl, MediaInputSource, Switch),
    ),
    Rule(Platform.SWITCH, (Switch,)),
)


@dataclass(frozen=True, slots=True)
class View:
    """One entity to be: what it shows of which component, and its key within the device."""

    platform: Platform
    component: str
    part: type[Capability] | Attribute[Any] | Command[...]
    shows: tuple[type[Capability], ...] = ()
    """All capabilities that the entity shows, where it is made of some."""

    @property
    def key(self) -> str:
        """The entity's part of its unique id: it must never change."""
        return f"{self.component}-{self.part.id}"

    @property
    def translation_key(self) -> str:
        """The key of the entity's name and icon: `switch_level_level`."""
        return re.sub(r"\W+|(?<=[a-z0-9])(?=[A-Z])", "_", self.part.id).lower()


def views(device: Device) -> Iterator[View]:
    """Yield every entity of a device, in the order of its profile."""
    for name, component in device.profile.components.items():
        yield from _component_views(device, name, component)


def _component_views(device: Device, name: str, component: Component) -> Iterator[View]:
    left = list(component.capabilities)
    for rule in RULES:
        if all(c in left for c in rule.needs):
            shown = tuple(c for c in left if c in rule.needs + rule.takes)
            yield View(rule.platform, name, rule.needs[0], shown)
            left = [c for c in left if c not in shown]
    for capability in left:
        for attribute in capability.attributes:
            if (platform := _platform(attribute)) is not None:
                yield View(platform, name, attribute)
        for command in capability.commands:
            if _is_button(device, command):
                yield View(Platform.BUTTON, name, command)


def _platform(attribute: Attribute[Any]) -> Platform | None:
    kind = attribute.schema.type
    if attribute.kind is Kind.HIDDEN or not isinstance(kind, type):  # a list is no entity
        return None
    if kind is bool:
        return Platform.BINARY_SENSOR
    if attribute.setter is not None and attribute.options is not None:
        return Platform.SELECT
    if attribute.setter is not None and issubclass(kind, int | float):
        return Platform.NUMBER
    if issubclass(kind, int | float | str | Enum):
        return Platform.SENSOR
    return None


def _is_button(device: Device, command: Command[...]) -> bool:
    if command.capability is Refresh:
        return True
    return not command.arguments and command.sets is None and device.handles(command)
