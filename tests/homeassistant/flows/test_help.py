"""One sentence of help for a family, where its devices cannot be added."""

import json
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.flows.help import FAMILIES, async_help
from lan_edge import Registry, load_drivers

from ..flow_steps import go_on, menu, words

ROOT = Path(__file__).parents[3]
TRANSLATIONS = ROOT / "custom_components/lan_edge/translations"
GERMAN = "Schalte in der WiZ-App in den Sicherheitseinstellungen"


@pytest.mark.parametrize(
    ("language", "help_text"), [("en", "In the WiZ app, turn on"), ("de", GERMAN)]
)
async def test_it_is_shown_in_the_users_language(
    hass: HomeAssistant, start_discovery: None, language: str, help_text: str
) -> None:
    hass.config.language = language
    flow = await menu(hass, "manual")
    assert words(flow)["help"] == ""
    flow = await go_on(hass, flow, driver="wiz", host="127.0.0.9")
    assert flow["errors"]
    assert words(flow)["help"].startswith(help_text)


async def test_not_for_an_address_that_is_none(hass: HomeAssistant, start_discovery: None) -> None:
    flow = await go_on(hass, await menu(hass, "manual"), driver="wiz", host="127.0.0")
    assert flow["errors"] == {"host": "incomplete_address"}
    assert words(flow)["help"] == ""


def test_bundled_drivers_are_translated() -> None:
    """In English as in the driver."""
    load_drivers(registry := Registry())
    told = {driver.id: driver.help for driver in registry.drivers.values() if driver.help}
    english = json.loads((TRANSLATIONS / "en.json").read_text())["selector"]["help"]["options"]
    assert english == told
    assert {"wiz", "yeelight", "venstar"} <= told.keys()


async def test_bundled_drivers_have_a_link_to_the_page_of_their_family(hass: HomeAssistant) -> None:
    load_drivers(registry := Registry())
    assert registry.drivers
    for driver in registry.drivers.values():
        _, _, page = (await async_help(hass, driver)).rpartition(f"]({FAMILIES}/")
        assert (ROOT / "docs/families" / page.removesuffix(")")).is_file()
