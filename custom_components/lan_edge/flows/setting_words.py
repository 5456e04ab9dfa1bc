"""What the settings of bundled drivers are called, in the language of who uses a dialog."""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from lan_edge import Driver, DriverError, Setting

from ..const import DOMAIN
from ..reporting.language import async_language
from ..runtime import domain_data

_PREFIX = f"component.{DOMAIN}.selector.setting.options."
_TRANSLATABLE = re.compile(r"[a-z0-9_]+")


async def async_in_words(
    hass: HomeAssistant, driver: type[Driver[Any]], settings: tuple[Setting, ...]
) -> tuple[Setting, ...]:
    """Return settings with labels in the user's language; those of files keep their own."""
    family = driver.family_id or driver.id  # a description has the settings of its family
    if not _is_bundled(hass, family):
        return settings
    language = await async_language(hass)
    texts = await async_get_translations(hass, language, "selector", [DOMAIN])
    words = {key.removeprefix(_PREFIX): text for key, text in texts.items()}
    return tuple(_translated(each, f"{family}_{each.key}", words) for each in settings)


def _choices_of(setting: Setting) -> tuple[str, ...]:
    """Return the values of a choice that are words; none of a setting of another type."""
    kind = setting.schema.type
    values = (str(each.value) for each in kind) if issubclass(kind, Enum) else ()
    return tuple(each for each in values if _TRANSLATABLE.fullmatch(each))


def _translated(setting: Setting, key: str, words: Mapping[str, str]) -> Setting:
    label = setting.label
    choices = {each: words.get(f"{key}_is_{each}", "") for each in _choices_of(setting)}
    return replace(
        setting,
        label=replace(
            label,
            name=words.get(key, label.name),
            help=words.get(f"{key}_help", label.help),
            choices={**label.choices, **{each: text for each, text in choices.items() if text}},
        ),
    )


def _is_bundled(hass: HomeAssistant, id_: str) -> bool:
    try:
        return domain_data(hass).registry.origin(id_).file is None
    except DriverError:  # its file is gone, and its device still in use
        return False
