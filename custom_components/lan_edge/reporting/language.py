"""The language of who uses a dialog, and what the library says in it.

The frontend translates what is fixed. A sentence with something in it that only Home Assistant
knows, such as a list of faults, is made here, in the same language.
"""

from collections.abc import Iterable, Mapping

from aiohttp import hdrs
from aiohttp.web import Request
from homeassistant.core import HomeAssistant, callback
from homeassistant.generated.languages import LANGUAGES
from homeassistant.helpers.http import current_request
from homeassistant.helpers.translation import async_get_cached_translations, async_get_translations

from lan_edge import EdgeError, error_in, said_in

from ..const import DOMAIN

MAX_ACCEPTED = 16
"""Languages of a browser that are looked at."""
_SAID = "common"
"""The category of the sentences in the translations."""
_KNOWN = {each.lower(): each for each in LANGUAGES}

type Patterns = Mapping[str, str]
"""Sentences of the library in one language, by their keys."""


async def async_language(hass: HomeAssistant) -> str:
    """Return the language of the user whose request is answered; else Home Assistant's own."""
    if (request := current_request.get()) is None:
        return hass.config.language
    return await _async_chosen(hass, request) or _accepted(request) or hass.config.language


async def async_patterns(hass: HomeAssistant) -> Patterns:
    """Return the sentences of the library in the language of the user."""
    language = await async_language(hass)
    return _by_key(await async_get_translations(hass, language, _SAID, [DOMAIN]))


async def async_words(hass: HomeAssistant, selector: str) -> dict[str, str]:
    """Return the words of a selector, such as `values`, in the language of the user."""
    language = await async_language(hass)
    texts = await async_get_translations(hass, language, "selector", [DOMAIN])
    prefix = f"component.{DOMAIN}.selector.{selector}.options."
    return {k.removeprefix(prefix): v for k, v in texts.items() if k.startswith(prefix)}


@callback
def own_patterns(hass: HomeAssistant) -> Patterns:
    """Return the sentences in Home Assistant's own language, for what all users see."""
    return _by_key(async_get_cached_translations(hass, hass.config.language, _SAID, DOMAIN))


async def async_reason(hass: HomeAssistant, error: EdgeError) -> str:
    """Return what an error says in the language of the user; a device's own words as they are."""
    return error_in(error, await async_patterns(hass))


async def async_reasons(hass: HomeAssistant, reasons: Iterable[str]) -> str:
    """Return what is wrong with several values, one after the other, in the user's language."""
    patterns = await async_patterns(hass)
    return "; ".join(said_in(each, patterns) for each in reasons)


@callback
def own_reason(hass: HomeAssistant, error: EdgeError) -> str:
    """Return what an error says in Home Assistant's own language."""
    return error_in(error, own_patterns(hass))


def _by_key(texts: Mapping[str, str]) -> Patterns:
    prefix = f"component.{DOMAIN}.{_SAID}."
    return {key.removeprefix(prefix): text for key, text in texts.items()}


async def _async_chosen(hass: HomeAssistant, request: Request) -> str:
    """Return the language that a user has chosen in the frontend; empty if there is none."""
    if "frontend" not in hass.config.components or (user := request.get("hass_user")) is None:
        return ""
    from homeassistant.components.frontend.storage import (  # noqa: PLC0415  # loaded by then
        async_user_store,
    )

    store = await async_user_store(hass, user.id)
    chosen = store.data.get("language")
    return _known(str(chosen.get("language"))) if isinstance(chosen, dict) else ""


def _accepted(request: Request) -> str:
    """Return the first language that a browser asks for and Home Assistant has."""
    codes = request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(",")[:MAX_ACCEPTED]
    return next((known for each in codes if (known := _known(each.partition(";")[0]))), "")


def _known(code: str) -> str:
    """Return a language as Home Assistant writes it, or that of its region; empty: unknown."""
    code = code.strip().lower()
    return _KNOWN.get(code) or _KNOWN.get(code.partition("-")[0], "")
