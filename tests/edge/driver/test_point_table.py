"""A table of kinds: what a device is by its points, what it shows of them, and what sets them."""

from typing import Any

import pytest

from lan_edge import (
    STANDARD,
    Attribute,
    Battery,
    Coding,
    DriverError,
    FanSpeed,
    PointForm,
    PointsPart,
    PointTable,
    PointUnit,
    RefusedError,
    ReplyError,
    Switch,
    TemperatureMeasurement,
    ThermostatMode,
    VocabularyForm,
)

TEXT = """
thermometer  1=number 2=0..100
thermometer  1=number 3=0..100
  1         temperatureMeasurement.temperature  tenths
  2|3=0..100  battery.battery

fan  1=word 2=number
  1         switch.switch           on_off  as:fan
  2         fanSpeed.fanSpeed       speed  sets:9  mode:8
  5=flag    switch.switch           on:light  if 6-7=none

strip  1=flag
  1=flag    switch.switch           on:outlet_1?  as:outlet
  2=flag    switch.switch           on:outlet_2?  as:outlet
  1|2=flag  switch.switch           on:outlet_1?

strip  4=flag
  4         switch.switch
"""
FORMS: dict[str, Coding | PointForm] = {
    "tenths": Coding.units(0.1),
    "on_off": Coding.words({"ON": True, "OFF": False}),
    "speed": PointForm(lists=(0, 3)),
}
TABLE = PointTable(TEXT, FORMS, {"word": {"ON", "OFF"}}, STANDARD)


def parts(kind: str, points: dict[str, Any], id_: str = "") -> dict[str, PointsPart]:
    unit = PointUnit(id_, points, points)
    return {part.component: part for part in TABLE.parts(kind, unit)}


@pytest.mark.parametrize(
    ("points", "kind"),
    [
        ({"1": 215, "2": 50}, "thermometer"),
        ({"1": 215, "2": "x", "3": 50}, "thermometer"),
        ({"1": 215, "2": 500}, ""),
        ({"1": "ON", "2": 2}, "fan"),
        ({"1": "?", "2": 2}, ""),
        ({"1": True, "2": 50}, "strip"),
        ({}, ""),
    ],
)
def test_the_first_kind_whose_signs_fit_counts(points: dict[str, Any], kind: str) -> None:
    assert TABLE.recognized(points) == kind
    assert TABLE.recognized(points, without="strip") == kind.replace("strip", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "plug  1=flag\n  1  switch.swich",
            "'1 switch.swich': there is no attribute",
        ),
        ("plug  1=flag\n  1  switch.switch  on_of", "there is no form 'on_of'"),
        ("plug  1=flag\n  1  switch.switch  onn:light", "there is no option 'onn'"),
        ("plug  1=flag\n  1", "write a point and an attribute"),
        ("plug  1=flag\n  1=5..x  switch.switch", "'1=5..x switch.switch': could not convert"),
        ("plug  1\n  1  switch.switch", "'plug 1': .*write signs such as 1=flag"),
        ("plug  1=5..x\n  1  switch.switch", "'plug 1=5..x': .*write signs"),
        ("plug  x=flag\n  1  switch.switch", "'x' is no point"),
        ("plug  5-2=flag\n  1  switch.switch", "'5-2' has no points"),
        ("plug  1=flga\n  1  switch.switch", "no sign 'flga', and words .* double quotes"),
        ("plug  1=flag=1\n  1  switch.switch", "no sign 'flag=1'"),
        ("plug\n  1  switch.switch", "every device's"),
        ("plug  1=flag\n  x  switch.switch", "'x' is no point"),
        ("plug  1=flag\n  *  switch.switch", "'\\*' is no point"),
        ("plug  1=flag\n  1  switch.switch  sets:x", "'x' is no point"),
        ("plug  1=flag\n  1  switch.switch  mode:", "'' is no point"),
        ("  1  switch.switch", "'1 switch.switch': a row of no kind"),
        ("plug  1=flag\n  1  switch.switch\nfan  1=flag", "'fan 1=flag': a kind without rows"),
    ],
)
def test_a_line_that_is_wrong_is_told(text: str, said: str) -> None:
    with pytest.raises(DriverError, match=said):
        PointTable(text, FORMS, {}, STANDARD)


def test_a_kind_that_was_chosen_has_what_is_reported() -> None:
    four, other, one = (
        TABLE.kind("strip", PointUnit(seen=seen)) for seen in ({"4": True}, {"4": 5}, {"1": True})
    )
    assert four.rows == other.rows != one.rows
    assert parts("thermometer", {}) == {}


def test_what_the_devices_can_do_is_what_the_rows_have() -> None:
    assert TABLE.capabilities == (TemperatureMeasurement, Battery, Switch, FanSpeed)


def test_the_first_point_that_fits_is_shown() -> None:
    main = parts("thermometer", {"1": 215, "2": "x", "3": 50})["main"]
    assert [(each.attribute, each.read()) for each in main.readings()] == [
        (TemperatureMeasurement.temperature, 21.5),
        (Battery.battery, 50),
    ]
    assert main.meanings == {"1": "temperatureMeasurement.temperature", "3": "battery.battery"}


