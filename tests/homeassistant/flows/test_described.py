"""A described device in Home Assistant: added by its form, with the entities of its text."""

from collections.abc import AsyncGenerator
from typing import Any
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.lan_edge.const import DOMAIN
from tests.drivers.described import compiled
from tests.edge.declarative.compiling.charger import TEXT, TOKEN, Charger

from ..entries import comes_online
from ..flow_steps import created, go_on, menu, words
from ..own_drivers import add_driver
from ..states import becomes, call


@pytest.fixture
async def charger(
    hass: HomeAssistant, start_discovery: AsyncMock, drivers: None
) -> AsyncGenerator[Charger]:
    add_driver(compiled(TEXT))
    async with Charger().there() as made:
        yield made
        for entry in hass.config_entries.async_loaded_entries(DOMAIN):
            await hass.config_entries.async_unload(entry.entry_id)


async def test_from_its_form_to_its_entities(hass: HomeAssistant, charger: Charger) -> None:
    flow: Any = await menu(hass, "manual")
    host, port = charger.address.host, charger.address.port
    flow = await go_on(hass, flow, driver="example_charger", host=host, port=port)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "asked")
    assert words(flow)["help"] == "Switch on the local API in its app."
    entry = created(await go_on(hass, flow, **{"Access token": TOKEN, "Phases": "3"}))
    await comes_online(entry)
    assert entry.unique_id == "c-1"
    names = {
        str(each.attributes["friendly_name"]).removeprefix(f"{entry.title} "): each.entity_id
        for each in hass.states.async_all()
    }
    current, lock = names["Charging current"], names["Lock"]
    await becomes(hass, current, "16")
    await becomes(hass, names["Car"], "Idle")
    await becomes(hass, lock, "Never", options=["Never", "At night"])
    await call(hass, "select.select_option", lock, option="At night")
    await becomes(hass, lock, "At night")
    await call(hass, "number.set_value", current, value=10)
    await becomes(hass, current, "10")
    await call(hass, "button.press", names["Restart"])
    assert charger.asked == [
        'POST /api/set {"lck":1}',
        "GET /api/set?amp=10",
        "GET /api/set?rst=1",
    ]


@pytest.mark.usefixtures("start_discovery")
async def test_kinds_are_in_the_order_of_the_alphabet(hass: HomeAssistant) -> None:
    flow: Any = await menu(hass, "manual")
    labels = [each["label"] for each in flow["data_schema"].schema["driver"].config["options"]]
    assert "go-e" in " ".join(labels)  # in small letters
    assert labels == sorted(labels, key=str.lower)
