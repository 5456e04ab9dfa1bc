"""A device that consists of parts: what several parts of one component make together."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, override
from unittest.mock import Mock

import pytest

from lan_edge import (
    Battery,
    DoorState,
    GarageDoorControl,
    Http,
    Json,
    Part,
    PartReading,
    PartsDriver,
    Profile,
    Switch,
    TemperatureMeasurement,
    Values,
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


class Gate(PartsDriver[Http]):
    """Two doors that report whether they are open, and not that they move."""

    id = "test_gate"
    profile = Profile()
    parts = (GarageDoorControl,)
    told = "closed"

    @override
    def consists_of(self) -> Iterable[Part]:
        return (Door("left", told={"door": self.told}), Door("right", told={"door": self.told}))

    @override
    async def change(self, values: Values) -> None:
        opening, door = DoorState.OPENING, GarageDoorControl.door
        self.show_meanwhile(door, opening, until=values[door], within=60)

    def shown(self) -> list[str]:
        """Return what has been shown of both since."""
        context: Any = self._context
        calls = context.state.emit.call_args_list
        shown = [str(value) for (_, value, _), _ in calls]
        calls.clear()
        return shown

    def read(self) -> list[str]:
        """Return what is shown of both by a reading."""
        self.show_parts(self.consists_of())
        return self.shown()


@dataclass(frozen=True)
class Door(Outlet):
    @override
    def readings(self) -> Iterator[PartReading]:
        yield PartReading.field(GarageDoorControl.door, self.told, "door", DoorState)


@pytest.fixture
async def gate() -> Gate:
    """Return one whose left door was told to open: it may take a minute."""
    made = Gate(Mock())
    assert made.read() == ["closed", "closed"]
    made.component = "left"
    await made.change({GarageDoorControl.door: DoorState.OPEN})
    assert made.read() == ["opening", "closed"]
    return made


async def test_what_moves_is_shown_to_move_until_it_is_there(gate: Gate) -> None:
    await asyncio.sleep(59)
    assert gate.read() == ["opening", "closed"]
    gate.told = "open"
    assert gate.read() == ["open", "open"]
    gate.told = "closed"
    assert gate.read() == ["closed", "closed"]


async def test_what_does_not_move_is_shown_as_it_is_after_a_while(gate: Gate) -> None:
    context: Any = gate._context
    [((within, show_again), _)] = context.after.call_args_list
    await asyncio.sleep(within)
    await show_again()
    assert within == 60
    assert gate.shown() == ["closed", "closed"]
