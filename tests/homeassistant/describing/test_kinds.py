"""Things whose values are several: a shade and a heater, from the dialog to their entities."""

from collections.abc import AsyncGenerator
from typing import Any
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.describing.cover_form import suggested_cover, take_cover
from custom_components.lan_edge.describing.shown import MAX_LINES_SHOWN
from lan_edge import DraftThing, ThingKind

from ..entries import comes_online
from ..flow_steps import created, go_on, words
from ..states import becomes, call
from .dialog import GET, NO_LOGIN, choose, empty_form, option
from .house import House

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
WORDLESS_COVER = {"position_open": 0, "position_closed": 100, "can_stop": True}
HEATER = {"degrees": "°F", "factor": 1, "lowest": 41, "highest": 86}


@pytest.fixture
async def house(hass: HomeAssistant, start_discovery: AsyncMock) -> AsyncGenerator[House]:
    """Return the device."""
    async with House() as device:
        yield device


async def add(hass: HomeAssistant, house: House, kind: str, name: str = "") -> Any:
    """Begin to describe the device, up to the values of a thing."""
    flow = await empty_form(hass)
    place = {"host": house.host, "port": house.port, "path": "/state"}
    flow = await go_on(hass, flow, **place, access=NO_LOGIN, request=GET)
    flow = await choose(hass, flow, "describe_add")
    return await go_on(hass, flow, kind=kind, **({"name": name} if name else {}))


async def send(hass: HomeAssistant, flow: Any, path: str, value: str = "") -> Any:
    """Fill in a command, and try it if there is a value to try it with."""
    sent = {"path": path, "method": "GET", "body_kind": "none", "try": bool(value)}
    flow = await go_on(hass, flow, **sent, **({"value": value} if value else {}))
    return await choose(hass, flow, "describe_keep") if value else flow


async def finish(hass: HomeAssistant, flow: Any) -> None:
    """Add the device."""
    flow = await choose(hass, flow, "describe_finish")
    entry = created(await go_on(hass, flow, name="House"))
    await comes_online(entry)


async def test_a_shade_that_counts_from_open_to_closed(hass: HomeAssistant, house: House) -> None:
    flow = await add(hass, house, "cover")
    assert flow["step_id"] == "describe_cover"
    flow = await go_on(hass, flow, **WORDLESS_COVER)
    assert flow["errors"] == {"position": "state_or_position"}
    position = option(flow, "position", "pos ")
    same = {**WORDLESS_COVER, "position_open": 100}
    flow = await go_on(hass, flow, position=position, **same)
    assert flow["errors"] == {"position_closed": "same_position"}
    flow = await go_on(hass, flow, position=position, **WORDLESS_COVER)
    for path in ("/set?pos=0", "/set?pos=100", "/set?moves=0"):
        assert flow["step_id"] == "describe_command"
        flow = await send(hass, flow, path)
    assert flow["step_id"] == "describe_command_value"
    assert words(flow)["command"] == "Set the position"
    flow = await send(hass, flow, "/set?pos={value}", "70")
    assert house.state["pos"] == 70
    assert "mdi:window-shutter" in words(flow)["things"]
    await finish(hass, flow)
    await becomes(hass, "cover.house", "open", current_position=30)
    await call(hass, "cover.close_cover", "cover.house")
    await becomes(hass, "cover.house", "closed", current_position=0)
    await call(hass, "cover.set_cover_position", "cover.house", position=80)
    assert house.state["pos"] == 20


