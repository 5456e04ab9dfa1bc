"""The values in an example answer: each with a reading that finds it."""

from typing import Any

from hypothesis import given, strategies as st
import orjson
import pytest

from lan_edge.declarative.description import ValueKind
from lan_edge.declarative.picking.answer_field import MAX_FIELDS, AnswerField, FieldKind
from lan_edge.declarative.picking.bits import typed_bit
from lan_edge.declarative.picking.byte_fields import byte_fields
from lan_edge.declarative.picking.fields import fields_of
from lan_edge.declarative.picking.suggestion import (
    Quantity,
    class_of_unit,
    suggest,
    suggested_state,
)
from lan_edge.declarative.reading import ValueReading
from lan_edge.declarative.reading.reader import reader_of
from lan_edge.declarative.reading.received import Received, ReceivedJson
from tests.processor import done_within

STATUS = {
    "relay": {"on": True, 'q"]': 2, "name": None},
    "meters": [{"id": 3, "power_w": 12.5}, {"id": 7, "power_w": 0}],
    "temp": "21.5 °C",
    "nrg": [1, [2]],
    "": 5,
}


def picked(content: bytes | str) -> dict[str, Any]:
    fields = fields_of(Received(content))
    return {f"{field.kind} {field.place}": field.value for field in fields}


def test_json() -> None:
    fields = picked(orjson.dumps(STATUS))
    assert fields == {
        "path relay.on": True,
        'path relay["q\\"]"]': 2,
        "path relay.name": None,
        "path meters[id=3].id": 3,
        "path meters[id=3].power_w": 12.5,
        "path meters[id=7].id": 7,
        "path meters[id=7].power_w": 0,
        "path temp": "21.5 °C",
        "number temp": "21.5",
        "path nrg[0]": 1,
        "path nrg[1][0]": 2,
        'path [""]': 5,
        "path meters[0].id": 3,
        "path meters[0].power_w": 12.5,
        "path meters[1].id": 7,
        "path meters[1].power_w": 0,
    }
    assert list(fields)[-4:] == [f"path meters[{n}].{k}" for n in (0, 1) for k in ("id", "power_w")]


def test_what_the_items_of_a_list_are_called() -> None:
    outlets = [
        {"ID": 1, "Name": "Router", "on": True, "load": "4 W"},
        {"ID": 2, "Name": "", "on": 0},
    ]
    fields = fields_of(Received(orjson.dumps({"name": "Strip", "outlets": outlets})))
    called = {each.place: each.called for each in fields if "on" in each.place.rpartition(".")[2]}
    assert called == {
        "outlets[ID=1].on": "Router",
        "outlets[ID=2].on": "",
        "outlets[0].on": "Router",
        "outlets[1].on": "",
    }
    assert {each.called for each in fields if each.kind is FieldKind.NUMBER} == {"Router"}
    assert next(each for each in fields if each.place == "name").called == ""


@pytest.mark.parametrize(
    ("name", "is_id"),
    [("shadeId", True), ("zone_id", True), ("roomID", True), ("valid", False), ("Grid", False)],
)
def test_an_id_of_items_is_better_than_their_name(name: str, is_id: bool) -> None:
    zones = [{"name": "Hall", name: 1, "on": 1}, {"name": "Attic", name: 2, "on": 0}]
    places = picked(orjson.dumps({"zones": zones}))
    assert (f"path zones[{name}=2].on" in places) is is_id
    assert ("path zones[name=Attic].on" in places) is not is_id


def test_json_that_is_one_value_or_parsed_already() -> None:
    assert picked("42") == {"whole ": "42"}
    [field] = fields_of(ReceivedJson(True))
    assert field == AnswerField(FieldKind.WHOLE, "", True, ValueReading())


def test_xml() -> None:
    text = (
        "<s:status xmlns:s='urn:x' version='2'><zone id='1'><power>on</power></zone>"
        "<zone id='2'><power unit='W'>5</power></zone><y>1</y><y>2</y><info>Gain: 7 dB</info>"
        "</s:status>"
    )
    assert picked(text) == {
        "path @version": "2",
        "path zone[@id=1]/@id": "1",
        "path zone[@id=1]/power": "on",
        "path zone[@id=2]/@id": "2",
        "path zone[@id=2]/power": "5",
        "path zone[@id=2]/power/@unit": "W",
        "path y": "1",
        "path y[1]": "2",
        "path info": "Gain: 7 dB",
        "after info: Gain: ": "7",
    }


