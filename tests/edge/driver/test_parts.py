"""A device that consists of parts: what several parts of one component make together."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, override
from unittest.mock import Mock

import pytest

from lan_edge import (
    Battery,
    Component,
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
    made = Gate(Mock(declared=Profile()))
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


@dataclass(frozen=True)
class RowSettings:
    outlets: int = 4
    has_lamp: bool = False


@dataclass
class RowMemory:
    told: int = 4


class Row(PartsDriver[Http]):
    """Outlets in a row; its owner says how many there are, and whether a lamp is among them."""

    id = "test_row"
    profile = Profile()
    parts = (Switch,)
    settings: RowSettings
    memory: RowMemory

    @override
    def consists_of(self) -> Iterator[Part]:
        for n in range(min(self.settings.outlets, self.memory.told)):
            yield Outlet(f"outlet_{n + 1}", told={"on": True})
        if self.settings.has_lamp:
            yield Outlet("lamp", told={"on": True})

    @override
    async def change(self, values: Values) -> None:
        del values


def removed(row: Row, told: int, settings: RowSettings, known: tuple[str, ...]) -> set[str]:
    """Return what is removed of the known components as a row shows its parts."""
    context: Any = row._context
    context.declared = Profile(**{name: Component((Switch,)) for name in known})
    context.remove_components.reset_mock()
    row.memory.told, row.settings = told, settings
    row.show_parts(row.consists_of())
    return {name for (names,), _ in context.remove_components.call_args_list for name in names}


OUTLETS = ("outlet_1", "outlet_2", "outlet_3", "outlet_4")


@pytest.fixture
def row() -> Row:
    return Row(Mock(memory=RowMemory(), settings=RowSettings()))


def test_what_only_its_owner_takes_away_is_removed(row: Row) -> None:
    assert removed(row, 4, RowSettings(outlets=2), OUTLETS) == {"outlet_3", "outlet_4"}
    assert removed(row, 4, RowSettings(outlets=2), OUTLETS[:2]) == set()


def test_what_it_does_not_report_for_now_stays(row: Row) -> None:
    assert removed(row, 3, RowSettings(), OUTLETS) == set()
    assert removed(row, 3, RowSettings(outlets=2), OUTLETS) == {"outlet_3"}


async def test_what_only_the_former_settings_had_is_removed(row: Row) -> None:
    context: Any = row._context
    context.declared = Profile(lamp=Component((Switch,)))
    await row.settings_changed(RowSettings(has_lamp=True))
    context.remove_components.assert_called_with(("lamp",))


class DescribedRow(Row):
    """A row whose description has a lamp anyway."""

    @override
    def with_described(self, components: Mapping[str, Component]) -> dict[str, Component]:
        return {"lamp": Component((Switch,)), **components}


async def test_what_is_described_stays_though_only_the_former_settings_had_it() -> None:
    row = DescribedRow(Mock(memory=RowMemory(), settings=RowSettings()))
    context: Any = row._context
    context.declared = Profile(lamp=Component((Switch,)))
    await row.settings_changed(RowSettings(has_lamp=True))
    assert all(names == () for (names,), _ in context.remove_components.call_args_list)


async def test_new_settings_of_what_has_not_reported_remove_nothing(row: Row) -> None:
    context: Any = row._context
    row.memory.told = 0
    await row.settings_changed(RowSettings(has_lamp=True))
    context.remove_components.assert_not_called()
