"""What is in the form of a command before it is entered, and the way back to the value."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.describing.entered_commands import EnteredCommands
from custom_components.lan_edge.describing.message_form import HTTP
from lan_edge import description_values

from ..flow_steps import go_on, menu, words
from .dialog import choose, option
from .heater import Heater
from .house import House
from .test_filled_in import at, number, suggested
from .test_noticed import DEGREES, add, another, post

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
LOCK = {"on_value": "Child lock", "off_value": "No lock"}
FORM = ("path", "method", "body_kind", "headers", "body", "message")


@pytest.fixture
async def heater() -> AsyncGenerator[Heater]:
    async with Heater() as made:
        yield made


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with House() as made:
        yield made


async def lock(hass: HomeAssistant, heater: Heater) -> Any:
    """Describe a switch, up to its first command."""
    flow = await add(hass, heater, "switch", "Child lock")
    return await go_on(hass, flow, field=option(flow, "field", "lock_active = "), **LOCK)


def sent_by(flow: Any) -> dict[str, Any]:
    """Return what a form would send."""
    return {key: each for key, each in suggested(flow).items() if key in FORM}


async def test_only_the_opposite_is_filled_in_and_nothing_is_sent_unseen(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await lock(hass, heater)
    assert sent_by(flow)["path"] == ""
    flow = await go_on(hass, flow, **suggested(flow))
    assert flow["errors"] == {"path": "required"}
    flow = await choose(
        hass, await post(hass, flow, "lock_active", '{"value": true}'), "describe_keep"
    )
    assert sent_by(flow)["body"] == '{"value": }'
    flow = await go_on(hass, flow, **suggested(flow))
    assert flow["errors"] == {"body": "value"}
    assert len(heater.sent) == 1
    flow = await post(hass, flow, "lock_active", '{"value": false}')
    flow = await choose(hass, flow, "describe_keep")
    flow = await another(hass, flow, "climate")
    target = option(flow, "target", "set_temp")
    flow = await go_on(hass, flow, target=target, **DEGREES)
    assert sent_by(flow) == {"path": "", "method": "POST", "body_kind": "json", "headers": []}
    assert len(heater.sent) == 2


async def test_a_path_that_is_read_and_told_what_to_do_is_filled_in(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await add(hass, heater, "button", "Boost")
    sent = {"path": "/status", "method": "POST", "body_kind": "json", "body": '{"boost": 1}'}
    flow = await go_on(hass, flow, **sent, **{"try": False})
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="button", name="Eco")
    filled_in = {"path": "/status", "method": "POST", "body_kind": "json", "headers": []}
    assert sent_by(flow) == filled_in
    hass.config_entries.flow.async_abort(flow["flow_id"])
    flow = await choose(hass, await menu(hass, "describe"), "describe_draft")
    [draft] = flow["data_schema"].schema["draft"].config["options"]
    flow = await go_on(hass, flow, draft=draft["value"], delete=False)
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="button", name="Eco")
    assert sent_by(flow) == filled_in  # by what is described


async def test_a_path_that_all_commands_have_is_filled_in_without_what_follows(
    hass: HomeAssistant, house: House
) -> None:
    flow = await number(hass, await at(hass, house), "Position", "pos = ")
    sent = {"path": "/set?pos={value}", "method": "GET", "body_kind": "none", "try": False}
    flow = await number(hass, await go_on(hass, flow, **sent), "Target", "set = ")
    assert sent_by(flow)["path"] == "/set"


def test_a_body_of_its_own_is_another_command() -> None:
    entered = EnteredCommands()
    sent = {"path": "/set", "method": "POST", "body_kind": "json", "headers": []}
    for relay in (1, 2):
        entered.begin((), ())
        entered.take("on", {**sent, "body": f'{{"relay": {relay}}}', "try": True})
    entered.begin((), ())
    begun = entered.suggested(HTTP, "press", "")
    assert begun == {**sent, "try": True, "value": ""}
    assert entered.is_filled_in({**sent, "try": False})
    entered.suggested(HTTP, "press", "")
    assert not entered.is_filled_in({**sent, "body": '{"reset": true}', "try": True})


async def test_back_to_the_value_and_nothing_is_lost(hass: HomeAssistant, heater: Heater) -> None:
    flow = await lock(hass, heater)
    flow = await go_on(
        hass,
        flow,
        path="/lock_active",
        method="POST",
        body_kind="json",
        body="{",
        **{"try": True, "back": True},
    )
    assert flow["step_id"] == "describe_state"
    assert not heater.sent
    value = {key: each for key, each in suggested(flow).items() if each != ""}
    assert value["on_value"] == "Child lock"
    flow = await go_on(hass, flow, **value)
    assert sent_by(flow)["body"] == "{"
    flow = await post(hass, flow, "lock_active", '{"value": true}')
    assert words(flow)["meaning"] == "- **Child lock** is now `on`."
    flow = await choose(hass, flow, "describe_keep")
    assert words(flow)["command"] == "Turn off"


async def test_who_has_entered_nothing_can_go_back(hass: HomeAssistant, heater: Heater) -> None:
    flow = await lock(hass, heater)
    method = {"method": "POST", "body_kind": "none"}
    flow = await go_on(hass, flow, **method, **{"try": True, "back": True})
    assert flow["step_id"] == "describe_state"


async def test_what_another_command_sends_is_asked_about_without_a_try(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await lock(hass, heater)
    flow = await post(hass, flow, "lock_active", '{"value": true}')
    flow = await choose(hass, flow, "describe_keep")
    flow = await go_on(hass, flow, **{**suggested(flow), "try": False})
    assert flow["errors"] == {"body": "value"}  # its place is empty


async def test_a_button_has_no_value_to_go_back_to(hass: HomeAssistant, heater: Heater) -> None:
    flow = await add(hass, heater, "button", "Restart")
    assert "back" not in flow["data_schema"].schema


async def test_what_was_typed_comes_back_as_it_was(hass: HomeAssistant, heater: Heater) -> None:
    flow = await add(hass, heater, "climate")
    flow = await go_on(hass, flow, target=option(flow, "target", "set_temp"), **DEGREES)
    typed = '{\n  "value": {value}\n}'
    flow = await post(hass, flow, "set_temperature", typed, value="22")
    flow = await choose(hass, flow, "describe_keep")
    assert words(flow)["things"].endswith("</ha-icon> Thermostat")
    flow = await choose(hass, flow, "describe_edit")
    [picked] = flow["data_schema"].schema["thing"].config["options"]
    assert picked == {"value": "main", "label": "Thermostat"}
    flow = await go_on(hass, await go_on(hass, flow, thing="main"))
    flow = await go_on(hass, flow, **{k: each for k, each in suggested(flow).items() if each != ""})
    assert suggested(flow)["body"] == typed
    assert words(flow)["name"] == "Thermostat"


async def test_a_number_in_json_has_no_quotes(hass: HomeAssistant, heater: Heater) -> None:
    flow = await add(hass, heater, "number", "Power")
    limits = {"minimum": 0, "maximum": 2000, "step": 1, "scale": 1, "unit": "W"}
    limits["device_class"] = "power"
    flow = await go_on(hass, flow, field=option(flow, "field", "power = "), **limits)
    flow = await post(hass, flow, "power", '{"value": "{value}"}', value="300")
    assert heater.sent == [{"value": 300}]
    flow = await choose(hass, await choose(hass, flow, "describe_keep"), "describe_text")
    [text] = flow["data_schema"].schema
    changed = text.description["suggested_value"].replace("/power", "/other")
    own = description_values(changed)["components"]["main"]["own"]["power"]
    assert own["set"] == {"post": "/other", "json": {"value": "{value}"}}
    flow = await choose(hass, await go_on(hass, flow, text=changed), "describe_edit")
    flow = await go_on(hass, await go_on(hass, flow, thing="main.own.power"), name="Power")
    flow = await go_on(hass, flow, **{k: v for k, v in suggested(flow).items() if v != ""})
    assert suggested(flow)["body"] == '{"value": {value}}'