def test_text() -> None:
    assert picked("VOL42") == {"whole ": "VOL42", "after VOL": "42"}
    assert picked("Temperature: 21.5 C, mode: heat\r\nOK") == {
        "whole ": "Temperature: 21.5 C, mode: heat\r\nOK",
        "after mode: ": "heat",
        "after Temperature: ": "21.5",
        "word 1": "Temperature:",
        "word 2": "21.5",
        "word 3": "C,",
        "word 4": "mode:",
        "word 5": "heat",
        "word 6": "OK",
    }


@pytest.mark.parametrize(
    "value",
    [
        "9C:9C:1F:E4:A7:1C",
        "9c-9c-1f-e4-a7-11",
        "9C9C1FE4A711",
        "2026-11-30",
        "2026-11-30T12:15:06Z",
        "2026-11-30 12:15:06.25+01:00",
        "30.11.2026, 12:15",
        "11/30/2026 12:15:06",
        "12:15",
        "7:15:06",
        "Mon, 30 Nov 2026 12:15:06 GMT",
        "Mon Nov 30 12:15:06 2026",
        "550e8400-e29b-41d4-a716-446655440000",
    ],
)
def test_what_is_one_value_is_not_taken_apart(value: str) -> None:
    assert picked(orjson.dumps({"a": value})) == {"path a": value}
    within = picked(orjson.dumps({"a": f"At {value} mode: heat, {value}, gain: 7"}))
    assert {"after a: mode: ": "heat", "after a: , gain: ": "7"}.items() <= within.items()
    assert len(within) == 3


def test_what_only_looks_like_a_time_is_taken_apart() -> None:
    assert picked('{"a": "zone1 1:50"}') == {
        "path a": "zone1 1:50",
        "after a: zone": "1",
        "after a: :": "50",
    }
    assert picked('{"a": "gain:50"}')["after a: gain:"] == "50"


def test_a_page_for_people() -> None:
    assert picked("<html><body><b>Power: 5 W</b></body></html>")["after body/b: Power: "] == "5"


def bytes_in(digits: str) -> dict[str, object]:
    """Return what bytes may be, by their places."""
    return {field.place: field.value for field in fields_of(Received(bytes.fromhex(digits)))}


def test_bytes_and_the_text_in_them() -> None:
    found = bytes_in("55aa006b657900")
    assert found["3 ascii 3"] == "key"
    assert [found[str(at)] for at in range(7)] == [0x55, 0xAA, 0, 0x6B, 0x65, 0x79, 0]
    assert found["1 hex"] == "aa006b657900"
    assert found["0 hex 6"] == "55aa006b6579"
    assert "1 hex 6" not in found


def test_numbers_of_several_bytes_and_bits() -> None:
    found = bytes_in("00 e6 ff 9c 41 b8 00 00")
    assert found["0 u16be"] == 230
    assert found["1 i8"] == -26
    assert found["2 i16be"] == -100
    assert found["4 f32be"] == 23.0
    assert [found[f"1 bit {bit}"] for bit in range(8)] == [*map(bool, (0, 1, 1, 0, 0, 1, 1, 1))]


def test_four_bytes_that_are_hardly_a_number() -> None:
    found = bytes_in("7f ff ff fe")
    assert not {"0 u32be", "0 u32le", "0 f32be", "0 f32le"} & found.keys()
    assert found["0 i32le"] == -16777345


def test_no_value_of_long_bytes_is_as_long_as_they_are() -> None:
    found = bytes_in("01" * 70)
    assert "5 hex" not in found
    assert found["6 hex"] == "01" * 64
    assert all(len(str(each.value)) < 200 for each in byte_fields(bytes(1024 * 1024)))


def test_each_of_the_bytes_is_found_by_its_reading() -> None:
    message = Received(bytes.fromhex("0055aa006b657900ffe6"))
    for field in fields_of(message):
        assert reader_of(field.reading)(message) == field.value


