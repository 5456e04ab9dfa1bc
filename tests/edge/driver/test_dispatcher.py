"""The choice of the sub-driver for a device, and of the handler for a command."""

import pytest

from lan_edge import Identity, Switch, SwitchLevel, register
from lan_edge.driver.dispatcher import Dispatcher

from .lamps import family, sub


def test_sub_driver_of_an_unregistered_class_is_found() -> None:
    lamp = register(family())
    between = sub(lamp, "between")
    deep = register(sub(between, "deep"))
    assert Dispatcher(lamp).choose(Identity(model="deep")) is deep


@pytest.mark.parametrize(
    ("model", "chosen"),
    [("", 0), ("b", 2), ("a", 1), ("aa", 3), ("aab", 3), ("ab", 1), ("c", 0), ("bug", 0)],
)
def test_the_most_specific_sub_driver_is_chosen(
    model: str, chosen: int, caplog: pytest.LogCaptureFixture
) -> None:
    lamp = register(family())
    a, b = register(sub(lamp, "a")), register(sub(lamp, "b"))
    aa = register(sub(a, "aa"))
    dispatcher = Dispatcher(lamp)
    assert dispatcher.choose(Identity(model=model)) is (lamp, a, b, aa)[chosen]
    assert bool(caplog.records) is (model == "bug")
    assert all(record.exc_info is None for record in caplog.records)
    assert all("KeyError at dispatcher.py:" in record.getMessage() for record in caplog.records)


def test_the_parents_handlers_are_used_for_the_rest() -> None:
    lamp = register(family())
    a = register(sub(lamp, "a"))
    dispatcher = Dispatcher(lamp)
    on, off = dispatcher.handler_for(a, Switch.on), dispatcher.handler_for(a, Switch.off)
    assert on
    assert off
    assert (on.name, off.name) == ("sub_on", "turn_off")
    assert dispatcher.handler_for(a, SwitchLevel.set_level) is None
    assert dispatcher.handler_for(a, Switch.on) is on


def test_explain() -> None:
    lamp = register(family())
    register(sub(lamp, "a"))
    register(sub(lamp, "b"))
    lines = Dispatcher(lamp).explain(Identity(model="b7", firmware="1.2"), Switch.on)
    assert lines[0] == "Suba: does not match model 'b7', firmware '1.2'"
    assert lines[1] == "Subb: matches model 'b7', firmware '1.2'"
    assert lines[2] == "driver Subb"
    assert "sub_on" in lines[3]
    assert "(driver/lamps.py:" in lines[3]  # without the folders of whoever runs it
