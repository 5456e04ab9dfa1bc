"""A REST switch is described in the dialog, from nothing to a device that works."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from lan_edge import description_values
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, menu, words
from ..states import becomes, call
from .dialog import GET, NO_LOGIN, choose, empty_form, options_of

WHOLE = '"off"'

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")


def text_in(files: DriverFiles) -> str:
    """Return the text that was written."""
    return (files.devices / "garden_relay.yaml").read_text()


async def at(hass: HomeAssistant, device: RestSwitchEmulator, path: str = "/switch") -> Any:
    """Begin to describe a device, with what it is asked first."""
    flow = await empty_form(hass)
    assert flow["step_id"] == "describe_where"
    return await where(hass, flow, device, path)


async def where(
    hass: HomeAssistant, flow: Any, device: RestSwitchEmulator, path: str = "/switch"
) -> Any:
    """Fill in where a device is."""
    place = {"host": device.host, "port": device.port, "path": path}
    return await go_on(hass, flow, **place, access=NO_LOGIN, request=GET)


async def command(hass: HomeAssistant, flow: Any, body: str, *, is_tried: bool = True) -> Any:
    """Fill in a command of the switch."""
    sent = {"path": "/switch", "method": "POST", "body_kind": "text", "body": body}
    return await go_on(hass, flow, **sent, **{"try": is_tried})


async def with_switch(hass: HomeAssistant, device: RestSwitchEmulator) -> Any:
    """Describe the switch, up to the overview."""
    flow = await choose(hass, await at(hass, device), "describe_add")
    flow = await go_on(hass, flow, kind="switch")
    flow = await go_on(hass, flow, field=WHOLE)
    flow = await command(hass, flow, "on", is_tried=False)
    return await command(hass, flow, "off", is_tried=False)


async def test_from_nothing_to_a_device(
    hass: HomeAssistant, switch: RestSwitchEmulator, driver_files: DriverFiles
) -> None:
    flow = await at(hass, switch)
    assert "off" in words(flow)["answer"]
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="switch")
    assert flow["step_id"] == "describe_state"
    flow = await go_on(hass, flow, field=WHOLE)
    flow = await command(hass, flow, "on")
    assert flow["step_id"] == "describe_tried"
    assert "on" in words(flow)["state"]
    assert switch.state["on"]
    flow = await choose(hass, flow, "describe_keep")
    flow = await choose(hass, await command(hass, flow, "off"), "describe_keep")
    assert words(flow)["things"].endswith("</ha-icon> Switch")
    flow = await choose(hass, flow, "describe_finish")
    entry = created(await go_on(hass, flow, name="Garden relay", manufacturer="LAN"))
    await comes_online(entry)
    text = description_values(text_in(driver_files))
    assert text["products"] == [{"manufacturer": "LAN"}]
    await call(hass, "switch.turn_on", "switch.garden_relay")
    await becomes(hass, "switch.garden_relay", "on")
    assert switch.state["on"]


async def test_a_closed_dialog_is_offered_again(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    flow = await with_switch(hass, switch)
    hass.config_entries.flow.async_abort(flow["flow_id"])
    flow = await choose(hass, await menu(hass, "describe"), "describe_draft")
    [option] = flow["data_schema"].schema["draft"].config["options"]
    assert option["label"] == switch.host
    flow = await go_on(hass, flow, draft=option["value"], delete=False)
    assert words(flow)["things"].endswith("</ha-icon> Switch")
    flow = await choose(hass, flow, "describe_finish")
    created(await go_on(hass, flow, name="Garden relay"))
    assert "describe_draft" not in (await menu(hass, "describe"))["menu_options"]


async def test_what_is_wrong_in_the_text_is_shown_with_its_line(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    flow = await choose(hass, await with_switch(hass, switch), "describe_text")
    text = "description: 1\nid: x\nname: X\ntalks: htp\ncomponents: {}\n"
    flow = await go_on(hass, flow, text=text)
    assert flow["errors"] == {"text": "text_faults"}
    assert words(flow)["faults"].startswith("- `Line 4: talks ")
    assert "Did you mean http?" in words(flow)["faults"]


async def test_a_device_that_does_not_answer_is_an_error_of_the_form(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    flow = await at(hass, switch, "/missing")
    assert flow["step_id"] == "describe_where"
    assert flow["errors"] == {"base": "refused"}
    flow = await where(hass, flow, switch)
    assert flow["step_id"] == "describe_answer"


async def test_a_body_without_a_kind_is_sent(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    flow = await choose(hass, await at(hass, switch), "describe_add")
    flow = await go_on(hass, flow, kind="switch")
    assert options_of(flow, "field") == [WHOLE]
    flow = await go_on(hass, flow, field=WHOLE)
    sent = {"path": "/switch", "method": "POST", "body_kind": "none", "body": "on"}
    flow = await go_on(hass, flow, **sent, **{"try": True})
    assert flow["step_id"] == "describe_tried"
    assert switch.state["on"]


async def test_a_whole_url_is_pasted_as_the_address(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    flow = await empty_form(hass)
    url = f"http://{switch.host}:{switch.port}/switch"
    flow = await go_on(hass, flow, host=url, path="/", access=NO_LOGIN, request=GET)
    assert flow["step_id"] == "describe_answer"
    assert "off" in words(flow)["answer"]


@pytest.mark.parametrize("is_resumed", [False, True])
async def test_the_serial_number_is_picked_after_an_edited_text_or_a_pause(
    hass: HomeAssistant, switch: RestSwitchEmulator, driver_files: DriverFiles, is_resumed: bool
) -> None:
    flow = await with_switch(hass, switch)
    if is_resumed:
        hass.config_entries.flow.async_abort(flow["flow_id"])
        flow = await choose(hass, await menu(hass, "describe"), "describe_draft")
        [draft] = flow["data_schema"].schema["draft"].config["options"]
        flow = await go_on(hass, flow, draft=draft["value"], delete=False)
    else:
        flow = await choose(hass, flow, "describe_text")
        [field] = flow["data_schema"].schema
        flow = await go_on(hass, flow, text=field.description["suggested_value"])
    flow = await choose(hass, flow, "describe_finish")
    assert options_of(flow, "identity") == [WHOLE]
    created(await go_on(hass, flow, name="Garden relay", identity=WHOLE))
    assert description_values(text_in(driver_files))["identity"] == {"from": "switch"}