def test_a_component_that_is_alone_is_the_main_one() -> None:
    several = parts("strip", {"1": True, "2": False})
    assert [(part.name, part.category) for part in several.values()] == [
        ("Outlet 1", "outlet"),
        ("Outlet 2", "outlet"),
    ]
    assert [*several] == ["outlet_1", "outlet_2"]
    assert [*parts("strip", {"1": True, "2": 5})] == ["main"]


def test_what_is_behind_a_device_is_one_of_its_own() -> None:
    behind = parts("fan", {"1": "ON", "2": 2, "5": True}, "a4c1")
    assert {component: part.child for component, part in behind.items()} == {
        "a4c1": True,
        "a4c1/light": True,
    }
    assert [*parts("fan", {"1": "ON", "2": 2, "5": True, "7": 0})] == ["main"]


def test_a_value_is_set_where_the_row_says() -> None:
    fan = parts("fan", {"1": "ON", "2": 2})["main"]
    assert fan.category == "fan"
    assert {each.attribute: each.read() for each in fan.readings()} == {
        Switch.switch: True,
        FanSpeed.fan_speed: 2,
        FanSpeed.fan_speed_range: (0, 3),
    }
    wanted: dict[Attribute[Any], Any] = {Switch.switch: False, FanSpeed.fan_speed: 3}
    assert fan.changes(wanted) == {"1": "OFF", "9": 3}
    assert fan.meanings == {
        "1": "switch.switch",
        "2": "fanSpeed.fanSpeed",
        "8": "mode",
        "9": "fanSpeed.fanSpeed",
    }
    with pytest.raises(RefusedError, match="no point"):
        fan.changes({Battery.battery: 5})


def test_what_is_ignored_tells_what_it_is_but_is_not_read() -> None:
    points = {"1": 215, "2": 50, "3": 60}
    for ignored, shown in (("1", [50]), ("2", [21.5, 60]), ("23", [21.5])):
        unit = PointUnit(points=points, seen=points, ignored=frozenset(ignored))
        (main,) = TABLE.parts("thermometer", unit)
        assert [each.read() for each in main.readings()] == shown
        assert [unit.has(point) for point in "123"] == [n not in ignored for n in "123"]


def test_a_part_is_there_while_its_unit_is() -> None:
    unit = PointUnit("a", {"4": True}, {"4": True}, is_available=False)
    assert [part.is_available for part in TABLE.parts("strip", unit)] == [False]


def test_what_is_not_reported_now_is_unknown() -> None:
    assert PointForm().read(Switch.switch, PointUnit(seen={"1": "ON"}), "1") is None


def test_what_an_attribute_can_be_is_listed() -> None:
    table = PointTable(
        "heater  1=flag\n  1  thermostatMode.thermostatMode  heats",
        {"heats": PointForm(Coding.words({False: "off", True: "heat"}), lists=("off", "heat"))},
        {},
        STANDARD,
    )
    (main,) = table.parts("heater", PointUnit(points={"1": True}, seen={"1": True}))
    assert {each.attribute: each.read() for each in main.readings()} == {
        ThermostatMode.thermostat_mode: "heat",
        ThermostatMode.supported_thermostat_modes: ("off", "heat"),
    }


VOCABULARY = VocabularyForm(
    shown=("cool", "heat", "auto"),
    vocabularies=(("cold", "hot", "auto"), ("cool", "heat", "auto")),
)


@pytest.mark.parametrize(
    ("kept", "now", "keeps", "cool"),
    [
        ((), "auto", (), "cold"),
        ((), "heat", ("heat",), "cool"),
        (("heat",), "auto", ("heat",), "cool"),
        (("heat",), "hot", ("hot",), "cold"),  # it has other firmware now
        (("heat",), "?", ("heat",), ""),
        (("heat",), 5, ("heat",), ""),
    ],
)
def test_what_was_heard_decides_between_vocabularies(
    kept: tuple[str, ...], now: Any, keeps: tuple[str, ...], cool: str
) -> None:
    unit = PointUnit(points={"4": now}, kept={"4": kept})
    assert VOCABULARY.keep(unit, "4") == keeps
    after = PointUnit(points={"4": now}, kept={"4": keeps})
    coding = VOCABULARY.coding(after, "4")
    assert VOCABULARY.listed(after, "4") == VOCABULARY.shown
    if cool:
        assert coding.write("cool") == cool
        assert VOCABULARY.read(Switch.switch, after, "4") in VOCABULARY.shown
        with pytest.raises(RefusedError, match="it only has"):
            coding.write("fan")
    else:
        with pytest.raises(RefusedError, match="does not know"):
            coding.write("cool")
        with pytest.raises(ReplyError, match="not a known value"):
            VOCABULARY.read(Switch.switch, after, "4")
