"""What the forms fill in, and what they notice before it becomes a device that does not work."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from lan_edge import description_values

from ..entries import comes_online
from ..flow_steps import created, go_on, words
from ..states import becomes
from .dialog import GET, NO_LOGIN, choose, empty_form, option, options_of
from .house import House

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
RANGE = {"minimum": 0, "maximum": 200, "step": 1, "scale": 1}


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with House() as made:
        yield made


def suggested(flow: Any) -> dict[str, Any]:
    """Return what a form has in it."""
    keys = flow["data_schema"].schema
    made = {str(key): (key.description or {}).get("suggested_value") for key in keys}
    return {key: value for key, value in made.items() if value is not None}


async def at(hass: HomeAssistant, house: House, path: str = "/state") -> Any:
    """Describe a house, up to its answer."""
    place = {"host": house.host, "port": house.port, "path": path}
    return await go_on(hass, await empty_form(hass), **place, access=NO_LOGIN, request=GET)


async def number(hass: HomeAssistant, flow: Any, name: str, value: str, **given: Any) -> Any:
    """Add a number, up to what its value means."""
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="number", name=name)
    return await go_on(hass, flow, field=option(flow, "field", value), **{**RANGE, **given})


async def test_a_command_begins_with_the_value_now_and_the_path_of_the_one_before(
    hass: HomeAssistant, house: House
) -> None:
    flow = await number(hass, await at(hass, house), "Position", "pos = ")
    assert suggested(flow)["value"] == "100"
    sent = {"path": "/set?pos={value}", "method": "GET", "body_kind": "none", "try": True}
    flow = await go_on(hass, flow, **sent)
    assert flow["errors"] == {"value": "required"}
    flow = await go_on(hass, flow, **sent, value="100")
    assert flow["step_id"] == "describe_tried"
    flow = await choose(hass, flow, "describe_keep")
    flow = await number(hass, flow, "Target", "set = ")
    assert suggested(flow) == {
        "path": "/set",
        "method": "GET",
        "body_kind": "none",
        "headers": [],
        "value": "68",
        "try": True,
    }


async def test_the_range_of_a_number_has_its_value(hass: HomeAssistant, house: House) -> None:
    flow = await number(hass, await at(hass, house), "Position", "pos = ", maximum=99)
    assert flow["errors"] == {"maximum": "outside_range"}
    assert words(flow)["reason"] == "100"
    field = option(flow, "field", "pos = ")
    flow = await go_on(hass, flow, field=field, **{**RANGE, "minimum": 101})
    assert flow["errors"] == {"minimum": "outside_range"}
    flow = await go_on(hass, flow, field=field, **RANGE)
    assert flow["step_id"] == "describe_command_value"


@pytest.mark.parametrize("value", ["auto", True])
async def test_what_is_no_number_now_is_told_once(
    hass: HomeAssistant, house: House, value: object
) -> None:
    house.state["pos"] = value
    flow = await number(hass, await at(hass, house), "Position", "pos = ")
    assert flow["errors"] == {"field": "unread"}
    assert "not a number" in words(flow)["reason"]
    flow = await go_on(hass, flow, **suggested(flow))
    assert not flow["errors"]
    assert flow["step_id"] == "describe_command_value"


async def begun(hass: HomeAssistant, house: House, kind: str, name: str) -> Any:
    """Begin to add a thing, up to its value."""
    flow = await choose(hass, await at(hass, house), "describe_add")
    return await go_on(hass, flow, kind=kind, name=name)


async def test_what_is_unknown_now_is_said_in_the_end(hass: HomeAssistant, house: House) -> None:
    """Though it is the only value of the device, and was submitted again."""
    house.state["pos"] = "auto"
    flow = await begun(hass, house, "sensor", "Position")
    picked = {"field": option(flow, "field", "pos = "), "scale": 1, "is_text": False}
    flow = await go_on(hass, flow, **picked)
    assert suggested(flow)["is_text"] is True  # as it seems
    flow = await go_on(hass, flow, **picked)
    assert flow["errors"] == {"field": "not_a_number"}
    flow = await go_on(hass, flow, **picked)
    assert flow["step_id"] == "describe_overview"
    assert "every 10 s" in words(flow)["read"]
    flow = await choose(hass, flow, "describe_finish")
    assert "- Position: " in words(flow)["unknown"]
    entry = created(await go_on(hass, flow, name="House"))
    await comes_online(entry)
    await becomes(hass, "sensor.house_position", "unknown")
    house.state["pos"] = 5
    flow = await begun(hass, house, "sensor", "Position")
    flow = await go_on(hass, flow, field="pos", scale=1)
    flow = await choose(hass, flow, "describe_finish")
    assert words(flow)["unknown"] == ""


async def test_what_is_not_sent_now_is_said_in_the_end(hass: HomeAssistant, house: House) -> None:
    flow = await begun(hass, house, "binary_sensor", "Rain")
    for _ in range(2):
        flow = await go_on(hass, flow, field="rain")
    flow = await choose(hass, flow, "describe_finish")
    assert "- Rain: the device does not send `rain` now" in words(flow)["unknown"]
    entry = created(await go_on(hass, flow, name="House"))
    await comes_online(entry)
    await becomes(hass, "binary_sensor.house_rain", "unknown")


async def test_how_many_values_are_offered_of_a_long_answer(
    hass: HomeAssistant, house: House
) -> None:
    assert words(await at(hass, house))["count"] == "5"
    house.state |= {f"value{n}": n % 2 == 0 for n in range(245)}
    assert words(await at(hass, house))["count"] == "250"
    house.state |= {f"value{n}": n % 2 == 0 for n in range(300)}
    assert words(await at(hass, house))["count"] == "the first 250"


async def test_a_long_place_has_its_end_first(hass: HomeAssistant, house: House) -> None:
    """A field on a phone shows no more, and the value is in it."""
    house.state["shades"] = [{"shadeId": n, "currentPosition": 56 + n} for n in (1, 2)]
    flow = await begun(hass, house, "sensor", "Position")
    [label] = [
        each for each in options_of(flow, "field") if each.startswith("currentPosition = 57")
    ]
    assert label.endswith(" · shades[shadeId=1]")
    flow = await go_on(hass, flow, field=label, scale=1)
    flow = await choose(hass, await go_on(hass, flow, **suggested(flow)), "describe_text")
    [text] = flow["data_schema"].schema
    values = description_values(text.description["suggested_value"])
    own = values["components"]["main"]["own"]
    assert own["position"]["path"] == "shades[shadeId=1].currentPosition"


async def test_what_was_guessed_is_asked_about(hass: HomeAssistant, house: House) -> None:
    house.state |= {"level": 30, "fraction_level": 0.5}
    flow = await number(hass, await at(hass, house), "Level", "level = ")
    assert flow["step_id"] == "describe_guess_number"
    assert suggested(flow)["unit"] == "%"
    assert words(flow)["now"] == "30 %"
    flow = await go_on(hass, flow, **suggested(flow))
    assert flow["step_id"] == "describe_command_value"
    flow = await choose(hass, await at(hass, house), "describe_overview")
    flow = await number(hass, flow, "Part", "fraction_level = ")
    assert "unit" not in suggested(flow)  # half of one is no percentage
    assert suggested(flow)["step"] == 0.5


async def sensor(hass: HomeAssistant, flow: Any, name: str, value: str, **given: Any) -> Any:
    """Add a sensor, up to what its value means."""
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="sensor", name=name)
    return await go_on(hass, flow, field=option(flow, "field", value), scale=1, **given)


async def test_a_whole_number_in_a_small_unit(hass: HomeAssistant, house: House) -> None:
    house.state |= {"energy": 1187642, "temp": 384, "temperature": 385}
    flow = await sensor(hass, await at(hass, house), "Used", "energy = ")
    assert (suggested(flow)["unit"], words(flow)["now"]) == ("Wh", "1187642 Wh")
    flow = await sensor(hass, await go_on(hass, flow, **suggested(flow)), "Warmth", "temp = ")
    assert (suggested(flow)["scale"], words(flow)["now"]) == (0.1, "38.4 °C")
    flow = await go_on(hass, flow, **suggested(flow))
    flow = await sensor(hass, flow, "Air", "temperature = ", unit="K")
    assert flow["step_id"] == "describe_overview"  # what its owner says counts


async def test_one_bit_of_a_number(hass: HomeAssistant, house: House) -> None:
    house.state |= {"flags": 18, "status": 5}
    flow = await choose(hass, await at(hass, house), "describe_add")
    flow = await go_on(hass, flow, kind="binary_sensor", name="Sunny")
    flow = await go_on(hass, flow, field=option(flow, "field", "flags bit 4 = "))
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="binary_sensor", name="Windy")
    flow = await go_on(hass, flow, field="status bit 2")
    flow = await choose(hass, flow, "describe_edit")
    flow = await go_on(hass, await go_on(hass, flow, thing="main.own.windy"), name="Windy")
    assert suggested(flow)["field"] == "status bit 2"
    given = {key: each for key, each in suggested(flow).items() if each != ""}
    flow = await choose(hass, await go_on(hass, flow, **given), "describe_text")
    [text] = flow["data_schema"].schema
    own = description_values(text.description["suggested_value"])["components"]["main"]["own"]
    assert (own["sunny"]["path"], own["sunny"]["bit"]) == ("flags", 4)
    assert (own["windy"]["path"], own["windy"]["bit"]) == ("status", 2)


async def test_the_range_of_a_number_in_tenths(hass: HomeAssistant, house: House) -> None:
    house.state["target_temperature"] = 215
    flow = await at(hass, house)
    flow = await number(hass, flow, "Target", "target_temperature = ", minimum=0, maximum=100)
    assert (suggested(flow)["scale"], words(flow)["now"]) == (0.1, "21.5 °C")
    assert suggested(flow)["maximum"] <= 100


async def test_what_is_measured_by_its_unit(hass: HomeAssistant, house: House) -> None:
    house.state |= {"x1": 43, "x2": 44}
    flow = await sensor(hass, await at(hass, house), "Printer", "x1 = ", unit="W")
    assert (flow["step_id"], suggested(flow)["device_class"]) == ("describe_guess", "power")
    flow = await go_on(hass, flow, **suggested(flow))
    assert flow["step_id"] == "describe_overview"
    wrong = {"unit": "W", "device_class": "reactive_power"}
    flow = await sensor(hass, flow, "Lamp", "x2 = ", **wrong)
    assert flow["errors"] == {"unit": "unit_of_quantity"}
    assert words(flow)["reason"] == "kvar, mvar, var"
    flow = await go_on(hass, flow, **{**suggested(flow), "device_class": "power"})
    assert flow["step_id"] == "describe_overview"


async def cover(hass: HomeAssistant, flow: Any, name: str) -> Any:
    """Begin to add a cover, up to its values."""
    return await go_on(hass, await choose(hass, flow, "describe_add"), kind="cover", name=name)


async def test_commands_begin_with_what_those_before_have_in_common(
    hass: HomeAssistant, house: House
) -> None:
    """So none begins as if it were said already, such as close with the word of open."""
    flow = await cover(hass, await at(hass, house), "Left")
    counts = {"position_open": 0, "position_closed": 100, "can_stop": True}
    flow = await go_on(hass, flow, position=option(flow, "position", "pos "), **counts)
    for command, path in (
        ("", "/set?shade=1&moves=1"),
        ("/set?shade=1&moves=", "/set?shade=1&moves=-1"),
        ("/set?shade=1", "/set?shade=1&moves=0"),
    ):
        assert suggested(flow).get("path", "") == command
        if command:
            flow = await go_on(hass, flow, path=command, **{**GET, "try": False})
            assert flow["errors"] == {"path": "filled_in"}
        flow = await go_on(hass, flow, path=path, **{**GET, "try": False})
    assert suggested(flow)["path"] == "/set?shade=1"
    flow = await go_on(hass, flow, path="/set?shade=1&pos={value}", **{**GET, "try": False})
    flow = await cover(hass, flow, "Right")
    assert (suggested(flow)["position_open"], suggested(flow)["position_closed"]) == (0, 100)


async def test_a_url_is_pasted_as_the_path(hass: HomeAssistant, house: House) -> None:
    flow = await at(hass, house, f"http://<address>:{house.port}/state")
    assert '"pos": 100' in words(flow)["answer"]
    flow = await choose(hass, flow, "describe_overview")
    flow = await choose(hass, flow, "describe_request")
    flow = await go_on(hass, flow, path="/set?pos=90&url=http://a/b", **GET)
    assert flow["step_id"] == "describe_request"
    assert flow["errors"] == {"base": "refused"}


async def test_the_newest_answer_is_first_and_can_be_changed(
    hass: HomeAssistant, house: House
) -> None:
    flow = await at(hass, house)
    assert "describe_where" in flow["menu_options"]
    flow = await choose(hass, flow, "describe_overview")
    flow = await choose(hass, flow, "describe_request")
    flow = await go_on(hass, flow, path="/set?pos=90", **GET)
    assert "describe_where" not in flow["menu_options"]
    adding = await choose(hass, flow, "describe_add")
    adding = await go_on(hass, adding, kind="switch")
    assert options_of(adding, "field")[0] == "set: ok = true"


async def test_what_is_called_a_serial_number_is_first(hass: HomeAssistant, house: House) -> None:
    house.state |= {"net": {"macAddress": "A"}, "deviceId": "B", "paid": 2, "serial_number": "C"}
    flow = await choose(hass, await at(hass, house), "describe_add")
    flow = await go_on(hass, flow, kind="binary_sensor", name="Moves")
    flow = await go_on(hass, flow, field=option(flow, "field", "moves = "))
    flow = await choose(hass, flow, "describe_finish")
    first = [each.partition(" = ")[0] for each in options_of(flow, "identity")[:3]]
    assert first == ["net.macAddress", "deviceId", "serial_number"]
