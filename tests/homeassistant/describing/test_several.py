"""Several values are added at once, as what they seem to be."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.describing.value_names import Nameless, names_of
from lan_edge import description_values

from ..flow_steps import go_on, suggested, words
from .dialog import GET, NO_LOGIN, choose, empty_form, option, options_of
from .heater import Heater

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
STATE = {
    "temp": 14.5,
    "inside": {"temp": 19.5},
    "meters": [{"name": "Boiler", "power": 900}],
    "door": False,
    "mode": "away",
    "rcnt": 7,
    "nothing": None,
}
LABELS = {
    "temp = 14.5": "temp = 14.5 → Temperature, °C",
    "inside.temp = 19.5": "inside.temp = 19.5 → Temperature, °C",
    'meters[0].name = "Boiler"': 'meters[0].name = "Boiler"',
    "meters[0].power = 900 (Boiler)": "meters[0].power = 900 (Boiler) → Power, W",
    "door = false": "door = false → Door",
    'mode = "away"': 'mode = "away"',
    "rcnt = 7": "rcnt = 7",
}


async def at(hass: HomeAssistant, heater: Heater) -> Any:
    """Describe a device with these values, up to its answer."""
    heater.state = STATE
    place = {"host": heater.host, "port": heater.port, "path": "/status"}
    return await go_on(hass, await empty_form(hass), **place, access=NO_LOGIN, request=GET)


def offered(flow: Any) -> dict[str, str]:
    """Return what is said of each value that can be picked."""
    assert flow["step_id"] == "describe_several"
    return {each["value"]: each["label"] for each in options_of(flow, "values")}


async def own_in(hass: HomeAssistant, flow: Any) -> Any:
    """Return what is in the text of the description."""
    text = suggested(await choose(hass, flow, "describe_text"))["text"]
    return description_values(text)["components"]["main"]["own"]


async def test_each_becomes_what_it_seems_to_be(hass: HomeAssistant) -> None:
    async with Heater() as heater:
        flow = await choose(hass, await at(hass, heater), "describe_several")
        shown = offered(flow)
        assert {label: shown[label] for label in LABELS} == LABELS
        assert not any(each.startswith("nothing") for each in shown)
        flow = await go_on(hass, flow)
        assert flow["errors"] == {"values": "required"}
        flow = await go_on(hass, flow, values=list(LABELS))
        assert flow["step_id"] == "describe_overview"
        own = await own_in(hass, flow)
    quantity = {"number": True, "unit": "°C", "device_class": "temperature", "from": "status"}
    assert own == {
        "temp": {"name": "Temp", **quantity, "path": "temp"},
        "insideTemp": {"name": "Inside temp", **quantity, "path": "inside.temp"},
        "boilerName": {
            "text": True,
            "name": "Boiler name",
            "from": "status",
            "path": "meters[0].name",
        },
        "boilerPower": {
            "number": True,
            "name": "Boiler Power",
            "unit": "W",
            "device_class": "power",
            "from": "status",
            "path": "meters[0].power",
        },
        "door": {
            "switch": True,
            "name": "Door",
            "device_class": "door",
            "from": "status",
            "path": "door",
        },
        "mode": {"text": True, "name": "Mode", "from": "status", "path": "mode"},
        "rcnt": {"number": True, "name": "Rcnt", "from": "status", "path": "rcnt"},
    }


async def test_the_overview_says_their_units(hass: HomeAssistant) -> None:
    async with Heater() as heater:
        flow = await choose(hass, await at(hass, heater), "describe_several")
        flow = await go_on(hass, flow, values=["temp = 14.5", "rcnt = 7"])
    shown = [each.partition("</ha-icon> ")[2] for each in words(flow)["things"].splitlines()]
    assert shown == ["Temperature (°C)", "Rcnt"]


async def test_a_text_that_is_not_changed_leads_back(hass: HomeAssistant) -> None:
    async with Heater() as heater:
        flow = await choose(hass, await at(hass, heater), "describe_overview")
    flow = await choose(hass, flow, "describe_text")  # which has nothing yet: it cannot be used
    flow = await go_on(hass, flow, text=suggested(flow)["text"])
    assert flow["step_id"] == "describe_overview_empty"


async def test_what_is_used_is_not_offered_again(hass: HomeAssistant) -> None:
    async with Heater() as heater:
        flow = await choose(hass, await at(hass, heater), "describe_add")
        flow = await go_on(hass, flow, kind="sensor", name="Temperature")
        field = option(flow, "field", "temp = ")
        flow = await go_on(hass, flow, field=field, is_text=False, total=False, scale=1)
        if flow["step_id"] == "describe_guess":
            flow = await go_on(hass, flow, **suggested(flow))
        flow = await choose(hass, flow, "describe_several")
        assert field not in offered(flow)
        flow = await go_on(hass, flow, values=["inside.temp = 19.5"])
        assert [each["name"] for each in (await own_in(hass, flow)).values()] == [
            "Temperature",
            "Temp",
        ]


async def test_each_value_is_offered_once(hass: HomeAssistant) -> None:
    async with Heater() as heater:
        items = [{"name": "A", "power": 1}, {"name": "B", "power": 2}]
        heater.state = {"inputs": items, "outputs": items[:1]}
        place = {"host": heater.host, "port": heater.port, "path": "/status"}
        flow = await go_on(hass, await empty_form(hass), **place, access=NO_LOGIN, request=GET)
        shown = [*offered(await choose(hass, flow, "describe_several"))]
    assert len([each for each in shown if "power" in each]) == 3


async def test_there_may_be_nothing_left(hass: HomeAssistant) -> None:
    async with Heater() as heater:
        flow = await choose(hass, await at(hass, heater), "describe_several")
        flow = await go_on(hass, flow, values=list(offered(flow)))
        flow = await choose(hass, flow, "describe_several")
        assert offered(flow) == {}
        assert flow["errors"] == {"base": "all_used"}


async def test_the_words_are_those_of_the_user(hass: HomeAssistant) -> None:
    hass.config.language = "de"
    async with Heater() as heater:
        flow = await choose(hass, await at(hass, heater), "describe_several")
        assert offered(flow)["temp = 14.5"] == "temp = 14.5 → Temperatur, °C"
        flow = await go_on(hass, flow, values=["temp = 14.5"])
        [own] = (await own_in(hass, flow)).values()
    assert own["name"] == "Temperatur"


def nameless(place: str, quantity: str = "", called: str = "") -> Nameless:
    return Nameless(quantity, place, called, "Sensor")


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([nameless("temp", "Temperature")], ["Temperature"]),
        (
            [nameless("a.temp", "Temperature"), nameless("b.temp", "Temperature")],
            ["A temp", "B temp"],
        ),
        ([nameless("power", "Power")] * 3, ["Power 2", "Power 3", "Power 4"]),
        ([nameless("realPower")], ["Real power"]),
        ([nameless("outlets[0].power", "Power", "Boiler")], ["Boiler Power"]),
        ([nameless("")], ["Sensor"]),
        ([nameless("wifi.ip"), nameless("RSSI")], ["IP", "RSSI"]),
        ([nameless("power", "Power", "\u202eBoi\nler" + 80 * "x")], ["Boi ler" + 53 * "x"]),
        ([nameless("", "", "")] * 2, ["Sensor", "Sensor 2"]),
    ],
)
def test_names(values: list[Nameless], names: list[str]) -> None:
    assert names_of(values, ["power"]) == names
