"""The settings of bundled drivers, in the language of who opens their form."""

from collections.abc import Iterator
from dataclasses import dataclass
import json
from pathlib import Path
import re
from typing import Annotated, Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.flows.setting_words import async_in_words
from lan_edge import (
    Driver,
    Http,
    Label,
    Profile,
    Refresh,
    Registry,
    compile_description,
    load_drivers,
    read_description,
    settings_of,
)

from ..entries import set_up

TRANSLATIONS = Path(__file__).parents[3] / "custom_components/lan_edge/translations"


async def form(hass: HomeAssistant, language: str) -> dict[str, Any]:
    """Open the form of a Tuya device."""
    hass.config.language = language
    entry = await set_up(hass, "tuya", f"tuya-{language}")
    options = hass.config_entries.options
    shown = await options.async_init(entry.entry_id)
    return dict(await options.async_configure(shown["flow_id"], {"next_step_id": "settings"}))


@pytest.mark.parametrize(
    ("language", "name", "help_text", "choice"),
    [
        ("en", "Kind", "What the device is, if", "Air conditioner"),
        ("de", "Art", "Was das Ger\u00e4t ist, falls", "Klimaanlage"),
    ],
)
async def test_they_are_in_the_users_language(
    hass: HomeAssistant, drivers: None, *, language: str, name: str, help_text: str, choice: str
) -> None:
    shown = await form(hass, language)
    fields = {str(key): field for key, field in shown["data_schema"].schema.items()}
    assert choice in [each["label"] for each in fields[name].config["options"]]
    assert f"- **{name}**: {help_text}" in shown["description_placeholders"]["help"]


async def test_what_is_entered_is_kept_by_its_key(hass: HomeAssistant, drivers: None) -> None:
    hass.config.language = "nl"
    entry, options = await set_up(hass, "yeelight", "lamp"), hass.config_entries.options
    shown = await options.async_init(entry.entry_id)
    done = await options.async_configure(shown["flow_id"], {"Overgang": 5})
    assert done["data"] == {"fade": 5}


async def test_a_description_of_points_has_the_settings_of_its_family(
    hass: HomeAssistant, drivers: None
) -> None:
    hass.config.language = "de"
    await set_up(hass, "tuya", "tuya-1")
    load_drivers(registry := Registry())
    family = registry.drivers["tuya"]
    text = "description: 1\nid: my_heater\nname: Heater\ntalks: tuya\n"
    text += "products: [{manufacturer: Tuya, model: abc}]\n"
    text += "components: {main: {powerMeter: {power: {path: '19'}}}}\n"
    described = compile_description(read_description(text))
    own = await async_in_words(hass, described, settings_of(described.Settings))
    known = await async_in_words(hass, family, settings_of(family.Settings))
    assert [each.label for each in own] == [each.label for each in known]
    assert own[0].label.name == "Art"


@dataclass(frozen=True)
class OwnSettings:
    """Of a driver that is in use, though no longer registered."""

    kind: Annotated[str, Label("Own kind")] = ""


async def test_those_of_a_file_keep_their_own_words(hass: HomeAssistant, drivers: None) -> None:
    await set_up(hass, "tuya", "any")

    class Gone(Driver[Http]):
        id = "gone"
        profile = Profile(Refresh)
        settings: OwnSettings

    own = settings_of(OwnSettings)
    assert await async_in_words(hass, Gone, own) == own


def test_all_are_translated() -> None:
    """In English as in the drivers; each choice that is a word."""
    load_drivers(registry := Registry())
    told = dict(pair for driver in registry.drivers.values() for pair in words_of(driver))
    english = json.loads((TRANSLATIONS / "en.json").read_text())["selector"]["setting"]["options"]
    assert english == told
    assert {"tuya_kind_help", "yeelight_fade", "sonoff_outlets"} <= told.keys()


def words_of(driver: type[Driver[Any]]) -> Iterator[tuple[str, str]]:
    """Yield the words of a driver's settings in English, by the keys of their translations."""
    for each in settings_of(driver.Settings):
        key, label = f"{driver.id}_{each.key}", each.label
        yield from ((key, label.name), (f"{key}_help", label.help))
        for value in map(str, getattr(each.schema.type, "__members__", {}).values()):
            if re.fullmatch(r"[a-z0-9_]+", value):
                yield f"{key}_is_{value}", value.replace("_", " ").capitalize()
