"""What goes wrong with a described device is said in the language of who sees it."""

from collections.abc import AsyncGenerator
from typing import Any
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.lan_edge.const import DOMAIN
from tests.drivers.described import compiled
from tests.edge.declarative.compiling.charger import Charger

from ..entries import comes_online
from ..flow_steps import created, go_on, menu, words
from ..own_drivers import add_driver
from ..states import becomes, call

TEXT = """\
description: 1
id: worded
name: Worded
talks: http
requests:
  status: {get: /api/status}
identity: {from: status, path: name}
components:
  main:
    own:
      label: {text: true, path: name, set: {get: "/api/name/{value}"}}
"""


@pytest.fixture
async def charger(
    hass: HomeAssistant, start_discovery: AsyncMock, drivers: None
) -> AsyncGenerator[Charger]:
    add_driver(compiled(TEXT))
    async with Charger().there() as made:
        made.token = ""
        yield made
        for entry in hass.config_entries.async_loaded_entries(DOMAIN):
            await hass.config_entries.async_unload(entry.entry_id)


async def test_a_dialog_and_an_action(hass: HomeAssistant, charger: Charger) -> None:
    hass.config.language = "de"
    charger.state["name"] = None
    flow: Any = await menu(hass, "manual")
    entered = {"driver": "worded", "host": charger.address.host, "port": charger.address.port}
    flow = await go_on(hass, flow, **entered)
    assert (flow["type"], flow["errors"]) == (FlowResultType.FORM, {"base": "reply"})
    assert words(flow)["reason"] == "status: die ID des Geräts fehlt"

    charger.state["name"] = "Mine"
    entry = created(await go_on(hass, flow, **entered))
    await comes_online(entry)
    [text] = [each.entity_id for each in hass.states.async_all("text")]
    await becomes(hass, text, "Mine")
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, "text.set_value", text, value="")
    assert caught.value.translation_key == "argument"
    assert caught.value.translation_placeholders is not None
    reason = caught.value.translation_placeholders["reason"]
    assert reason == "value ist leer, steht aber in einem Pfad"