async def test_a_shade_that_reports_the_direction_in_which_it_moves(
    hass: HomeAssistant, house: House
) -> None:
    house.state["moves"] = 0
    flow = await add(hass, house, "cover")
    picks = {"position": option(flow, "position", "pos "), "state": option(flow, "state", "moves ")}
    moving = {**picks, **WORDLESS_COVER, "opening_value": "-1", "closing_value": "1"}
    moving["shown_as"] = "awning"
    flow = await go_on(hass, flow, **moving)
    assert flow["errors"] == {"state": "no_word"}
    flow = await go_on(hass, flow, **moving, paused_value="1")
    assert flow["errors"] == {"paused_value": "ambiguous_word"}
    flow = await go_on(hass, flow, **moving, paused_value="0")
    for path in ("/set?moves=-1", "/set?moves=1"):
        flow = await send(hass, flow, path)
    stop = {"path": "/set?moves=0", "method": "GET", "body_kind": "none", "try": True}
    flow = await go_on(hass, flow, **stop)
    state, position = words(flow)["meaning"].splitlines()
    assert "State" in state
    assert "`paused`" in state
    assert "Position" in position
    assert "`0`" in position
    flow = await choose(hass, flow, "describe_keep")
    await finish(hass, await send(hass, flow, "/set?pos={value}"))
    await becomes(hass, "cover.house", "closed", current_position=0, device_class="awning")
    house.state["pos"] = 30
    await call(hass, "cover.open_cover", "cover.house")
    await becomes(hass, "cover.house", "opening", current_position=70)
    await call(hass, "cover.stop_cover", "cover.house")
    await becomes(hass, "cover.house", "open", current_position=70)


def test_a_kind_of_cover_that_the_form_does_not_list_stays() -> None:
    thing = DraftThing(ThingKind.COVER, device_class="garagedoor")
    assert suggested_cover(thing, {})["shown_as"] == ""
    entered = {**WORDLESS_COVER, "position": "pos"}
    for more, kept in (({}, "garagedoor"), ({"shown_as": "gate"}, "gate"), ({}, "")):
        take_cover(thing, {**entered, **more}, {})
        assert thing.device_class == kept


async def test_a_heater_in_fahrenheit(hass: HomeAssistant, house: House) -> None:
    flow = await add(hass, house, "climate", "Bedroom")
    assert flow["step_id"] == "describe_climate"
    picks = {"target": option(flow, "target", "set "), "current": option(flow, "current", "room ")}
    picks["mode"] = option(flow, "mode", "mode ")
    flow = await go_on(hass, flow, **picks, **HEATER)
    assert flow["errors"] == {"mode": "no_modes"}
    modes = {"off_value": "0", "heat_value": "1"}
    flow = await go_on(hass, flow, **picks, **modes, **{**HEATER, "highest": 41})
    assert flow["errors"] == {"highest": "not_above_lowest"}
    flow = await go_on(hass, flow, **picks, **modes, **HEATER)
    flow = await send(hass, flow, "/set?set={value}", "70")
    assert house.state["set"] == 70
    flow = await send(hass, flow, "/set?mode={value}")
    await finish(hass, flow)
    heater = "climate.house_bedroom"
    await becomes(hass, heater, "off", temperature=21.1, current_temperature=19.0, min_temp=5)
    await call(hass, "climate.set_hvac_mode", heater, hvac_mode="heat")
    await becomes(hass, heater, "heat")
    await call(hass, "climate.set_temperature", heater, temperature=20)
    assert house.state["set"] == 68


async def test_a_guess_is_about_the_value_for_which_it_was_made(
    hass: HomeAssistant, house: House
) -> None:
    flow: Any = await add(hass, house, "sensor", "Room")
    flow = await go_on(hass, flow, field=option(flow, "field", "moves "), is_text=False)
    shown = {str(key): key.description for key in flow["data_schema"].schema}
    assert shown["is_text"] == {"suggested_value": True}
    flow = await go_on(hass, flow, field=option(flow, "field", "room "), is_text=True)
    flow = await choose(hass, flow, "describe_text")
    [field] = flow["data_schema"].schema
    assert "number: true" in field.description["suggested_value"]


async def test_of_a_long_answer_only_the_value_is_shown_once_it_is_picked(
    hass: HomeAssistant, house: House
) -> None:
    house.state |= {f"zone_{number}": number for number in range(MAX_LINES_SHOWN)}
    flow = await add(hass, house, "switch", "Motor")
    flow = await go_on(hass, flow, field=option(flow, "field", "moves "))
    sent = {"path": "/set?moves=1", "method": "GET", "body_kind": "none", "try": True}
    flow = await go_on(hass, flow, **sent)
    assert flow["step_id"] == "describe_tried"
    assert "moves = 1" in words(flow)["state"]
    assert "zone" not in words(flow)["state"]
