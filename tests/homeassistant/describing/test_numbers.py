"""Numbers that can be set: what their unit and their range seem to be is asked about."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import orjson
import pytest

from custom_components.lan_edge.describing.likely_range import likely_range
from custom_components.lan_edge.describing.numbers import number_text
from lan_edge.declarative.picking.fields import fields_of
from lan_edge.declarative.reading.received import Received

from ..flow_steps import go_on, words
from .dialog import choose, option
from .heater import Heater
from .test_noticed import add, suggested

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
USUAL: dict[str, Any] = {"minimum": 0, "maximum": 100, "step": 1, "scale": 1}


@pytest.fixture
async def heater() -> AsyncGenerator[Heater]:
    async with Heater() as made:
        yield made


async def test_the_name_and_the_limits_of_a_number_are_asked_about(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.state |= {"pilot": 16, "min_current": 6, "max_current_hard": 32, "max_power": 7}
    flow = await add(hass, heater, "number", "Charge current")
    flow = await go_on(hass, flow, field=option(flow, "field", "pilot = "), **USUAL)
    assert flow["step_id"] == "describe_guess_number"
    asked = suggested(flow)
    assert (asked["unit"], asked["device_class"]) == ("A", "current")
    assert (asked["minimum"], asked["maximum"]) == (6, 32)
    said = words(flow)
    assert (said["now"], said["minimum"], said["maximum"]) == ("16 A", "6", "32")
    flow = await go_on(hass, flow, **asked)
    assert flow["step_id"] == "describe_command_value"


async def test_a_range_that_was_entered_stays(hass: HomeAssistant, heater: Heater) -> None:
    flow = await add(hass, heater, "number", "Limit")
    power = option(flow, "field", "power = ")
    flow = await go_on(hass, flow, field=power, **{**USUAL, "maximum": 3000, "scale": 0.001})
    assert words(flow)["now"] == "0.9 W"
    assert suggested(flow)["maximum"] == 3000
    assert suggested(flow)["step"] == 0.1


async def test_the_usual_range_is_widened_when_the_value_is_scaled_out_of_it(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await add(hass, heater, "number", "Limit")
    power = option(flow, "field", "power = ")
    flow = await go_on(hass, flow, field=power, **{**USUAL, "scale": 0.001})
    flow = await go_on(hass, flow, **{**suggested(flow), "scale": 1})
    assert not flow["errors"]
    assert suggested(flow)["maximum"] == 1000
    # what its owner has checked is not changed again
    flow = await go_on(hass, flow, **{**suggested(flow), "maximum": 100})
    assert flow["errors"] == {"maximum": "outside_range"}


async def test_what_seemed_so_is_not_kept_for_another_value(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await add(hass, heater, "number", "Limit")
    flow = await go_on(
        hass, flow, field=option(flow, "field", "power = "), **USUAL, unit="W", device_class="power"
    )
    asked = suggested(flow)
    assert asked["maximum"] == 1000
    asked["field"] = option(flow, "field", "set_temperature = ")
    flow = await go_on(hass, flow, **asked)
    assert flow["step_id"] == "describe_command_value"
    flow = await go_on(hass, flow, path="/x", method="GET", body_kind="none", back=True)
    assert suggested(flow)["maximum"] == 100


async def test_the_next_thing_begins_empty(hass: HomeAssistant, heater: Heater) -> None:
    flow = await add(hass, heater, "number", "Speed")
    fan = option(flow, "field", "fan = ")
    flow = await go_on(hass, flow, field=fan, **{**USUAL, "maximum": 5})
    sent = {"path": "/fan", "method": "POST", "body": '{"value": {value}}', "value": "2"}
    flow = await go_on(hass, flow, **sent, body_kind="none", **{"try": True})
    flow = await choose(hass, flow, "describe_overview")
    flow = await choose(hass, flow, "describe_add")
    assert suggested(flow) == {"kind": "switch"}
    flow = await go_on(hass, flow, kind="number", name="Speed")
    assert suggested(flow)["maximum"] == 5


@pytest.mark.parametrize(
    ("sent", "called", "found"),
    [
        ({"a": {"level": 5, "min": 1, "max": 9}}, "", (1, 9, 1)),
        ({"level": 5, "levelMin": 2, "levelMax": 8}, "", (2, 8, 1)),
        ({"level": 5, "levelMin": 6, "levelMax": 4}, "", (0, 100, 1)),
        ({"level": 5, "max_level_today": 7, "max_speed": 8}, "", (0, 100, 1)),
        ({"level": 5, "max_level": True, "min_level": "low"}, "", (0, 100, 1)),
        ({"level": 5, "max_level": 6, "other": {"max_level": 7}}, "", (0, 6, 1)),
        ({"level": 5, "max_fan_speed": 9, "max_speed": 8}, "Fan speed", (0, 9, 1)),
        ({"level": 254}, "", (0, 500, 1)),
        ({"level": -12.5}, "", (-20, 100, 0.5)),
        ({"level": 21.3}, "", (0, 100, 0.1)),
        ({"level": None}, "", None),
        ({"max_level": 16, "min_level": 6}, "", (6, 100, 1)),
        ({"min_level": 16, "level_limit": 32, "max_level": 40}, "", (0, 40, 1)),
        ({"level": 0, "max_level": None}, "", (0, 100, 1)),
        ({"level": 0, "max_level": 0}, "", (0, 100, 1)),
        ({"level": 5, "max_level_time": 3600}, "", (0, 100, 1)),
        ({"level": 1.1e308}, "", None),
        ({"level": 5e-324}, "", None),
        ({"level": 5, "max_level": 1e300}, "", (0, 100, 1)),
        ({"level": 150, "min_level": 120}, "", (120, 200, 1)),
    ],
)
def test_likely_ranges(sent: Any, called: str, found: tuple[float, ...] | None) -> None:
    fields = fields_of(Received(orjson.dumps(sent)))
    field = next(each for each in fields if each.place.endswith("level"))
    assert likely_range(field, called, fields, 1) == found


@pytest.mark.parametrize("scale", [1e308, -1, 1e-300])
def test_there_is_no_range_by_an_odd_scale(scale: float) -> None:
    [field] = fields_of(Received(orjson.dumps({"level": 50})))
    assert likely_range(field, "", [field], scale) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (16.0, "16"),
        (1234567.89, "1234567.89"),
        (12345.678, "12345.678"),
        (2e6, "2000000"),
        (0.00001, "0.00001"),
        (0.1 + 0.2, "0.3"),
        (1e20, "1e+20"),
    ],
)
def test_numbers_as_their_owners_read_them(number: float, text: str) -> None:
    assert number_text(number) == text


def test_there_is_no_range_for_what_is_no_number() -> None:
    fields = fields_of(Received(orjson.dumps({"a": True, "b": "x", "c": "inf"})))
    assert [likely_range(each, "", fields, 1) for each in fields] == [None, None, None]