@pytest.mark.parametrize(
    ("content", "place", "kind", "quantity"),
    [
        ('{"relay": true}', "relay", ValueKind.SWITCH, Quantity()),
        ('{"relay": 1}', "relay", ValueKind.SWITCH, Quantity()),
        ('{"isOn": 0}', "isOn", ValueKind.SWITCH, Quantity()),
        ('{"mode": "off"}', "mode", ValueKind.SWITCH, Quantity()),
        ('{"mode": "auto"}', "mode", ValueKind.TEXT, Quantity()),
        ('{"count": 1}', "count", ValueKind.NUMBER, Quantity()),
        ('{"a": {"temp_c": 20}}', "a.temp_c", ValueKind.NUMBER, Quantity("°C", "temperature")),
        ('{"roomHumidity": 20}', "roomHumidity", ValueKind.NUMBER, Quantity("%", "humidity")),
        ('{"power_w": 5}', "power_w", ValueKind.NUMBER, Quantity("W", "power")),
        ('{"totalKWh": "5"}', "totalKWh", ValueKind.NUMBER, Quantity("kWh", "energy", total=True)),
        ('{"RSSI": -60}', "RSSI", ValueKind.NUMBER, Quantity("dBm", "signal_strength")),
        ('{"power": [5]}', "power[0]", ValueKind.NUMBER, Quantity("W", "power")),
        ('{"t": "70 °F"}', "t", ValueKind.NUMBER, Quantity("°F", "temperature")),
        ("Humidity=40%", "Humidity=", ValueKind.NUMBER, Quantity("%", "humidity")),
        ('{"brightness": 100}', "brightness", ValueKind.NUMBER, Quantity("%")),
        ('{"brightness": 0}', "brightness", ValueKind.NUMBER, Quantity("%")),
        ('{"brightness": 255}', "brightness", ValueKind.NUMBER, Quantity()),
        ('{"brightness": 0.5}', "brightness", ValueKind.NUMBER, Quantity()),
        ("Humidity=0.5%", "Humidity=", ValueKind.NUMBER, Quantity("%", "humidity")),
        ("x: 5 kW", "x: ", ValueKind.NUMBER, Quantity("kW", "power")),
        ('{"limited_heating_power": 75}', "limited_heating_power", ValueKind.NUMBER, Quantity()),
        ('{"maxPower": 2000}', "maxPower", ValueKind.NUMBER, Quantity("W", "power")),
        ("Max power: 60 W", "Max power: ", ValueKind.NUMBER, Quantity("W", "power")),
        ("Power limit: 60%", "Power limit: ", ValueKind.NUMBER, Quantity("%")),
        ('{"max_temp": 30}', "max_temp", ValueKind.NUMBER, Quantity("°C", "temperature")),
        ('{"energy": 3}', "energy", ValueKind.NUMBER, Quantity("kWh", "energy", total=True)),
        ('{"wh_today": 3}', "wh_today", ValueKind.NUMBER, Quantity("Wh", "energy", total=True)),
        ('{"remaining_wh": 3}', "remaining_wh", ValueKind.NUMBER, Quantity("Wh", "energy_storage")),
        ('{"energyLimit": 3}', "energyLimit", ValueKind.NUMBER, Quantity("kWh", "energy")),
    ],
)
def test_suggestions(content: str, place: str, kind: ValueKind, quantity: Quantity) -> None:
    fields = [field for field in fields_of(Received(content)) if field.place == place]
    suggestion = suggest(fields[-1])
    assert (suggestion.kind, suggestion.quantity) == (kind, quantity)


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ({"flags": 18}, [f"flags bit {bit}" for bit in range(8)]),
        ({"statusFlags": 256}, [f"statusFlags bit {bit}" for bit in range(16)]),
        ({"alarm_bits": 0}, [f"alarm_bits bit {bit}" for bit in range(8)]),
        ({"reflags": 1, "flags": -1, "a": {"flags": 2**32}, "b": {"flags": True}}, []),
        ({"power": 3}, []),
        ([{"flags": 1}], []),
    ],
)
def test_the_bits_of_flags(content: object, places: list[str]) -> None:
    fields = fields_of(Received(orjson.dumps(content)))
    assert [field.place for field in fields if field.reading.bit is not None] == places


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("flags bit 4", ("flags", 4)),
        ("a.b[id=3].x bit 0 = true", ("a.b[id=3].x", 0)),
        ("flags bit 32", None),
        ("flags", None),
        ("bit 4", None),
    ],
)
def test_a_bit_that_is_typed(typed: str, meant: tuple[str, int] | None) -> None:
    assert typed_bit(typed) == meant


