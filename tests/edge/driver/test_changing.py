"""Drivers that write one method for all commands: what it gets, and what stays to handlers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    Attribute,
    AudioVolume,
    Coding,
    ColorControl,
    Command,
    EnergyMeter,
    FanSpeed,
    FanSpeedPercent,
    Http,
    Identity,
    Json,
    LightIntent,
    Mode,
    PartsDriver,
    PowerMeter,
    Profile,
    PropertiesPart,
    Property,
    RefusedError,
    Switch,
    SwitchLevel,
    Values,
    WindowShade,
    handles,
    handles_many,
    switched,
    turns_off,
)
from lan_edge.driver.dispatcher import Dispatcher

TABLE = (
    Property(Switch.switch, "lamp.on", Coding.flag()),
    Property(SwitchLevel.level, "lamp.level", lists={Mode.supported_modes: ("low", "high")}),
)
METER = (Property(PowerMeter.power, "power", Coding.units(0.001)),)


@dataclass(frozen=True)
class Lamp(PropertiesPart):
    """A lamp."""


class Household(PartsDriver[Http]):
    """A device whose commands need no handlers, but one."""

    id = "test_household"
    profile = Profile()
    parts = (Switch, SwitchLevel, ColorControl, AudioVolume, WindowShade, EnergyMeter)
    told: ClassVar[Json] = {"lamp": {"on": 1, "level": 40}, "power": 1500}

    def __init__(self) -> None:
        self.component = "main"
        self.wanted: list[Any] = []

    @override
    def consists_of(self) -> Iterable[PropertiesPart]:
        return Lamp(table=TABLE, told=self.told), PropertiesPart(table=METER, told=self.told)

    @override
    async def change(self, values: Values) -> None:
        self.wanted.append(dict(values))

    @handles(WindowShade.open)
    async def open_shade(self) -> None:
        self.wanted.append("open")


class Shed(Household):
    """One whose switch has a handler."""

    @handles(Switch.on)
    async def turn_on(self) -> None:
        self.wanted.append("on")


class Barn(Household):
    """One whose switches are set together."""

    @handles_many(Switch.on)
    async def turn_all_on(self, components: tuple[str, ...]) -> None:
        self.wanted.append(components)


def handler_in(driver: type[Household], command: Any) -> str:
    """Return the name of the method that carries out a command."""
    handler = Dispatcher(driver).handler_for(driver, command)
    assert handler is not None
    return handler.name


async def test_a_command_comes_by_what_it_sets() -> None:
    made = Household()
    await getattr(made, handler_in(Household, AudioVolume.set_volume))(volume=30)
    await getattr(made, handler_in(Household, WindowShade.close))()
    await getattr(made, handler_in(Household, WindowShade.open))()
    assert made.wanted == [
        {AudioVolume.volume: 30},
        {WindowShade.window_shade: "closed"},
        "open",
    ]


def test_what_a_device_need_not_have_is_left_to_handlers() -> None:
    assert ColorControl.set_hue.optional
    assert Dispatcher(Household).handler_for(Household, ColorControl.set_hue) is None


async def test_an_intent_comes_at_once() -> None:
    made = Household()
    lamp = getattr(made, handler_in(Household, Switch.on))
    await lamp(LightIntent(on=True, level=40, hue=10.0, saturation=20.0))
    await lamp(LightIntent(on=False))
    assert made.wanted == [
        {
            ColorControl.hue: 10.0,
            ColorControl.saturation: 20.0,
            SwitchLevel.level: 40,
            Switch.switch: True,
        },
        {Switch.switch: False},
    ]


def test_what_sets_nothing_or_is_optional_has_no_handler() -> None:
    find = Dispatcher(Household).handler_for
    assert find(Household, EnergyMeter.reset_energy_meter) is None
    assert find(Household, AudioVolume.volume_up) is None
    assert find(Household, WindowShade.pause) is None


def test_a_handler_of_its_own_precedes() -> None:
    assert handler_in(Shed, Switch.on) == "turn_on"
    assert handler_in(Shed, Switch.off) == handler_in(Household, Switch.off)
    handler = Dispatcher(Shed).handler_for(Shed, Switch.off)
    assert handler is not None
    assert handler.title == "Household.change"


def test_what_is_handled_for_several_components_is_no_change() -> None:
    assert handler_in(Barn, Switch.on) == "turn_all_on"
    assert handler_in(Barn, Switch.off) == handler_in(Household, Switch.off)
    assert "_switch_on" not in vars(Barn)


@pytest.mark.parametrize(
    "off", [Switch.switch, SwitchLevel.level, FanSpeed.fan_speed, FanSpeedPercent.percent]
)
def test_off_is_also_a_level_or_a_speed_of_0(off: Attribute[Any]) -> None:
    assert turns_off({off: off.schema.check(False if off is Switch.switch else 0)})
    assert not turns_off({off: True if off is Switch.switch else 3})
    assert not turns_off({PowerMeter.power: 0})


def test_what_is_asked_is_coded_by_the_first_row_of_an_attribute() -> None:
    other = Property(Switch.switch, "relay.on", Coding.flag("no", "yes"))
    lamp = Lamp(table=(*TABLE, other))
    assert lamp.encoded({SwitchLevel.level: 30, Switch.switch: True}) == [
        (TABLE[1], 30),
        (TABLE[0], 1),
    ]
    with pytest.raises(RefusedError, match="it only has"):
        lamp.encoded({Switch.switch: None})


def test_what_is_asked_is_given_to_the_parts_that_read_it() -> None:
    made = Household()
    asked: dict[Attribute[Any], Any] = {SwitchLevel.level: 30, Switch.switch: True}
    assert made.parts_for(Lamp, asked) == [(Lamp(table=TABLE, told=made.told), asked)]
    with pytest.raises(RefusedError, match="does not report that now"):
        made.parts_for(Lamp, {**asked, PowerMeter.power: 7})
    assert made.parts_for(Lamp, asked, ("main",)) == made.parts_for(Lamp, asked)
    with pytest.raises(RefusedError, match="does not report that now"):
        made.parts_for(Lamp, asked, ("main", "elsewhere"))
    made.component = "elsewhere"
    with pytest.raises(RefusedError, match="does not report that now"):
        made.parts_for(Lamp, asked)


def readings(told: Json) -> Iterator[tuple[Any, Any]]:
    """Yield what a meter reads."""
    table = (*METER, Property(EnergyMeter.energy, "used", stays=True))
    for each in PropertiesPart(table=table, told=told).readings():
        yield each.attribute, each.read() if each.is_told else "as it is"


def test_a_part_reads_its_table() -> None:
    power, energy = PowerMeter.power, EnergyMeter.energy
    assert dict(readings({"power": 1500, "used": 7})) == {power: 1.5, energy: 7}
    assert dict(readings({"power": 1500})) == {power: 1.5, energy: "as it is"}
    assert dict(readings({})) == {power: None, energy: None}
    level = Lamp(table=TABLE[1:], told={}).readings()
    assert [each.read() for each in level] == [("low", "high"), None]


def test_the_whole_message_may_say_it() -> None:
    whole = Property(PowerMeter.power, "", Coding(len))
    assert [each.read() for each in Lamp(table=(whole,), told={"a": 1}).readings()] == [1]


def test_the_speed_of_what_is_off_is_0() -> None:
    table = (
        Property(Switch.switch, "on", Coding.flag()),
        Property(FanSpeed.fan_speed, "speed", off=0),
    )
    for on, speed in ((1, 3), (0, 0), (7, 3)):
        part = Lamp(table=table, told={"on": on, "speed": 3})
        assert part.read(part.row(FanSpeed.fan_speed)) == speed


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({SwitchLevel.level: 40}, {Switch.switch: True, SwitchLevel.level: 40}),
        ({ColorControl.hue: 0}, {Switch.switch: True, ColorControl.hue: 0}),
        ({FanSpeed.fan_speed: 0}, {Switch.switch: False}),
        ({Switch.switch: False, SwitchLevel.level: 40}, {Switch.switch: False}),
        ({AudioVolume.volume: 0}, {AudioVolume.volume: 0}),
    ],
)
def test_what_shines_or_turns_is_on(asked: Values, wanted: Values) -> None:
    assert switched(asked) == wanted


def test_what_has_no_row_is_refused() -> None:
    assert Lamp(table=TABLE).row(SwitchLevel.level) is TABLE[1]
    with pytest.raises(RefusedError, match=r"it has no powerMeter\.power"):
        Lamp(table=TABLE).row(PowerMeter.power)


@pytest.mark.parametrize("command", [Switch.off, SwitchLevel.set_level])
def test_a_handler_that_is_made_is_explained_as_what_its_author_has_written(
    command: Command[...],
) -> None:
    line = Household.change.__code__.co_firstlineno
    explained = Dispatcher(Household).explain(Identity(), command)[-1]
    assert explained == f"{command.id}: Household.change (driver/test_changing.py:{line})"


def test_its_errors_are_counted_under_that_name_too() -> None:
    handler = Dispatcher(Household).handler_for(Household, Switch.off)
    assert handler is not None
    assert getattr(Household, handler.name).__qualname__ == "Household.change"
