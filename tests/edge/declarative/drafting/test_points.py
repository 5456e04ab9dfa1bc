"""Descriptions of points that are made in a form, one point after another."""

from typing import Any

import pytest

from lan_edge import (
    PointKind,
    PointMeaning,
    compile_description,
    description_of,
    description_text,
    meaning_of_point,
    new_points,
    read_description,
    with_point,
)

NEW = new_points("tuya", "abc", "Tuya", "Tuya", "bf01")


def meant(kind: PointKind, values: dict[str, Any] = NEW, point: str = "19", **more: Any) -> Any:
    others = more.pop("others", {})
    return with_point(values, point, PointMeaning(kind=kind, **more), others)


def test_a_new_one_is_for_a_product_or_else_for_one_device() -> None:
    assert (NEW["id"], NEW["products"]) == ("tuya_abc", [{"manufacturer": "Tuya", "model": "abc"}])
    alone = new_points("tuya", "", "Tuya", "", "BF-01")
    assert alone["id"] == "tuya_bf_01"
    assert "products" not in alone


@pytest.mark.parametrize("kind", [*PointKind][2:])
@pytest.mark.parametrize("name", ["", "Chip"])
@pytest.mark.parametrize("others", [{}, {"1": "switch.switch", "5": "powerMeter.power"}])
def test_what_was_said_of_a_point_is_known(
    kind: PointKind, name: str, others: dict[str, str]
) -> None:
    said = PointMeaning(kind=kind, name=name, divisor=3, lowest=5, highest=9, choices={"0": "eco"})
    values = with_point(meant(PointKind.TEXT, point="7"), "19", said, others)
    known = meaning_of_point(values, "19")
    assert with_point(values, "19", known, others) == values
    assert known.kind is kind
    assert meaning_of_point(values, "20").kind is PointKind.AUTOMATIC
    assert meaning_of_point(values, "7").kind is PointKind.TEXT


@pytest.mark.parametrize("kind", [*PointKind][3:])
def test_each_kind_is_a_description_that_can_be_used(kind: PointKind) -> None:
    values = meant(kind, divisor=10, choices={"0": "eco"})
    driver = compile_description(read_description(description_text(values)))
    assert driver.id == "tuya_abc"
    assert meant(PointKind.AUTOMATIC, values) == NEW


BY_HAND: list[dict[str, Any]] = [
    {"main": {"powerMeter": {"power": {"path": "19", "scale": "0.1", "round": 1}}}},
    {"main": {"airQualitySensor": {"airQuality": {"path": "19"}}}},
    {"lamp": {"category": "light", "switch": {"switch": {"path": "19", "invert": True}}}},
    {"main": {"own": {"x": {"number": True, "name": "X", "path": "19", "unit": "s"}}}},
    {"main": {"own": {"x": {"choice": {0: "eco"}, "name": "X", "path": "19"}}}},
]


@pytest.mark.parametrize("components", BY_HAND)
def test_what_no_form_can_say_stays_until_something_else_is_said(
    components: dict[str, Any],
) -> None:
    values = {**NEW, "components": components}
    known = meaning_of_point(values, "19")
    assert known.kind is PointKind.DESCRIBED
    assert with_point(values, "19", known, {}) == values
    assert meant(PointKind.AUTOMATIC, values)["components"] == {}


def test_a_number_is_divided() -> None:
    components = meant(PointKind.POWER, divisor=10)["components"]
    assert components == {"main": {"powerMeter": {"power": {"path": "19", "scale": 0.1}}}}


def test_what_another_point_is_already_becomes_a_component_of_its_own() -> None:
    values = meant(PointKind.POWER)
    values = meant(PointKind.POWER, values, "20", others={"20": "powerMeter.power"})
    assert [*values["components"]] == ["main", "point_20"]
    taken = meant(PointKind.SWITCH, others={"1": "switch.switch"})["components"]
    assert taken["point_19"]["name"] == "Point 19"
    named = meant(PointKind.SWITCH, name="Lamp")["components"]
    assert named["point_19"]["name"] == "Lamp"
    assert meant(PointKind.AUTOMATIC, {**NEW, "components": named})["components"] == {}


def test_one_that_means_nothing_is_ignored_until_it_means_something() -> None:
    values = meant(PointKind.NOTHING, meant(PointKind.TEXT))
    assert (values["ignored"], values["components"]) == (["19"], {})
    assert description_of(values).ignored == ("19",)
    values = meant(PointKind.NOTHING, values, "20")
    assert meant(PointKind.NUMBER, values)["ignored"] == ["20"]


def test_what_was_written_otherwise_stays() -> None:
    own = {"a": {"number": True, "path": "1"}, "b": {"button": {"message": {"2": True}}}}
    values = {**NEW, "components": {"main": {"name": "Heater", "own": own}}}
    assert meant(PointKind.AUTOMATIC, values, "1")["components"] == {
        "main": {"name": "Heater", "own": {"b": own["b"]}}
    }
