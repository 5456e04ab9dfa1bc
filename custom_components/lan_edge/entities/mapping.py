"""Which entities a device has.

The rules fold capabilities that belong together into one entity; if several rules fit, the first
takes the capabilities. Each remaining attribute and command becomes an entity by its type.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from homeassistant.const import Platform

from lan_edge import (
    Attribute,
    Capability,
    Command,
    Component,
    Device,
    HealthCheck,
    Kind,
    Profile,
    Refresh,
    StatelessColorTemperatureStep,
    StatelessSwitchLevelStep,
)

from .choices import slug
from .rules import RULES, Capabilities

type Commands = frozenset[Command[...]]
type Subject = type[Capability] | Attribute[Any] | Command[...]

STEP_COMMANDS: tuple[Command[...], ...] = (
    StatelessColorTemperatureStep.step_color_temperature_by_percent,
    StatelessSwitchLevelStep.step_level,
)
"""The commands that change something by a relative step: two buttons each."""
STEP = 10
"""The step of such a button, in percent."""


@dataclass(frozen=True, slots=True)
class EntitySpec:
    """The specification of one entity."""

    platform: Platform
    component: str
    subject: Subject
    """The attribute or command that the entity represents, or the subject of its rule."""
    capabilities: Capabilities = ()
    """All capabilities that the entity covers; none if it represents an attribute or command."""
    step: int = 0
    """The argument of a button for relative steps."""
    commands: Commands = frozenset()
    """The commands of these capabilities that the driver handles."""

    @property
    def key(self) -> str:
        """The last part of the unique id, so it must never change."""
        return f"{self.component}-{self.subject.id}{self._direction}"

    @property
    def translation_key(self) -> str:
        """The key of the entity's name and icon, such as `switch_level_level`."""
        return slug(self.subject.id + self._direction)

    @property
    def _direction(self) -> str:
        return "" if not self.step else ".up" if self.step > 0 else ".down"


def entity_specs(device: Device) -> tuple[EntitySpec, ...]:
    """Return the specifications of all entities of a device, in the order of its profile."""
    commands = device.profile.commands()
    return _entity_specs(device.profile, frozenset(c for c in commands if device.handles(c)))


def component_specs(device: Device, name: str) -> tuple[EntitySpec, ...]:
    """Return the specifications of the entities of one component."""
    component = device.profile.components[name]
    handled = frozenset(c for c in component.commands if device.handles(c))
    return _component_specs(handled, name, component)


@lru_cache(maxsize=256)
def _entity_specs(profile: Profile, handled: Commands) -> tuple[EntitySpec, ...]:
    return tuple(
        spec
        for name, component in profile.components.items()
        for spec in _component_specs(handled.intersection(component.commands), name, component)
    )


def forget_specs() -> None:
    """Let go of the capabilities of drivers that were replaced."""
    _entity_specs.cache_clear()
    _component_specs.cache_clear()


@lru_cache(maxsize=256)
def _component_specs(handled: Commands, name: str, component: Component) -> tuple[EntitySpec, ...]:
    specs = _specs(handled, name, component)
    return tuple(spec for spec in specs if not _is_lacking(component, spec.subject))


def _specs(handled: Commands, name: str, component: Component) -> Iterator[EntitySpec]:
    remaining = list(component.capabilities)
    for rule in RULES:
        if covered := rule.fold(component, remaining):
            presets = _with_presets(handled, remaining) if rule.takes_presets else ()
            covered += presets
            commands = frozenset(c for capability in covered for c in capability.commands)
            yield EntitySpec(
                rule.platform, name, rule.subject, covered, commands=commands & handled
            )
            remaining = [c for c in remaining if c not in covered]
            for subject in rule.separate:
                if subject.capability in covered and not _is_left_out(handled, subject):
                    yield from _subject_specs(handled, name, subject)
            yield from _single_specs(handled, name, presets, are_presets_shown=True)
    yield from _single_specs(handled, name, remaining)


def _is_lacking(component: Component, subject: Subject) -> bool:
    """Return whether the device lacks an attribute, or what a command sets."""
    return not isinstance(subject, type) and not component.has(subject)


def _is_left_out(handled: Commands, subject: Attribute[Any] | Command[...]) -> bool:
    """Return whether a device need not have an attribute, and its driver does not set it."""
    setter = subject.setter if isinstance(subject, Attribute) else None
    return setter is not None and setter.optional and setter not in handled


def _with_presets(handled: Commands, capabilities: Iterable[type[Capability]]) -> Capabilities:
    return tuple(c for c in capabilities if any(is_preset(a, handled) for a in c.attributes))


def is_preset(attribute: Attribute[Any], handled: Commands) -> bool:
    """Return whether an attribute is a preset that can be set."""
    return attribute.preset is not None and attribute.setter in handled


def _single_specs(
    handled: Commands,
    component: str,
    capabilities: Iterable[type[Capability]],
    *,
    are_presets_shown: bool = False,
) -> Iterator[EntitySpec]:
    """Yield an entity for each attribute and command, except for presets that are shown already."""
    for capability in capabilities:
        subjects: tuple[Attribute[Any] | Command[...], ...] = (
            *capability.attributes,
            *capability.commands,
        )
        for subject in subjects:
            is_shown = isinstance(subject, Attribute) and is_preset(subject, handled)
            if not (are_presets_shown and is_shown):
                yield from _subject_specs(handled, component, subject)


def _subject_specs(
    handled: Commands, component: str, subject: Attribute[Any] | Command[...]
) -> Iterator[EntitySpec]:
    if isinstance(subject, Attribute):
        platform = _platform_of_attribute(handled, subject)
    else:
        platform = _platform_of_command(handled, subject)
    if platform is not None:
        yield EntitySpec(platform, component, subject)
    elif isinstance(subject, Command) and subject in STEP_COMMANDS and subject in handled:
        for step in (STEP, -STEP):
            yield EntitySpec(Platform.BUTTON, component, subject, step=step)


def _platform_of_attribute(handled: Commands, attribute: Attribute[Any]) -> Platform | None:
    kind = attribute.schema.type
    if attribute.kind is Kind.HIDDEN or not issubclass(kind, bool | int | float | str | Enum):
        return None
    if attribute.kind is Kind.EVENT:
        return Platform.EVENT
    if attribute.setter is None or attribute.setter not in handled:
        is_binary = kind is bool or attribute.words is not None
        return Platform.BINARY_SENSOR if is_binary else Platform.SENSOR
    if kind is bool:
        return Platform.SWITCH
    if attribute.options is not None or issubclass(kind, Enum):
        return Platform.SELECT
    return Platform.TEXT if issubclass(kind, str) else Platform.NUMBER


def _platform_of_command(handled: Commands, command: Command[...]) -> Platform | None:
    """Return button for a command without arguments that sets no attribute."""
    if command is Refresh.refresh:
        return Platform.BUTTON
    sets_nothing = not command.arguments and command.sets is None
    is_button = sets_nothing and command is not HealthCheck.ping and command in handled
    return Platform.BUTTON if is_button else None
