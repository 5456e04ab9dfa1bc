"""Entities: an action reaches the device, and a change of the device reaches the state."""

from collections.abc import Iterator
from contextlib import contextmanager
import math
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from homeassistant.components.light import LightEntityFeature
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.setup import async_setup_component
from homeassistant.util.color import value_to_brightness
import pytest

from custom_components.lan_edge.entities.mapping import entity_specs
from custom_components.lan_edge.light import LEVELS
from lan_edge import (
    Component,
    Confirm,
    Device,
    JsonRpcOptions,
    Profile,
    Refresh,
    Switch,
    SwitchLevel,
    capability,
)
from tests.bundled import driver_for
from tests.emulators.faults import HttpOverride
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.wemo import WemoEmulator

from .entries import BULB_ID, device_of, set_up
from .json_bulb import push
from .lab import ALL, LAMP, Filter, lab
from .stage import Actor, enter, stage
from .states import becomes, call, state, unavailable
from .waiting import eventually

RELAY = "switch.fountain"
LAMP_ID = "light.desk_lamp"


def sent(device: Any, command: str = "set") -> list[Any]:
    return [r.params for r in device.log if r.command == command]


async def test_switch(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    await set_up(hass, "rest_switch", "relay-1", switch)
    assert state(hass, RELAY) == "off"
    await call(hass, "switch.turn_on", RELAY)
    assert switch.state == {"on": True}
    assert state(hass, RELAY) == "on"
    await call(hass, "switch.toggle", RELAY)
    assert switch.state == {"on": False}
    assert state(hass, RELAY) == "off"


async def test_update_entity_reads_the_device(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    await set_up(hass, "rest_switch", "relay-1", switch)
    await switch.change(on=True)
    await call(hass, "homeassistant.update_entity", RELAY)
    assert state(hass, RELAY) == "on"


async def test_update_entity_of_a_device_that_is_off(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    await set_up(hass, "rest_switch", "relay-1")
    await call(hass, "homeassistant.update_entity", "switch.device")
    assert unavailable(hass, "switch.device")
    assert "Error" not in caplog.text


async def test_a_device_that_lies_is_shown_as_it_is(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    await set_up(hass, "rest_switch", "relay-1", switch)
    switch.faults.lie = True
    with pytest.raises(HomeAssistantError, match=r"^Fountain accepted the command but stayed off$"):
        await call(hass, "switch.turn_on", RELAY)
    assert state(hass, RELAY) == "off"


async def test_a_part_that_lies_is_named(hass: HomeAssistant, device: Actor) -> None:
    parts = {name: Component((Switch,), name.title()) for name in ("lamp", "fan")}
    stage(Profile(Switch, **parts), confirm=Confirm.PUSH)
    await enter(hass, device)
    device.show(Switch.switch, True)
    for name in parts:
        device.show(Switch.switch, False, name)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, "switch.turn_on", "all")
    for name in ("Lamp", "Fan"):
        assert f"Device {name} accepted the command but stayed off." in str(caught.value)


async def test_light(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    shown = hass.states.get(LAMP_ID)
    assert shown is not None
    assert shown.attributes["supported_color_modes"] == ["brightness"]
    assert shown.attributes["supported_features"] == LightEntityFeature.TRANSITION
    await call(hass, "light.turn_on", LAMP_ID)
    assert bulb.state == {"on": True, "level": 100}
    assert sent(bulb) == [{"on": True}]
    await becomes(hass, LAMP_ID, "on", brightness=255)
    await bulb.change(level=20)
    await becomes(hass, LAMP_ID, "on", brightness=51)
    await call(hass, "light.turn_on", LAMP_ID, brightness_pct=7, transition=2.5)
    assert bulb.state == {"on": True, "level": 7}
    assert sent(bulb)[-1] == {"level": 7, "fade": 2.5}
    await call(hass, "light.turn_off", LAMP_ID)
    assert bulb.state == {"on": False, "level": 7}
    assert state(hass, LAMP_ID) == "off"


async def test_brightness_is_exact_both_ways(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    for level in range(1, 101):
        await bulb.change(on=True, level=level)
        brightness = value_to_brightness(LEVELS, level)
        await becomes(hass, LAMP_ID, "on", brightness=brightness)
        # what is shown, set again, is the same level
        await call(hass, "light.turn_on", LAMP_ID, brightness=brightness)
        assert bulb.state["level"] == level
    for brightness in range(1, 256):  # and every brightness is a level the lamp can have
        await call(hass, "light.turn_on", LAMP_ID, brightness=brightness)
        assert abs(bulb.state["level"] - brightness / 2.55) <= 1
        assert bulb.state["on"]


async def test_brightness_turns_a_dark_lamp_on(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    await call(hass, "light.turn_on", LAMP_ID, brightness=128)
    assert bulb.state == {"on": True, "level": 50}
    first, *more = sent(bulb)
    assert first == {"level": 50, "fade": 0}
    assert more in ([], [{"on": True}])  # which is sent, too, if the bulb reports late that it is
    await call(hass, "light.turn_on", LAMP_ID, brightness=0)
    assert bulb.state["on"] is False


async def test_a_level_that_does_not_turn_on_is_followed_by_on(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    bulb.faults.ignore = True
    with pytest.raises(
        HomeAssistantError, match=r"^Desk lamp accepted the command but stayed off$"
    ):
        await call(hass, "light.turn_on", LAMP_ID, brightness=128)
    assert sent(bulb) == [{"level": 50, "fade": 0}, {"on": True}]


async def test_transition_alone_goes_to_the_last_level(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    await bulb.change(level=30)
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    await call(hass, "light.turn_on", LAMP_ID, transition=4)
    first, *others = sent(bulb)
    assert first == {"level": 30, "fade": 4}
    assert others in ([], [{"on": True}])  # where it has not reported yet that it is on
    assert bulb.state == {"on": True, "level": 30}


async def test_level_zero(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    await push(bulb, on=True, level=0)
    await becomes(hass, LAMP_ID, "on", brightness=0)


async def test_wemo(hass: HomeAssistant, start_discovery: None) -> None:
    async with WemoEmulator(kind="dimmer", name="Hall") as wemo:
        await set_up(hass, "wemo", wemo.udn, wemo)
        await call(hass, "light.turn_on", "light.hall", brightness_pct=40)
        assert wemo.state == {"on": True, "level": 40}
        await becomes(hass, "light.hall", "on", brightness=102)
    async with WemoEmulator(kind="insight", name="Coffee") as wemo:
        await set_up(hass, "wemo", wemo.udn, wemo)
        await wemo.change(on=True, milliwatts=1_234_000)
        assert await async_setup_component(hass, "homeassistant", {})
        await call(hass, "homeassistant.update_entity", "switch.coffee")
        await becomes(hass, "sensor.coffee_power", "1234.0")
        await becomes(hass, "switch.coffee", "on")


# every sort of attribute


async def test_attributes_as_entities(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    await set_up(hass, "lab", BULB_ID, bulb)
    await push(
        bulb,
        profile=ALL.as_dict(),
        lab=[
            ["powerMeter.power", 12.5, "main"],
            ["energyMeter.energy", 3, "main"],
            ["acme.filter.filterLife", 80, "main"],
            ["acme.filter.mode", "turbo", "main"],
            ["acme.filter.target", 21.5, "main"],
            ["acme.filter.offset", -3, "main"],
            ["acme.filter.humidity", 45, "main"],
            ["acme.filter.wet", True, "main"],
            ["acme.filter.note", "x" * 300, "main"],
            ["acme.filter.odd", 1, "main"],
            ["acme.filter.inner", 1, "main"],
        ],
    )
    await becomes(
        hass,
        "sensor.desk_lamp_power",
        "12.5",
        unit_of_measurement="W",
        device_class="power",
        state_class="measurement",
    )
    await becomes(
        hass,
        "sensor.desk_lamp_energy",
        "3.0",
        unit_of_measurement="kWh",
        device_class="energy",
        state_class="total_increasing",
    )
    await becomes(
        hass,
        "sensor.desk_lamp_mode",
        "turbo",
        device_class="enum",
        options=["quiet", "turbo"],
        state_class=None,
    )
    await becomes(hass, "sensor.desk_lamp_filter_life", "80", unit_of_measurement="%")
    await becomes(hass, "sensor.desk_lamp_humidity", "45.0", device_class="humidity")
    await becomes(hass, "binary_sensor.desk_lamp_wet", "on", device_class="moisture")
    await becomes(hass, "sensor.desk_lamp_note", "x" * 255)
    await becomes(hass, "sensor.desk_lamp_odd", "1.0", device_class=None)
    await becomes(
        hass,
        "number.desk_lamp_target",
        "21.5",
        min=5,
        max=30,
        unit_of_measurement="°C",
        device_class="temperature",
    )
    await becomes(hass, "number.desk_lamp_offset", "-3", min=-1e9, max=1e9, step=1)
    assert not [s for s in hass.states.async_entity_ids() if "inner" in s or "unhandled" in s]
    registered = er.async_get(hass).async_get("sensor.desk_lamp_filter_life")
    assert registered is not None
    assert registered.entity_category is EntityCategory.DIAGNOSTIC


async def test_numbers(hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator) -> None:
    lab()
    await set_up(hass, "lab", BULB_ID, bulb)
    with pytest.raises(HomeAssistantError):  # this emulator knows no target
        await call(hass, "number.set_value", "number.desk_lamp_target", value=21.5)
    assert sent(bulb, "target") == [{"value": 21.5}]
    with pytest.raises(HomeAssistantError):
        await call(hass, "number.set_value", "number.desk_lamp_offset", value=-7)
    assert sent(bulb, "offset") == [{"value": -7}]
    assert type(sent(bulb, "offset")[0]["value"]) is int
    with pytest.raises(ServiceValidationError):
        await call(hass, "number.set_value", "number.desk_lamp_target", value=99)
    assert len(sent(bulb, "target")) == 1


async def test_number_of_a_level(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    await set_up(hass, "lab", BULB_ID, bulb)
    await push(bulb, profile=LAMP.as_dict())
    await eventually(lambda: hass.states.get("number.desk_lamp_aux_level"))
    await call(hass, "number.set_value", "number.desk_lamp_aux_level", value=33)
    assert sent(bulb) == [{"level": 33, "fade": 2}]


@pytest.mark.usefixtures("all_enabled")
async def test_buttons(hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator) -> None:
    lab()
    await set_up(hass, "lab", BULB_ID, bulb)
    await push(bulb, profile=Profile(Switch, Refresh).as_dict())
    await eventually(lambda: hass.states.get("button.desk_lamp_refresh"))
    reads = len(sent(bulb, "get"))
    await call(hass, "button.press", "button.desk_lamp_refresh")
    assert len(sent(bulb, "get")) == reads + 1


# errors


def refused_with(caught: pytest.ExceptionInfo[HomeAssistantError]) -> str:
    error = caught.value
    assert error.translation_domain == "lan_edge"
    assert error.translation_placeholders is not None
    assert error.translation_placeholders["device"]
    assert error.translation_placeholders["reason"]
    assert error.translation_key is not None
    assert str(error)
    return error.translation_key


async def test_refused(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    bulb.faults.refuse = True
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, "light.turn_on", LAMP_ID)
    assert not isinstance(caught.value, ServiceValidationError)
    assert refused_with(caught) == "refused"
    assert str(caught.value).startswith("Desk lamp refused: ")
    assert state(hass, LAMP_ID) == "off"


async def test_timed_out_then_offline(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    with patch.object(driver_for("json_bulb"), "options", JsonRpcOptions(timeout=0.1)):
        await set_up(hass, "json_bulb", BULB_ID, bulb)
    bulb.faults.silent = True
    with (
        patch("lan_edge.connection.connection.DOUBT_TIMEOUT", 0.1),
        pytest.raises(HomeAssistantError) as caught,
    ):
        await call(hass, "light.turn_on", LAMP_ID)
    assert refused_with(caught) == "timed_out"
    await becomes(hass, LAMP_ID, "unavailable")


async def test_offline(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    with patch("lan_edge.connection.availability.GRACE", 0.01):
        await bulb.down()
        await becomes(hass, LAMP_ID, "unavailable")
    entity = hass.data["light"].get_entity(LAMP_ID)
    with pytest.raises(HomeAssistantError) as caught:
        await entity.async_turn_on()
    assert not isinstance(caught.value, ServiceValidationError)
    assert refused_with(caught) == "offline"
    assert device_of(entry).connection.reason is not None


async def test_unsupported(hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator) -> None:
    lab()
    await set_up(hass, "lab", BULB_ID, bulb)
    entity = hass.data["light"].get_entity(LAMP_ID)
    with pytest.raises(ServiceValidationError) as caught:
        await entity.send(Filter.unhandled)
    assert refused_with(caught) == "unsupported"


async def test_bad_argument(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    entity = hass.data["light"].get_entity(LAMP_ID)
    with pytest.raises(ServiceValidationError) as caught:
        await entity.send(SwitchLevel.set_level, 101)
    assert refused_with(caught) == "argument"
    assert not sent(bulb)


async def test_a_drivers_bug(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    lab()
    await set_up(hass, "lab", BULB_ID, bulb)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, "button.press", "button.desk_lamp_reset_filter")
    assert not isinstance(caught.value, ServiceValidationError)
    assert refused_with(caught) == "driver"
    assert "a bug" in caplog.text
    await call(hass, "light.turn_on", LAMP_ID)  # and nothing else is broken
    assert bulb.state["on"]


# what comes and goes


async def test_a_profile_change_adds_and_removes_entities(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    assert state(hass, LAMP_ID) == "off"
    await push(bulb, profile=Profile(Switch).as_dict())
    await becomes(hass, "switch.desk_lamp", "off")
    await eventually(lambda: hass.states.async_entity_ids() == ["switch.desk_lamp"])
    assert len(er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)) == 1
    await push(bulb, profile=LAMP.as_dict(), on=True)
    await becomes(hass, LAMP_ID, "on")
    wanted = {LAMP_ID, "number.desk_lamp_aux_level", "switch.desk_lamp_relay"}
    await eventually(lambda: {*hass.states.async_entity_ids()} == wanted)


async def test_two_profile_changes_at_once(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    device = device_of(entry)
    device._core.components.replace(LAMP)
    device._core.components.replace(Profile(Switch))
    device._core.components.replace(Profile(Switch, relay=Component((Switch,), "Relay")))
    device._core.components.replace(Profile(Switch, Filter))
    await hass.async_block_till_done()
    assert "switch.desk_lamp_relay" not in hass.states.async_entity_ids()
    assert "number.desk_lamp_aux_level" not in hass.states.async_entity_ids()
    assert "sensor.desk_lamp_mode" in hass.states.async_entity_ids()


async def test_a_sub_driver_that_the_first_contact_finds(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab(family=True)
    await bulb.down()
    entry = await set_up(hass, "lab", BULB_ID, None, port=bulb.port)
    assert "sensor.device_power" not in hass.states.async_entity_ids()
    await bulb.up()
    device_of(entry).connection.sighted(*device_of(entry).connection.addresses)
    await becomes(hass, "sensor.device_power", "unknown")
    assert type(device_of(entry).driver).__name__ == "LabPlus"


@contextmanager
def noted_writes() -> Iterator[list[str]]:
    """Yield a list that gets an entity's id whenever it writes its state."""
    written: list[str] = []
    write = Entity._async_write_ha_state

    def note(entity: Entity) -> None:
        written.append(entity.entity_id)
        write(entity)

    with patch.object(Entity, "_async_write_ha_state", note):
        yield written


async def test_only_the_entities_that_read_it_write_their_state(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    await set_up(hass, "lab", BULB_ID, bulb)
    await push(bulb, profile=ALL.as_dict())
    await eventually(lambda: hass.states.get("sensor.desk_lamp_power"))
    await hass.async_block_till_done()
    with noted_writes() as written:
        await push(bulb, lab=[["powerMeter.power", 5, "main"]])
        await becomes(hass, "sensor.desk_lamp_power", "5.0")
        assert written == ["sensor.desk_lamp_power"]
        await bulb.change(level=50)
        await becomes(hass, LAMP_ID, "off")
        await eventually(lambda: LAMP_ID in written)
        # the same values again: nobody writes anything
        await push(bulb, lab=[["powerMeter.power", 5, "main"]], level=50, on=False)
        await push(bulb, lab=[["energyMeter.energy", 1, "main"]])
        await becomes(hass, "sensor.desk_lamp_energy", "1.0")
    assert written == ["sensor.desk_lamp_power", LAMP_ID, "sensor.desk_lamp_energy"]


async def test_what_is_read_before_a_device_is_there_is_written_when_it_is(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    with noted_writes() as written:
        await set_up(hass, "json_bulb", BULB_ID, bulb)
        await becomes(hass, LAMP_ID, "off")
        await hass.async_block_till_done()
    assert written == [LAMP_ID] * 2  # as it is added, not there yet; then with all that was read


# bad input


def bad(attribute: str, entity: str, *values: Any) -> list[tuple[str, str, Any]]:
    return [(attribute, entity, value) for value in values]


HUGE = 10**400
BAD = [
    *bad("powerMeter.power", "sensor.desk_lamp_power", "12", True, None, [], {}, math.nan),
    *bad("powerMeter.power", "sensor.desk_lamp_power", math.inf, -1, 1e300, HUGE),
    *bad("acme.filter.filterLife", "sensor.desk_lamp_filter_life", 101, -1, 5.5, "5", HUGE),
    *bad("acme.filter.mode", "sensor.desk_lamp_mode", "loud", 1, None, []),
    *bad("acme.filter.wet", "binary_sensor.desk_lamp_wet", 1, "on", None),
    *bad("acme.filter.note", "sensor.desk_lamp_note", 1, None, "x" * 2000),
    *bad("acme.filter.target", "number.desk_lamp_target", 31, 4.9, "20"),
]
GOOD: dict[str, tuple[Any, str]] = {
    "powerMeter.power": (7.0, "7.0"),
    "acme.filter.filterLife": (7, "7"),
    "acme.filter.mode": ("quiet", "quiet"),
    "acme.filter.wet": (True, "on"),
    "acme.filter.note": ("fine", "fine"),
    "acme.filter.target": (20.0, "20.0"),
}


async def test_bad_values_never_show(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    await push(bulb, profile=ALL.as_dict())
    await eventually(lambda: hass.states.get("sensor.desk_lamp_power"))
    shown = {entity for _, entity, _ in BAD}
    for attribute, _, value in BAD:
        await push(bulb, lab=[[attribute, value, "main"]])
    await push(bulb, lab=[["energyMeter.energy", 1, "main"]])
    await becomes(hass, "sensor.desk_lamp_energy", "1.0")
    assert {state(hass, entity) for entity in shown} == {"unknown"}

    await push(bulb, lab=[[a, value, "main"] for a, (value, _) in GOOD.items()])
    for attribute, entity, _ in BAD:
        await becomes(hass, entity, GOOD[attribute][1])
    for attribute, _, value in BAD:
        await push(bulb, lab=[[attribute, value, "main"]])
    await push(bulb, lab=[["energyMeter.energy", 2, "main"]])
    await becomes(hass, "sensor.desk_lamp_energy", "2.0")
    for attribute, entity, _ in BAD:
        assert state(hass, entity) == "unknown", attribute  # the last good one may be wrong now
    refused = [r.message for r in caplog.records if "refused" in r.message]
    assert len(refused) == len(set(refused)) <= len(GOOD)
    assert device_of(entry).available


RAW = [
    b"{broken\n",
    b"\xff\xfe\n",
    b"[]\n",
    b"null\n",
    b"17\n",
    b'"on"\n',
    b'{"method": "state", "params": {"on": "yes", "level": "50"}}\n',
    b'{"method": "state", "params": {"on": 1, "level": 101}}\n',
    b'{"method": "state", "params": {"on": null, "level": NaN}}\n',
    b'{"method": "state", "params": {"on": [], "level": 1e999}}\n',
    b'{"method": "state", "params": [1, 2]}\n',
    b'{"method": "state", "params": null}\n',
    b'{"id": 999999, "result": {"on": true}, "error": null}\n'.replace(b"true", b'"true"'),
    b"<html><body>500</body></html>\n",
    b"\n\n\n",
]


async def test_broken_messages_never_show(
    hass: HomeAssistant, bulb: JsonBulbEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    await bulb.change(on=True, level=40)
    await becomes(hass, LAMP_ID, "on", brightness=102)
    for _ in range(2):
        for raw in RAW:
            await bulb.inject(raw)
    await bulb.change(level=60)
    await becomes(hass, LAMP_ID, "on", brightness=153)
    assert device_of(entry).available
    assert bulb.connections == (1, 1)
    ours = ("custom_components.lan_edge", "lan_edge")
    logged = [r.message for r in caplog.records if r.name.startswith(ours)]
    assert logged
    assert len(logged) == len(set(logged))


async def test_a_line_without_end(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    await bulb.inject(b"x" * (64 * 1024 + 1))
    await eventually(lambda: bulb.connections == (2, 1))
    await bulb.change(on=True)
    await becomes(hass, LAMP_ID, "on")


@pytest.mark.parametrize("body", [b"", b"On", b"1", b"<html>on</html>", b"\xff", b"on" * 10])
async def test_a_wrong_http_body_never_shows(
    hass: HomeAssistant, switch: RestSwitchEmulator, body: bytes
) -> None:
    await switch.change(on=True)
    await set_up(hass, "rest_switch", "relay-1", switch)
    assert state(hass, RELAY) == "on"
    assert await async_setup_component(hass, "homeassistant", {})

    switch.faults.override = HttpOverride(200, body)
    await call(hass, "homeassistant.update_entity", RELAY)
    assert state(hass, RELAY) in {"on", "unavailable"}
    switch.faults.clear()
    await call(hass, "switch.turn_off", RELAY)
    assert switch.state == {"on": False}


def test_the_lab_uses_a_capability_of_its_own() -> None:
    assert capability("acme.filter") is Filter


def test_devices_that_are_alike_share_what_their_entities_are() -> None:
    def device(*handled: object) -> Device:
        made = SimpleNamespace(profile=Profile(Switch, SwitchLevel), handles=handled.__contains__)
        return cast("Device", made)

    one, same = device(Switch.on, Switch.off), device(Switch.off, Switch.on)
    assert entity_specs(one) is entity_specs(same)
    [lamp] = entity_specs(one)
    assert lamp.commands == {Switch.on, Switch.off}
    [dimmed] = entity_specs(device(SwitchLevel.set_level))
    assert dimmed.commands == {SwitchLevel.set_level}
