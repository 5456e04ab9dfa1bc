"""The sentence that helps where a device of a family cannot be added, in the user's language."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from lan_edge import Driver

from ..const import DOMAIN
from ..reporting.language import async_language


async def async_help(hass: HomeAssistant, driver: type[Driver[Any]]) -> str:
    """Return a driver's help, as Markdown: translated for bundled drivers, else its own words."""
    language = await async_language(hass)
    texts = await async_get_translations(hass, language, "selector", [DOMAIN])
    return texts.get(f"component.{DOMAIN}.selector.help.options.{driver.id}", driver.help)
