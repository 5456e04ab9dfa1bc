"""Which drivers there are, sub-drivers, the dispatcher's choice, and how records are kept."""

from types import SimpleNamespace
from typing import Any

import pytest

from lan_edge import (
    Address,
    Component,
    Confirm,
    Driver,
    DriverError,
    Http,
    Identity,
    JsonRpc,
    Mdns,
    Profile,
    Record,
    Sighting,
    Switch,
    SwitchLevel,
    handles,
    register,
)
from lan_edge.driver import registry
from lan_edge.driver.dispatcher import Dispatcher
from tests.bundled import driver_for, match, registered


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the bundled drivers out of it."""
    monkeypatch.setattr(registry, "_DRIVERS", {})
    monkeypatch.setattr(registry, "_REGISTERED", set())


def family(name: str = "test_lamp", **more: Any) -> type[Driver[Any]]:
    """Make a driver class."""

    class Lamp(Driver[Http]):
        id = name
        profile = Profile(Switch)
        discovery = more.get("discovery", (Mdns("_lamp._tcp.local.", unique_id="{txt[id]}"),))

        @handles(Switch.on)
        async def turn_on(self) -> None:
            """Do nothing."""

        @handles(Switch.off)
        async def turn_off(self) -> None:
            """Do nothing."""

    return Lamp


def sub(parent: type[Driver[Any]], model: str) -> type[Driver[Any]]:
    """Make a sub-driver for the models that begin so."""

    class Sub(parent):  # type: ignore[misc, valid-type]
        @classmethod
        def can_handle(cls, identity: Identity) -> bool:
            if identity.model == "bug":
                raise KeyError(model)
            return identity.model.startswith(model)

        @handles(Switch.on)
        async def sub_on(self) -> None:
            """Do nothing."""

    Sub.__name__ = f"Sub{model}"
    return Sub


def test_register_returns_the_class_and_makes_it_known() -> None:
    lamp = family()
    assert register(lamp) is lamp
    assert registered() == {"test_lamp": lamp}
    assert driver_for("test_lamp") is lamp
    with pytest.raises(DriverError, match="there is no driver 'none'"):
        driver_for("none")


def test_same_id_takes_the_older_ones_place() -> None:
    register(family())
    newer = register(family())
    assert registered() == {"test_lamp": newer}


def test_sub_drivers_are_no_drivers_of_their_own() -> None:
    lamp = register(family())
    a = register(sub(lamp, "a"))
    aa = register(sub(a, "aa"))
    assert registered() == {"test_lamp": lamp}
    assert (lamp.sub_drivers, a.sub_drivers, aa.sub_drivers) == ([a], [aa], [])


def test_sub_driver_of_an_unregistered_class_is_found() -> None:
    lamp = register(family())
    between = sub(lamp, "between")
    deep = register(sub(between, "deep"))
    assert Dispatcher(lamp).choose(Identity(model="deep")) is deep


@pytest.mark.parametrize(
    ("model", "chosen"),
    [("", 0), ("b", 2), ("a", 1), ("aa", 3), ("aab", 3), ("ab", 1), ("c", 0), ("bug", 0)],
)
def test_deepest_that_matches_wins(
    model: str, chosen: int, caplog: pytest.LogCaptureFixture
) -> None:
    lamp = register(family())
    a, b = register(sub(lamp, "a")), register(sub(lamp, "b"))
    aa = register(sub(a, "aa"))
    dispatcher = Dispatcher(lamp)
    assert dispatcher.choose(Identity(model=model)) is (lamp, a, b, aa)[chosen]
    assert bool(caplog.records) is (model == "bug")


def test_handlers_of_the_parent_for_the_rest() -> None:
    lamp = register(family())
    a = register(sub(lamp, "a"))
    dispatcher = Dispatcher(lamp)
    on, off = dispatcher.find(a, Switch.on), dispatcher.find(a, Switch.off)
    assert on
    assert off
    assert (on.name, off.name) == ("sub_on", "turn_off")
    assert dispatcher.find(a, SwitchLevel.set_level) is None
    assert dispatcher.find(a, Switch.on) is on


def test_explain() -> None:
    lamp = register(family())
    register(sub(lamp, "a"))
    register(sub(lamp, "b"))
    lines = Dispatcher(lamp).explain(Identity(model="b7", firmware="1.2"), Switch.on)
    assert lines[0] == "Suba: does not match model 'b7', firmware '1.2'"
    assert lines[1] == "Subb: matches model 'b7', firmware '1.2'"
    assert lines[2] == "driver Subb"
    assert "sub_on" in lines[3]
    assert "test_registry.py:" in lines[3]


def test_match() -> None:
    lamp = register(family())
    register(family("test_other", discovery=(Mdns("_other._tcp.local."),)))
    both = register(family("test_both"))
    sighting = Sighting(
        "mdns", "_lamp._tcp.local.", Address("10.0.0.1", 80), "L", {"txt": {"id": "1"}}
    )
    found = match(sighting)
    assert [(c.driver, c.match.unique_id) for c in found] == [(lamp, "1"), (both, "1")]


def test_what_a_driver_has_without_saying_so() -> None:
    class RestLamp(family()):  # type: ignore[misc]
        pass

    class Push(Driver[JsonRpc]):
        id = "test_push"
        profile = Profile()

    nobody = SimpleNamespace(settings=None)
    lamp = RestLamp(nobody)
    assert (lamp.poll_interval, lamp.confirm_by) == (Http.poll, Confirm.READ)
    assert Push(nobody).confirm_by is Confirm.PUSH  # type: ignore[arg-type]
    assert isinstance(lamp.transport_options(), Http.options_type)


def test_record_survives_the_store() -> None:
    record = Record(
        Identity("1", name="Lamp", model="RS"),
        (Address("10.0.0.1", 80), Address("10.0.0.2", 0)),
        Profile(Switch, outlet=Component((Switch,), "Left", child=True, category="outlet")),
        {"token": [1, {"a": None}]},
        added=True,
    )
    assert Record.from_dict(record.as_dict()) == record
    assert Record.from_dict({}) == Record()


def test_record_of_another_version() -> None:
    data = Record(Identity("1"), profile=Profile(Switch)).as_dict()
    data["identity"]["colour"] = "red"
    data["profile"]["main"]["capabilities"].append("acme.unknown")
    data["new"] = 1
    record = Record.from_dict(data)
    assert record.identity == Identity("1")
    assert record.profile == Profile(Switch)


def test_what_makes_no_sense_in_a_record_is_left_out() -> None:
    data = Record(Identity("1"), (Address("10.0.0.1", 80),), Profile(Switch)).as_dict()
    data["identity"]["name"] = None
    data["addresses"] += [["10.0.0.2"], ["10.0.0.2", "80"], 5, None]
    data["profile"] |= {"a": None, "b": {}, "c": {**data["profile"]["main"], "child": "yes"}}
    data["profile"]["main"]["capabilities"] += [None, ["switch"]]
    data |= {"fields": ["a"], "pin": 5}
    assert Record.from_dict(data) == Record(
        Identity("1"), (Address("10.0.0.1", 80),), Profile(Switch)
    )
    kinds: tuple[object, ...] = (None, 5, [], {})
    for name in ("identity", "addresses", "fields", "pin"):
        assert all(Record.from_dict({name: kind}) == Record() for kind in kinds)
    assert Record.from_dict({"profile": {"main": None}}).profile is None
    assert Record.from_dict({"profile": {}}).profile == Profile()


def test_a_part_may_have_any_name() -> None:
    assert list(Profile(self=Component((Switch,))).components) == ["self"]
    assert Component((), "A\nlamp" + "p" * 999).name == "A lamp" + "p" * 250