@pytest.mark.parametrize(
    ("place", "called", "unit"),
    [
        ("pilot", "Charge current", "A"),
        ("pilot", "Current mode", ""),
        ("pilot", "", ""),
        ("pilot", "Ladestrom", ""),
        ("mah", "Charge level", ""),
        ("temp", "Power", "°C"),
    ],
)
def test_what_is_called_so_may_be_that(place: str, called: str, unit: str) -> None:
    value = 3000 if place == "mah" else 30  # which is no percentage
    [field] = fields_of(Received(orjson.dumps({place: value})))
    assert suggest(field, called).quantity.unit == unit


@pytest.mark.parametrize(
    ("place", "value", "unit", "scale"),
    [
        ("Energy", 1187642, "Wh", 1),
        ("Energy", 118.75, "kWh", 1),
        ("energy_kwh", 1187642, "kWh", 1),
        ("energy", "4724", "Wh", 1),
        ("TotalCurrent", 468, "mA", 1),
        ("current", 16, "A", 1),
        ("amp", 31646, "mA", 1),
        ("voltage", 2304, "V", 0.1),
        ("battery_voltage", 3712, "mV", 1),
        ("voltage", 230, "V", 1),
        ("temp", 384, "°C", 0.1),
        ("temp", -105, "°C", 0.1),
        ("temperature", 2150, "°C", 0.01),
        ("temperature", 21, "°C", 1),
        ("temperature_celsius", 180, "°C", 1),
        ("nozzle_temperature", 210, "°C", 1),
        ("power", 1500, "W", 1),
        ("PowerFactor", 0.98, "", 1),
    ],
)
def test_whole_numbers_are_of_small_units(
    place: str, value: object, unit: str, scale: float
) -> None:
    [field] = fields_of(Received(orjson.dumps({place: value})))
    suggestion = suggest(field)
    assert (suggestion.quantity.unit, suggestion.scale) == (unit, scale)


def test_what_is_multiplied_has_the_unit_that_is_named() -> None:
    [field] = fields_of(Received(b'{"energy": 1187642}'))
    assert suggest(field, scale=0.001).quantity.unit == "kWh"


def test_a_unit_may_say_what_is_measured() -> None:
    known = {unit: class_of_unit(unit) for unit in ("W", "Wh", "°C", "mA", "%", "hPa", "rpm", "x")}
    assert known == {
        "W": "power",
        "Wh": "energy",
        "°C": "temperature",
        "mA": "current",
        **dict.fromkeys(("%", "hPa", "rpm", "x"), ""),
    }


@pytest.mark.parametrize(
    ("place", "shown_as"),
    [
        ("open_window_active_now", "window"),
        ("frontDoor", "door"),
        ("motionDetected", "motion"),
        ("is_online", "connectivity"),
        ("water_leak", "moisture"),
        ("window_closed", ""),
        ("lock_active", ""),
        ("state", ""),
    ],
)
def test_what_is_on_or_off_is_shown_as_its_name_says(place: str, shown_as: str) -> None:
    [field] = fields_of(Received(orjson.dumps({place: True})))
    assert suggested_state(field) == shown_as


json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json.map(orjson.dumps) | st.text(max_size=60) | st.binary(max_size=60))
def test_each_reading_finds_its_value(content: bytes | str) -> None:
    for field in fields_of(Received(content)):
        assert reader_of(field.reading)(Received(content)) == field.value
        suggest(field)


@pytest.mark.parametrize(
    "content",
    [
        orjson.dumps([{"id": n, "a": [n] * 30} for n in range(500)]),
        orjson.dumps({f"k{n}": f"{n} W" for n in range(3000)}),
        b"[" * 500 + b"]" * 500,
        b"<a>" + b"<b c='1'>2</b>" * 3000 + b"</a>",
        b"<a" * 20000,
        b"a: 1 " * 12000,
        b"a" * 60000,
        b"1" * 60000,
        b" =" * 30000,
        bytes(60000),
    ],
    ids=range(10),
)
def test_much_is_bounded(content: bytes) -> None:
    assert len(done_within(2, lambda: fields_of(Received(content)))) <= MAX_FIELDS
