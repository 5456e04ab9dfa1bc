"""Device class, unit and state class of every standard attribute fit together."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from homeassistant.components import number, sensor
from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.number import NumberEntity
from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorStateClass
from homeassistant.components.sensor.const import UNITS_PRECISION
from homeassistant.helpers.entity import Entity
import pytest

from lan_edge import Attribute, Kind

from ..standard import Made, made

UNITS: Mapping[Any, Any] = {**sensor.DEVICE_CLASS_UNITS, **number.DEVICE_CLASS_UNITS}


@cache
def made_as(kind: type[Entity]) -> list[Made]:
    """Return the entities of a kind."""
    return [m for m in made() if isinstance(m.entity, kind)]


def attribute_of(part: Any) -> Attribute[Any]:
    assert isinstance(part, Attribute)
    return part


def test_none_is_missing() -> None:
    assert len({m.spec.subject for m in made_as(SensorEntity)}) > 50
    assert len({m.spec.subject for m in made_as(NumberEntity)}) > 5
    assert len({m.spec.subject for m in made_as(BinarySensorEntity)}) > 8


def test_classes_and_units() -> None:
    for m in made_as(SensorEntity) + made_as(NumberEntity):
        attribute, entity = attribute_of(m.spec.subject), m.entity
        assert isinstance(entity, SensorEntity | NumberEntity)
        assert entity.native_unit_of_measurement == attribute.unit, attribute
        if entity.device_class == SensorDeviceClass.ENUM:
            assert entity.native_unit_of_measurement is None
            continue
        assert entity.device_class == attribute.device_class, attribute  # none was refused
        if entity.device_class is not None:
            assert attribute.unit in UNITS[entity.device_class], attribute


def test_state_classes() -> None:
    for m in made_as(SensorEntity):
        attribute, entity = attribute_of(m.spec.subject), m.entity
        assert isinstance(entity, SensorEntity)
        counted = entity.state_class
        if entity.device_class is not None and counted is not None:
            allowed = sensor.DEVICE_CLASS_STATE_CLASSES[SensorDeviceClass(entity.device_class)]
            assert counted in allowed, attribute
        if attribute.kind is Kind.MEASUREMENT:
            assert counted is SensorStateClass.MEASUREMENT, attribute
        if attribute.kind is Kind.TOTAL:
            assert counted is SensorStateClass.TOTAL_INCREASING, attribute


def test_no_long_tail_of_decimals() -> None:
    """Each number with decimals and a unit shows as many as say something."""
    for m in made_as(SensorEntity):
        attribute, entity = attribute_of(m.spec.subject), m.entity
        assert isinstance(entity, SensorEntity)
        if attribute.schema.type is float and attribute.unit is not None:
            known = entity.device_class in UNITS_PRECISION
            assert known or entity.suggested_display_precision is not None, attribute


@pytest.mark.parametrize(("unit", "decimals"), [("W", 1), ("A", 2), ("V", None), ("kWh", None)])
def test_standby_shows(unit: str, decimals: int | None) -> None:
    """Where Home Assistant's default says too little or too much, ours is another."""
    own = [m.entity for m in made_as(SensorEntity) if attribute_of(m.spec.subject).unit == unit]
    assert own
    assert {e.suggested_display_precision for e in own} == {decimals}  # type: ignore[attr-defined]


def test_binary_sensors() -> None:
    for m in made_as(BinarySensorEntity):
        assert m.entity.device_class == attribute_of(m.spec.subject).device_class, m.spec.subject


@pytest.mark.parametrize("name", ["battery.battery", "signalStrength.lqi", "signalStrength.rssi"])
def test_diagnostics_have_statistics_too(name: str) -> None:
    own = [m.entity for m in made_as(SensorEntity) if attribute_of(m.spec.subject).id == name]
    [found] = {e.state_class for e in own}  # type: ignore[attr-defined]
    assert found is SensorStateClass.MEASUREMENT


def test_numbers_are_within_their_attributes() -> None:
    for m in made_as(NumberEntity):
        limits, entity = attribute_of(m.spec.subject).schema.limits, m.entity
        assert isinstance(entity, NumberEntity)
        assert (entity.native_min_value, entity.native_max_value) == (
            limits.minimum,
            limits.maximum,
        )
