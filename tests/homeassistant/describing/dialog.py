"""Steps of the dialogs that describe a device."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from ..flow_steps import go_on, menu

NO_LOGIN = {"ssl": False, "login": "none"}
GET = {"method": "GET", "body_kind": "none"}


async def choose(hass: HomeAssistant, flow: Any, step: str) -> Any:
    """Choose from a menu."""
    assert flow["type"] is FlowResultType.MENU
    assert step in flow["menu_options"]
    return await go_on(hass, flow, next_step_id=step)


async def empty_form(hass: HomeAssistant, way: str = "http") -> Any:
    """Begin to describe a device with an empty form, as one that talks in a way."""
    flow = await choose(hass, await menu(hass, "describe"), "describe_talks")
    return await go_on(hass, flow, talks=way)


def options_of(flow: Any, field: str) -> Any:
    """Return what can be picked in a field."""
    return flow["data_schema"].schema[field].config["options"]


def option(flow: Any, field: str, beginning: str) -> str:
    """Return the only one of what can be picked in a field that begins so."""
    [found] = [each for each in options_of(flow, field) if each.startswith(beginning)]
    return str(found)
