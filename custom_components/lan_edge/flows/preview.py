"""The entities that a device will have, as Home Assistant will show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.number.const import (
    DEVICE_CLASS_UNITS as NUMBER_UNITS,
    NumberDeviceClass,
)
from homeassistant.components.sensor.const import (
    DEVICE_CLASS_UNITS as SENSOR_UNITS,
    SensorDeviceClass,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from lan_edge import MAIN, Attribute, Description, Device, Record, compile_description

from ..const import DOMAIN
from ..entities.mapping import EntitySpec, component_specs
from ..entities.names import name_of_part
from ..entities.presented import entity_category, entity_name, is_standard
from ..entity import device_class
from ..reporting.language import async_language

_CLASSES: Mapping[Platform, tuple[type[StrEnum], Mapping[Any, Any]]] = {
    Platform.SENSOR: (SensorDeviceClass, SENSOR_UNITS),
    Platform.NUMBER: (NumberDeviceClass, NUMBER_UNITS),
    Platform.BINARY_SENSOR: (BinarySensorDeviceClass, {}),
}


@dataclass(frozen=True, slots=True)
class PreviewedEntity:
    """An entity that a device will have."""

    platform: Platform
    key: str
    """What it is known by, whatever it is called."""
    members: tuple[str, ...]
    """Where it is in the description: `main.switch`, `main.own.power`."""
    name: str
    """Its own name; empty: that of its device."""
    translation_key: str = ""
    """The key of its name; empty: it has a name of its own."""
    unit: str = ""
    device_class: str = ""
    category: EntityCategory | None = None
    child: str = ""
    """The name of the child device that it belongs to; empty: the device itself."""

    @property
    def group(self) -> str:
        """Where Home Assistant shows it: its category, else its platform."""
        return str(self.category or self.platform)


async def async_previewed(hass: HomeAssistant, description: Description) -> list[PreviewedEntity]:
    """Return the entities of a device by its description; raise DescriptionError."""
    driver = await hass.async_add_executor_job(compile_description, description)
    return previewed(Device(driver, Record(profile=driver.profile.whole)))


def previewed(device: Device) -> list[PreviewedEntity]:
    """Return the entities of a device by its profile."""
    entities = list[PreviewedEntity]()
    for id_, component in device.profile.components.items():
        specs = component_specs(device, id_)
        name = "" if id_ == MAIN else name_of_part(id_, component)
        label, child = ("", name) if component.child else (name, "")
        main = component.name if id_ == MAIN else ""
        entities += (replace(_previewed(spec, specs, label, main), child=child) for spec in specs)
    return entities


def _previewed(
    spec: EntitySpec, specs: Iterable[EntitySpec], label: str, main: str
) -> PreviewedEntity:
    all_specs = tuple(specs)
    name = entity_name(spec, all_specs, label, main)
    key = spec.translation_key if name is None else ""
    category = entity_category(spec, all_specs)
    made = PreviewedEntity(
        spec.platform, spec.key, _members(spec), name or "", key, category=category
    )
    if not isinstance(spec.subject, Attribute) or spec.platform not in _CLASSES:
        return made
    attribute: Attribute[Any] = spec.subject
    classes, units = _CLASSES[spec.platform]
    quantity = device_class(classes, attribute, units)
    return replace(made, unit=attribute.unit or "", device_class=str(quantity or ""))


def _members(spec: EntitySpec) -> tuple[str, ...]:
    if isinstance(spec.subject, type):
        return tuple(f"{spec.component}.{each.id}" for each in spec.capabilities)
    own = f"own.{spec.subject.name}"
    return (f"{spec.component}.{spec.subject.id if is_standard(spec) else own}",)


async def async_grouped(
    hass: HomeAssistant, entities: Iterable[PreviewedEntity], titles: Mapping[Platform, str]
) -> dict[str, list[str]]:
    """Return the entities of a device by group, each as `Charging (Current, A)`.

    They are in the language of the user. `titles` are what those of a platform are called that
    have no name of their own.
    """
    shown = list(entities)
    words = await _async_words(hass, {each.platform for each in shown})
    groups = dict[str, list[str]]()
    for each in shown:
        groups.setdefault(each.group, []).append(_text(each, words, titles[each.platform]))
    return groups


def _text(entity: PreviewedEntity, words: Mapping[str, str], title: str) -> str:
    """Return an entity as `Power (Power, W)`."""
    platform = entity.platform
    translated = f"component.{DOMAIN}.entity.{platform}.{entity.translation_key}.name"
    own = words.get(translated, "") if entity.translation_key else entity.name
    name = " ".join(filter(None, (entity.child, own))) or title
    quantity = f"component.{platform}.entity_component.{entity.device_class}.name"
    details = ", ".join(filter(None, (words.get(quantity, entity.device_class), entity.unit)))
    return f"{name} ({details})" if details else name


async def _async_words(hass: HomeAssistant, platforms: set[Platform]) -> dict[str, str]:
    """Return the names of entities, in the language of the user."""
    language = await async_language(hass)
    own = await async_get_translations(hass, language, "entity", [DOMAIN])
    classes = await async_get_translations(hass, language, "entity_component", [*platforms])
    return own | classes
