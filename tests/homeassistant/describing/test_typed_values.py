"""Values that are typed instead of picked in the list."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from lan_edge import description_values

from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, words
from ..states import becomes
from .dialog import GET, choose, option, options_of
from .heater import Heater
from .test_noticed import DEGREES, MODES, add, another, post, suggested

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
WATTS = {"unit": "W", "device_class": "power", "is_text": False, "total": False, "scale": 1}


@pytest.fixture
async def heater() -> AsyncGenerator[Heater]:
    async with Heater() as made:
        yield made


async def own_of(hass: HomeAssistant, flow: Any) -> dict[str, Any]:
    """Return what the description has of its own, by its text."""
    flow = await choose(hass, flow, "describe_text")
    [text] = flow["data_schema"].schema
    values = description_values(text.description["suggested_value"])
    return dict(values["components"]["main"]["own"])


async def second_request(hass: HomeAssistant, flow: Any) -> Any:
    """Read the device by another request, too."""
    flow = await choose(hass, flow, "describe_request")
    return await go_on(hass, flow, path="/window", **GET)


async def test_a_name_that_is_typed_is_the_value_of_the_list(
    hass: HomeAssistant, heater: Heater, driver_files: DriverFiles
) -> None:
    flow = await add(hass, heater, "sensor", "Power")
    flow = await go_on(hass, flow, field="power")
    assert flow["step_id"] == "describe_guess"
    assert suggested(flow)["unit"] == "W"
    flow = await go_on(hass, flow, field="power", **WATTS)
    flow = await second_request(hass, flow)
    flow = await another(hass, flow, "binary_sensor", "Window")
    flow = await go_on(hass, flow, field="window: open")
    flow = await another(hass, flow, "sensor", "Fan")
    flow = await go_on(hass, flow, field="fan", unit="rpm", is_text=False, total=False, scale=1)
    assert flow["step_id"] == "describe_overview"
    flow = await choose(hass, flow, "describe_finish")
    await comes_online(created(await go_on(hass, flow, name="Heater")))
    await becomes(hass, "sensor.heater_power", "900.0")
    await becomes(hass, "sensor.heater_fan", "2.0")
    await becomes(hass, "binary_sensor.heater_window", "off")


async def test_what_an_older_draft_reads_is_said_when_there_is_another_request(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await add(hass, heater, "sensor", "Power")
    flow = await go_on(hass, flow, field=option(flow, "field", "power = "), **WATTS)
    flow = await choose(hass, flow, "describe_text")
    [text] = flow["data_schema"].schema
    older = text.description["suggested_value"].replace("from: status, ", "")
    older = older.replace("from: status\n", "\n")
    assert "from" not in older
    flow = await second_request(hass, await go_on(hass, flow, text=older))
    flow = await another(hass, flow, "binary_sensor", "Window")
    flow = await go_on(hass, flow, field=option(flow, "field", "window: open"))
    assert flow["step_id"] == "describe_overview"
    assert (await own_of(hass, flow))["power"]["from"] == "status"


async def test_all_values_of_a_thermostat_stay_as_they_were_typed(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await add(hass, heater, "climate")
    typed = {"target": "set_temperature", "current": "fan", "mode": "operation_mode"}
    flow = await go_on(hass, flow, **typed, **DEGREES, **MODES)
    flow = await post(hass, flow, "set_temperature", '{"value": {value}}', **{"try": False})
    flow = await post(hass, flow, "operation_mode", '{"value": "{value}"}', **{"try": False})
    flow = await choose(hass, flow, "describe_edit")
    flow = await go_on(hass, await go_on(hass, flow, thing="main"))
    assert suggested(flow)["current"] == "fan = 2"
    assert suggested(flow)["mode"] == 'operation_mode = "Heat"'


async def test_what_the_device_has_not_sent_is_told_once_then_kept(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await add(hass, heater, "sensor", "Voltage")
    for typed in ("volt", "voltage"):
        flow = await go_on(hass, flow, field=typed, **WATTS)
        assert flow["errors"] == {"field": "not_sent"}
        assert words(flow)["reason"] == typed
    flow = await go_on(hass, flow, field="voltage", **WATTS)
    assert flow["step_id"] == "describe_overview"
    assert (await own_of(hass, flow))["voltage"]["path"] == "voltage"


async def test_what_is_kept_is_not_told_again_when_it_is_changed(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await add(hass, heater, "climate")
    picks = {"target": "set_temperature", "current": "room", "mode": "operation_mode"}
    flow = await go_on(hass, flow, **picks, **DEGREES, **MODES)
    assert flow["errors"] == {"current": "not_sent"}
    flow = await go_on(hass, flow, **picks, **DEGREES, **MODES)
    flow = await post(hass, flow, "set_temperature", '{"value": {value}}', **{"try": False})
    flow = await post(hass, flow, "operation_mode", '{"value": "{value}"}', **{"try": False})
    flow = await choose(hass, flow, "describe_edit")
    flow = await go_on(hass, await go_on(hass, flow, thing="main"))
    assert suggested(flow)["current"] == "room"
    known = suggested(flow) | {"highest": 25}
    flow = await go_on(hass, flow, **known)
    assert flow["step_id"] == "describe_command_value"


async def test_the_items_of_a_list_are_told_apart_by_their_names(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.state["outlets"] = [{"Name": "Router", "on": 1}, {"Name": "NAS", "on": 0}]
    heater.state["zones"] = [{"ID": 7, "name": "Hall", "open": 1}, {"ID": 8, "open": 0}]
    flow = await add(hass, heater, "binary_sensor", "Hall")
    shown = options_of(flow, "field")
    assert "outlets[Name=Router].on = 1" in shown
    assert "outlets[0].on = 1 (Router)" in shown
    assert "zones[ID=7].open = 1 (Hall)" in shown
    assert "zones[ID=8].open = 0" in shown
    flow = await go_on(hass, flow, field="zones[ID=7].open")
    assert flow["step_id"] == "describe_overview"
    assert (await own_of(hass, flow))["hall"]["path"] == "zones[ID=7].open"


async def test_an_id_that_the_device_has_not_sent_is_told_once(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.state["net"] = {"id": "A1"}
    flow = await add(hass, heater, "sensor", "Power")
    flow = await go_on(hass, flow, field=option(flow, "field", "power = "), **WATTS)
    flow = await choose(hass, flow, "describe_finish")
    said = {"name": "Heater", "identity": "net.id", "firmware": "version", "mac": "mac"}
    for field in ("firmware", "mac"):
        flow = await go_on(hass, flow, **said)
        assert flow["errors"] == {field: "not_sent"}
        assert words(flow)["reason"] == said[field]
    flow = await go_on(hass, flow, **{**said, "identity": "serial"})
    assert flow["errors"] == {"identity": "not_sent"}
    entry = created(await go_on(hass, flow, **said))
    await comes_online(entry)
    assert entry.unique_id == "a1"
