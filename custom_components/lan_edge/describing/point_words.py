"""What points are taken for, in the words of entities and forms, in the language of the user."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from lan_edge import Attribute, Component, Device, Mode, point_kind_of, said_in

from ..const import DOMAIN
from ..entities.choices import slug
from ..entities.names import in_words, name_of_part
from ..entities.rules import RULES
from ..reporting.language import async_language, async_patterns
from .kind_words import async_kind_words

_ATTRIBUTE_PLATFORMS = (Platform.SENSOR, Platform.BINARY_SENSOR, Platform.NUMBER, Platform.SELECT)
"""The platforms whose entities have the names of attributes."""
_MODE = "mode"
"""What decides which of the other points count."""


async def async_point_words(
    hass: HomeAssistant, device: Device, meanings: Mapping[str, str]
) -> dict[str, str]:
    """Return words for what the points of a device are taken for, by their numbers."""
    capabilities = type(device.driver).parts
    attributes = {each.id: each for own in capabilities for each in own.attributes}
    words = await _async_words(hass, (*attributes.values(), Mode.mode))
    words[_MODE] = words[Mode.mode.id]
    return {n: _in_words(device, meant, words) for n, meant in meanings.items()}


def _in_words(device: Device, meaning: str, words: Mapping[str, str]) -> str:
    """Return words for the id of an attribute, which may be that of a component."""
    if meaning in words:
        return words[meaning]
    name, _, attribute = meaning.partition(".")
    part = name_of_part(name, device.profile.components.get(name, Component(())))
    return f"{part}: {words.get(attribute, attribute)}"


async def _async_words(hass: HomeAssistant, attributes: Iterable[Attribute[Any]]) -> dict[str, str]:
    """Return the words for attributes, by their ids."""
    language = await async_language(hass)
    of_forms = await async_get_translations(hass, language, "selector", [DOMAIN])
    of_entities = await async_get_translations(hass, language, "entity", [DOMAIN])
    texts, patterns = of_forms | of_entities, await async_patterns(hass)
    kinds = await async_kind_words(hass, {rule.platform for rule in RULES})
    words = dict[str, str]()
    for each in attributes:
        keys = (f"component.{DOMAIN}.{key}" for key in _keys(each))
        translated = next((texts[key] for key in keys if key in texts), "")
        noun = said_in(each.noun or "", patterns)
        own = each.label or kinds.get(_platform_of(each), "") or in_words(each.name)
        words[each.id] = translated or noun[:1].upper() + noun[1:] or own
    return words


def _keys(attribute: Attribute[Any]) -> Iterator[str]:
    """Yield the keys of the translations that an attribute may have, the best first."""
    if kind := point_kind_of(attribute.id):
        yield f"selector.point_kind.options.{kind}"
    for platform in _ATTRIBUTE_PLATFORMS:
        yield f"entity.{platform}.{slug(attribute.id)}.name"


def _platform_of(attribute: Attribute[Any]) -> str:
    """Return the platform of the entity of which an attribute is part; empty: of none."""
    of_rules = (rule.platform for rule in RULES if attribute.capability in rule.any_of)
    return next(of_rules, "")
