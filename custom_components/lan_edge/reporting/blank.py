"""The words for what is empty in a dialog, in the language of its user."""

from collections.abc import Collection, Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from .language import async_language


async def async_filled(
    hass: HomeAssistant,
    texts: Mapping[str, str],
    *,
    nothing: Collection[str] = (),
    not_given: Collection[str] = (),
    unknown: Collection[str] = (),
) -> dict[str, str]:
    """Return placeholders with a word for those that are empty.

    That is the word for a list without entries, or another one for those that are named here.
    """
    words = await async_get_translations(hass, await async_language(hass), "selector", [DOMAIN])
    blanks = {"nothing": nothing, "not_given": not_given, "unknown": unknown}
    chosen = {name: blank for blank, names in blanks.items() for name in names}
    prefix = f"component.{DOMAIN}.selector.blank.options."
    return {n: text or words[f"{prefix}{chosen.get(n, 'none')}"] for n, text in texts.items()}
