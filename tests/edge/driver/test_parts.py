"""A device that consists of parts: what several parts of one component make together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, override

from lan_edge import (
    Battery,
    Json,
    Part,
    PartReading,
    Switch,
    TemperatureMeasurement,
)
from lan_edge.driver.parts import components_of


@dataclass(frozen=True)
class Outlet(Part):
    told: Json = field(default_factory=dict[str, Any])

    @override
    def readings(self) -> Iterator[PartReading]:
        yield PartReading.field(Switch.switch, self.told, "on")


@dataclass(frozen=True)
class Thermometer(Outlet):
    @override
    def readings(self) -> Iterator[PartReading]:
        unchanged = bool(self.told)
        yield PartReading.field(TemperatureMeasurement.temperature, self.told, "celsius")
        yield PartReading.field(Battery.battery, self.told, "battery", unchanged=unchanged)


def test_several_parts_are_one_component() -> None:
    parts = [
        Outlet("a"),
        Thermometer("a", "Pump", child=True, category="outlet"),
        Outlet("b", "Lamp"),
    ]
    shown = components_of((part, part.readings()) for part in parts)
    assert shown["a"].capabilities == (Switch, TemperatureMeasurement, Battery)
    assert (shown["a"].name, shown["a"].child, shown["a"].category) == ("Pump", True, "outlet")
    assert (shown["b"].name, shown["b"].child, shown["b"].category) == ("Lamp", False, "")


def test_a_part_has_the_capabilities_of_what_it_reads() -> None:
    assert Thermometer().capabilities == (TemperatureMeasurement, Battery)


def test_what_is_not_told_may_be_as_before() -> None:
    told = [each.is_told for each in Thermometer(told={"celsius": 7}).readings()]
    assert told == [True, False]
    assert [each.is_told for each in Thermometer().readings()] == [True, True]
    assert PartReading.known(Switch.switch, True).read() is True
