"""What a picked value means is noticed at once, by what the device sends, and again after a try."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from lan_edge import description_values

from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, menu, words
from ..states import becomes, call
from .dialog import GET, NO_LOGIN, choose, empty_form, option
from .heater import Heater

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
DEGREES = {"degrees": "°C", "factor": 1, "lowest": 5, "highest": 30}
MODES = {"off_value": "Off", "heat_value": "Heat; HEAT"}


@pytest.fixture
async def heater() -> AsyncGenerator[Heater]:
    async with Heater() as made:
        yield made


def suggested(flow: Any) -> dict[str, Any]:
    """Return what a form has in it."""
    keys = flow["data_schema"].schema
    made = {str(key): (key.description or {}).get("suggested_value") for key in keys}
    return {key: value for key, value in made.items() if value not in (None, "")}


async def add(hass: HomeAssistant, heater: Heater, kind: str, name: str = "") -> Any:
    """Begin to describe the device, up to the value of a thing."""
    place = {"host": heater.host, "port": heater.port, "path": "/status"}
    flow = await go_on(hass, await empty_form(hass), **place, access=NO_LOGIN, request=GET)
    return await another(hass, flow, kind, name)


async def another(hass: HomeAssistant, flow: Any, kind: str, name: str = "") -> Any:
    """Add one more thing, up to its value."""
    flow = await choose(hass, flow, "describe_add")
    return await go_on(hass, flow, kind=kind, **({"name": name} if name else {}))


async def post(hass: HomeAssistant, flow: Any, key: str, body: str, **tried: Any) -> Any:
    """Fill in a command, and try it."""
    sent = {"path": f"/{key}", "method": "POST", "body_kind": "json", "body": body}
    return await go_on(hass, flow, **sent, **{"try": True, **tried})


async def test_a_word_that_is_neither_on_nor_off(
    hass: HomeAssistant, heater: Heater, driver_files: DriverFiles
) -> None:
    flow = await add(hass, heater, "switch", "Child lock")
    field = option(flow, "field", "lock_active = ")
    flow = await go_on(hass, flow, field=field)
    assert flow["errors"] == {"on_value": "neither_on_nor_off"}
    assert words(flow)["reason"] == "No lock"
    flow = await go_on(hass, flow, field=field, on_value="Locked", off_value="No lock")
    assert flow["step_id"] == "describe_command"
    flow = await post(hass, flow, "lock_active", '{"value": true}', **{"try": True})
    assert (
        "**Child lock** would be unknown now: the device sends `Child lock`"
        in words(flow)["meaning"]
    )
    flow = await choose(hass, flow, "describe_state")
    assert suggested(flow)["on_value"] == "Locked"
    flow = await go_on(hass, flow, field=field, on_value="Locked", off_value="Child lock")
    flow = await post(hass, flow, "lock_active", '{"value": true}', **{"try": True})
    assert "**Child lock** is now `off`, not `on`" in words(flow)["meaning"]
    assert "describe_learn" not in flow["menu_options"]
    flow = await choose(hass, flow, "describe_state")
    flow = await go_on(hass, flow, field=field, on_value="Locked", off_value="Child lock")
    assert suggested(flow)["body"] == '{"value": true}'
    flow = await post(hass, flow, "lock_active", '{"value": true}', **{"try": True})
    flow = await choose(hass, flow, "describe_keep")
    flow = await post(hass, flow, "lock_active", '{"value": false}', **{"try": True})
    flow = await choose(hass, flow, "describe_learn")
    flow = await choose(hass, flow, "describe_text")
    [text] = flow["data_schema"].schema
    lock = description_values(text.description["suggested_value"])["components"]["child_lock"]
    words_now = {"Locked": True, "Child lock": False, "No lock": False}
    assert lock["switch"]["switch"]["map"] == words_now


async def test_the_word_that_a_device_says_for_a_mode(
    hass: HomeAssistant, heater: Heater, driver_files: DriverFiles
) -> None:
    flow = await add(hass, heater, "climate")
    picks = {"target": option(flow, "target", "set_temp"), "mode": option(flow, "mode", "operat")}
    flow = await go_on(hass, flow, **picks, **DEGREES, off_value="Off", heat_value="Warm")
    assert flow["errors"] == {"mode": "no_word"}
    assert words(flow)["reason"] == "Heat"
    flow = await go_on(hass, flow, **picks, **DEGREES, **MODES)
    flow = await post(hass, flow, "set_temperature", '{"value": {value}}', value="22")
    assert "**Target temperature** is now `22`" in words(flow)["meaning"]
    flow = await choose(hass, flow, "describe_keep")
    flow = await post(hass, flow, "operation_mode", '{"value": "{value}"}', value="Off")
    assert "**Mode** would be unknown now: the device sends `OFF`" in words(flow)["meaning"]
    flow = await choose(hass, flow, "describe_learn")
    flow = await choose(hass, flow, "describe_finish")
    entry = created(await go_on(hass, flow, name="Heater"))
    await comes_online(entry)
    await becomes(hass, "climate.heater", "off", temperature=22)
    await call(hass, "climate.set_hvac_mode", "climate.heater", hvac_mode="heat")
    await becomes(hass, "climate.heater", "heat")
    await call(hass, "climate.set_hvac_mode", "climate.heater", hvac_mode="off")
    await becomes(hass, "climate.heater", "off")
    assert [each["value"] for each in heater.sent] == [22, "Off", "Heat", "Off"]


async def test_a_choice_that_is_missing(hass: HomeAssistant, heater: Heater) -> None:
    flow = await add(hass, heater, "select", "Fan")
    field = option(flow, "field", "fan = ")
    flow = await go_on(hass, flow, field=field, choices=["1=Low"])
    assert flow["errors"] == {"choices": "not_a_choice"}
    assert words(flow)["reason"] == "2"
    flow = await go_on(hass, flow, field=field, choices=["1=Low", "2=High"])
    flow = await post(hass, flow, "fan", '{"value": {value}}', value="1")
    assert "**Fan** would be unknown now: the device sends `11`" in words(flow)["meaning"]
    flow = await choose(hass, flow, "describe_learn")
    flow = await choose(hass, flow, "describe_edit")
    flow = await go_on(hass, flow, thing="main.own.fan")
    flow = await go_on(hass, flow, name="Fan")
    assert suggested(flow)["choices"] == ["1=Low", "2=High", "11=Low"]


async def test_what_is_no_number(hass: HomeAssistant, heater: Heater) -> None:
    flow = await add(hass, heater, "sensor", "Lock")
    lock = option(flow, "field", "lock_active = ")
    flow = await go_on(hass, flow, field=lock)
    flow = await go_on(hass, flow, field=lock, is_text=False)
    assert flow["errors"] == {"field": "not_a_number"}
    flow = await go_on(hass, flow, field=lock, is_text=True)
    flow = await another(hass, flow, "number", "Lock")
    flow = await go_on(hass, flow, field=lock, minimum=0, maximum=9, step=1, scale=1)
    assert flow["errors"] == {"field": "unread"}
    assert words(flow)["reason"] == "lock_active is 'No lock', not a number"


async def test_a_cover_has_words_for_what_it_does(hass: HomeAssistant, heater: Heater) -> None:
    flow = await add(hass, heater, "cover")
    ends = {"position_open": 100, "position_closed": 0, "can_stop": False}
    state = option(flow, "state", "operation_mode = ")
    flow = await go_on(hass, flow, state=state, open_value="OPEN", **ends)
    assert flow["errors"] == {"state": "no_word"}
    power = option(flow, "position", "power = ")
    flow = await go_on(hass, flow, position=power, **ends)
    assert flow["errors"] == {"position": "unread"}
    flow = await go_on(hass, flow, state=state, open_value="OPEN; Heat", **ends)
    flow = await post(hass, flow, "operation_mode", '{"value": "shut"}', **{"try": True})
    assert "**State** would be unknown now: the device sends `SHUT`" in words(flow)["meaning"]
    assert "describe_learn" not in flow["menu_options"]
    flow = await choose(hass, flow, "describe_cover")
    assert suggested(flow)["open_value"] == "OPEN; Heat"


async def test_of_a_long_report_the_value_and_what_has_changed_is_shown(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.state |= {f"zone_{number}": number for number in range(20)}
    flow = await add(hass, heater, "climate")
    picks = {"target": option(flow, "target", "set_temp"), "mode": option(flow, "mode", "operat")}
    flow = await go_on(hass, flow, **picks, **DEGREES, **MODES)
    flow = await post(hass, flow, "set_temperature", '{"value": {value}}', **{"try": False})
    heater.state["fan"] = 7
    flow = await post(hass, flow, "operation_mode", '{"value": "{value}"}', value="Heat")
    state = words(flow)["state"]
    assert '- `operation_mode = "HEAT"`\n- `power = 0`' in state
    assert "set_temperature" not in state
    assert "fan" not in state  # it changed before
    assert "zone" not in state
    said = "- **Mode** is now `heat`, and was so before: this does not show"
    assert words(flow)["meaning"].startswith(said)


async def test_a_command_that_would_always_send_the_same(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await add(hass, heater, "number", "Power")
    field = option(flow, "field", "power = ")
    range_ = {"minimum": 0, "maximum": 2000, "step": 1, "scale": 1}
    flow = await go_on(hass, flow, field=field, **range_, unit="W", device_class="power")
    flow = await post(hass, flow, "power", '{"value": 75}', value="5")
    assert flow["errors"] == {"body": "no_value"}
    flow = await go_on(hass, flow, path="/power", **GET, **{"try": False})
    assert flow["errors"] == {"path": "no_value"}
    assert heater.sent == []
    body = {"method": "POST", "body_kind": "none", "body": '{"value": {value}}'}
    flow = await go_on(hass, flow, path="/power", **body, **{"try": True}, value="5")
    assert flow["step_id"] == "describe_tried"
    assert heater.sent == [{"value": 5}]


async def test_what_fails_in_the_end_leads_back_and_loses_nothing(
    hass: HomeAssistant, heater: Heater, driver_files: DriverFiles
) -> None:
    flow = await add(hass, heater, "sensor", "Fan")
    flow = await go_on(hass, flow, field=option(flow, "field", "fan = "), unit="rpm")
    flow = await choose(hass, flow, "describe_finish")
    state, heater.state = heater.state, "broken"
    flow = await go_on(hass, flow, name="Heater")
    assert flow["step_id"] == "describe_not_added"
    reason = words(flow)["reason"]
    assert reason.startswith("The response is not what this driver expects: ")
    assert "'broken', not an object" in reason
    assert list(driver_files.devices.glob("*.yaml")) == []
    hass.config_entries.flow.async_abort(flow["flow_id"])
    flow = await choose(hass, await menu(hass, "describe"), "describe_draft")
    [draft] = flow["data_schema"].schema["draft"].config["options"]
    assert draft["label"] == "Heater"
    flow = await go_on(hass, flow, draft=draft["value"], delete=False)
    flow = await choose(hass, flow, "describe_finish")
    flow = await choose(hass, await go_on(hass, flow, name="Heater"), "describe_overview")
    assert "Fan" in words(flow)["things"]
    heater.state = {**state, "fan": 3}
    flow = await choose(hass, flow, "describe_finish")
    await comes_online(created(await go_on(hass, flow, name="Heater")))
    await becomes(hass, "sensor.heater_fan", "3.0")
    assert "describe_draft" not in (await menu(hass, "describe"))["menu_options"]
