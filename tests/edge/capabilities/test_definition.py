"""Attributes, commands and their checks."""

from enum import StrEnum
import math
from typing import Annotated, Any, get_args

from hypothesis import given, strategies as st
import pytest

from lan_edge import (
    ArgumentError,
    Attribute,
    Capability,
    DriverError,
    EnergyMeter,
    HealthCheck,
    Kind,
    Percent,
    PowerMeter,
    Range,
    Refresh,
    ReplyError,
    Seconds,
    Switch,
    SwitchLevel,
    capability,
    command,
)
from lan_edge.capabilities.schema import MAX_NUMBER, Schema
from lan_edge.capabilities.spelling import camel


class Mode(StrEnum):
    ECO = "eco"
    BOOST = "boost"


class TestHeater(Capability, id="test.heater"):
    __test__ = False

    mode = Attribute(Mode)
    target_heat = Attribute(float, minimum=5, maximum=30, unit="C")

    @command(sets="mode=eco")
    def save(self) -> None:
        """Save energy."""

    @command(sets="target_heat")
    def set_target_heat(
        self, target: Annotated[float, Range(5, 30)], mode: Mode | None = None
    ) -> None:
        """Heat to `target`."""

    @command()
    def toggle(self) -> None:
        """Switch to the other mode."""


def test_ids_are_in_the_vocabularys_spelling() -> None:
    assert SwitchLevel.id == "switchLevel"
    assert SwitchLevel.set_level.id == "switchLevel.setLevel"
    assert EnergyMeter.reset_energy_meter.id == "energyMeter.resetEnergyMeter"
    assert TestHeater.target_heat.id == "test.heater.targetHeat"
    assert HealthCheck.health_status.name == "healthStatus"
    assert camel("SetLevel") == camel("set_level") == "setLevel"
    assert repr(Switch.on) == "<Command switch.on>"
    assert repr(Switch.switch) == "<Attribute switch.switch>"


def test_capabilities_are_found_by_id() -> None:
    assert capability("switchLevel") is SwitchLevel
    assert capability("test.heater") is TestHeater
    assert capability("nothing") is None


@pytest.mark.parametrize(
    ("what", "kind", "unit"),
    [
        (Switch.switch, Kind.STATE, None),
        (SwitchLevel.level, Kind.STATE, "%"),
        (PowerMeter.power, Kind.MEASUREMENT, "W"),
        (EnergyMeter.energy, Kind.TOTAL, "kWh"),
        (HealthCheck.health_status, Kind.HIDDEN, None),
    ],
)
def test_standard_attributes(what: Attribute[Any], kind: Kind, unit: str | None) -> None:
    assert (what.kind, what.unit) == (kind, unit)


def test_what_commands_set() -> None:
    assert Switch.on.sets is Switch.switch
    assert (Switch.on.sets_to, Switch.off.sets_to) == (True, False)
    assert not Switch.on.is_replaceable
    assert SwitchLevel.set_level.is_replaceable
    assert SwitchLevel.level.setter is SwitchLevel.set_level
    assert Switch.switch.setter is None
    assert TestHeater.save.sets_to is Mode.ECO
    assert not TestHeater.toggle.is_replaceable
    assert Refresh.refresh.optional


def test_bind() -> None:
    bind = TestHeater.set_target_heat.bind
    assert bind({"target": 20}) == {"target": 20.0, "mode": None}
    assert bind({"target": 20.5, "mode": "eco"}) == {"target": 20.5, "mode": Mode.ECO}
    assert SwitchLevel.set_level.bind({"level": 5, "rate": None}) == {"level": 5, "rate": None}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "needs the argument target"),
        ({"target": None}, "needs the argument target"),
        ({"target": 31}, "31.0 is outside the range 5 to 30"),
        ({"target": math.nan}, "nan is not a number"),
        ({"target": "hot"}, "'hot' is not a number"),
        ({"target": True}, "True is not a number"),
        ({"target": 20, "mode": "max"}, "'max' is not one of eco, boost"),
        ({"target": 20, "colour": 1}, "no argument colour"),
    ],
)
def test_bind_refuses_wrong_arguments(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message) as caught:
        TestHeater.set_target_heat.bind(arguments)
    assert str(caught.value).startswith("test.heater.setTargetHeat")


def test_percent_and_seconds() -> None:
    limits = {a.name: a.schema.limits for a in SwitchLevel.set_level.arguments}
    assert limits == {"level": Range(0, 100), "rate": Range(0, 3600)}
    assert get_args(Percent) == (int, Range(0, 100))
    assert get_args(Seconds) == (float, Range(0, 3600))


@pytest.mark.parametrize(
    ("attribute", "text", "value"),
    [
        (Switch.switch, "on", True),
        (Switch.switch, "off", False),
        (SwitchLevel.level, "7", 7),
        (PowerMeter.power, "7", 7.0),
        (TestHeater.mode, "eco", Mode.ECO),
    ],
)
def test_parse(attribute: Attribute[Any], text: str, value: object) -> None:
    assert attribute.parse(text) == value


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        (Switch.switch, "ON"),
        (Switch.switch, ""),
        (SwitchLevel.level, "7.5"),
        (SwitchLevel.level, "101"),
        (SwitchLevel.level, "9" * 5000),
        (PowerMeter.power, "nan"),
        (PowerMeter.power, "1e300"),
        (PowerMeter.power, "<html>" * 100),
        (TestHeater.mode, "max"),
    ],
)
def test_parse_refuses_wrong_texts(attribute: Attribute[Any], text: str) -> None:
    with pytest.raises(ReplyError, match=f"is not a valid value of {attribute.id}") as caught:
        attribute.parse(text)
    assert len(str(caught.value)) < 120


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(anything, st.sampled_from([bool, int, float, str, Mode]))
def test_check_returns_the_type_or_raises(value: Any, kind: type[Any]) -> None:
    try:
        checked = Schema(kind).check(value)
    except ValueError:
        return
    assert type(checked) is kind
    assert not isinstance(checked, float) or (math.isfinite(checked) and abs(checked) <= MAX_NUMBER)


@pytest.mark.parametrize("bad", ["Switch", "9lives", "a.b.c", "acme-night", ""])
def test_ids_are_checked(bad: str) -> None:
    with pytest.raises(DriverError, match="is not camelCase"):

        class _Bad(Capability, id=bad or "-"):
            pass


def test_sets_must_name_an_attribute() -> None:
    with pytest.raises(DriverError, match="setLevel names 'levle', which is not an attribute"):

        class _Bad(Capability, id="test.bad"):
            @command(sets="levle")
            def set_level(self, level: int) -> None:
                """Set the level."""


def test_a_class_that_names_an_attribute_or_a_command_changes_nothing_of_it() -> None:
    class Holder:
        favourite = Switch.switch
        way = Switch.on

    assert Holder.favourite.capability is Switch
    assert (Switch.switch.id, Switch.on.id) == ("switch.switch", "switch.on")
    assert Holder.way.capability is Switch
