"""Home Assistant's own words for kinds of entities: what a thing without a name is called."""

from collections.abc import Iterable, Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from lan_edge import ThingKind

from ..reporting.language import async_language

type KindWords = Mapping[str, str]
"""The words for kinds of entities, such as Thermostat, in the language of the user."""


async def async_kind_words(
    hass: HomeAssistant, kinds: Iterable[str] = tuple(ThingKind)
) -> KindWords:
    """Return the words for kinds of entities."""
    names = [*map(str, kinds)]
    language = await async_language(hass)
    texts = await async_get_translations(hass, language, "entity_component", names)
    return {name: texts.get(f"component.{name}.entity_component._.name", name) for name in names}
