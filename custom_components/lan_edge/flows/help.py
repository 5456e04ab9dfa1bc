"""What helps where a device of a family cannot be added, in the user's language."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from lan_edge import Driver

from ..const import DOMAIN
from ..reporting.language import async_language
from .names import kind_in

FAMILIES = "https://github.com/lan-edge/lan-edge/blob/main/docs/families"
"""The pages on the families of the bundled drivers, each named as its file or folder."""
BUNDLED_PACKAGE = "lan_edge.drivers."
"""How the names of their modules begin."""


async def async_help(hass: HomeAssistant, driver: type[Driver[Any]]) -> str:
    """Return a driver's help, as Markdown: translated for bundled drivers, else its own words.

    That of a bundled driver ends with a link to the page on its family.
    """
    language = await async_language(hass)
    texts = await async_get_translations(hass, language, "selector", [DOMAIN])
    options = f"component.{DOMAIN}.selector"
    words = [texts.get(f"{options}.help.options.{driver.id}", driver.help)]
    if (module := driver.__module__).startswith(BUNDLED_PACKAGE):
        family, *_ = module.removeprefix(BUNDLED_PACKAGE).split(".")
        link = texts[f"{options}.help_page.options.page"]
        name, page = kind_in(driver.name), f"{FAMILIES}/{family}.md"
        words.append(link.format(name=name, page=page))
    return " ".join(filter(None, words))
