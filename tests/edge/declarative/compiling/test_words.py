"""What goes wrong with a described device can be said in another language."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from lan_edge import ArgumentError, ReplyError, connect, error_in
from lan_edge.declarative.compiling import own_capabilities_of
from lan_edge.declarative.compiling.messages import is_found
from lan_edge.declarative.reading.received import received_of
from tests.drivers.described import compiled

from .charger import TOKEN, Charger

TEXT = """\
description: 1
id: worded
name: Worded
parameters:
  token: {kind: secret, label: Token}
talks: http
login: {header: {X-Token: "{token}"}}
requests:
  status: {get: /api/status}
components:
  main:
    own:
      label: {text: true, path: name, set: {get: "/api/name/{value}"}}
      load: {number: true, path: name, template: "10 / value"}
"""
GERMAN = {
    "it_divides_by_0": "es wird durch 0 geteilt",
    "name_is_empty_but_a_part_of_a_path": "{name} ist leer, steht aber in einem Pfad",
    "name_is_shown_and_the_template_text_fails_with_it_why": (
        "{name} ist {shown}, und {text} scheitert: {why}"
    ),
    "name_is_value_not_a_single_value": "{name} ist {value}, kein einzelner Wert",
}
LABEL = "  label:"
ONLY_LOAD = "\n".join(line for line in TEXT.splitlines() if LABEL not in line)
ONLY_LABEL = "\n".join(line for line in TEXT.splitlines() if "load:" not in line)


@pytest.fixture
async def charger() -> AsyncGenerator[Charger]:
    async with Charger().there() as made:
        yield made


def refused(text: str, name: object) -> ReplyError:
    """Return the error of reading a name."""
    driver: Any = compiled(text)
    [slot] = driver.plan.requests["status"].slots
    with pytest.raises(ReplyError) as caught:
        slot.read(received_of({"name": name}))
    return caught.value


def test_a_template_that_fails() -> None:
    error = refused(ONLY_LOAD, 0)
    assert str(error) == "name is 0, and the template '10 / value' fails with it: it divides by 0"
    assert error_in(error, GERMAN) == (
        "name ist 0, und '10 / value' scheitert: es wird durch 0 geteilt"
    )


def test_a_value_of_another_shape() -> None:
    error = refused(ONLY_LABEL, [1])
    assert str(error) == "name is [1], not a single value"
    assert error_in(error, GERMAN) == "name ist [1], kein einzelner Wert"


async def test_a_value_that_cannot_be_sent(charger: Charger) -> None:
    settings = {"token": TOKEN}
    driver = compiled(ONLY_LABEL)
    [own] = own_capabilities_of(driver)
    async with connect(driver, charger.address, settings=settings) as device:
        with pytest.raises(ArgumentError) as caught:
            await device.commands.execute(own.commands[0], {"value": ""})
    assert error_in(caught.value, GERMAN) == "value ist leer, steht aber in einem Pfad"


async def test_a_secret_is_taken_out_of_it(charger: Charger) -> None:
    settings = {"token": TOKEN}
    async with connect(compiled(ONLY_LABEL), charger.address, settings=settings) as device:
        charger.state["name"] = [TOKEN]
        await device.commands.refresh()
        [(_, reason)] = device.counts["refused_values"].values()
    assert TOKEN not in reason
    assert "not a single value" in reason


async def test_a_word_that_nobody_knows_is_no_reason_to_be_offline(charger: Charger) -> None:
    text = ONLY_LOAD.replace('template: "10 / value"', "map: {5: 1, 6: 2}")
    [own] = own_capabilities_of(driver := compiled(text))
    async with connect(driver, charger.address, settings={"token": TOKEN}) as device:
        for name, shown in ((5, 1), (7, None), (6, 2)):
            charger.state["name"] = name
            await device.commands.refresh()
            assert device.state.get(own.attributes[0]) == shown
            assert device.available
        charger.state.pop("name")
        await device.commands.refresh()
        assert device.state.get(own.attributes[0]) is None


def test_what_has_the_pattern_of_the_value_is_an_answer() -> None:
    """So a device is there whose only value is odd for now, such as `load=off`."""
    read = 'path: name, template: "10 / value"'
    assert read in ONLY_LOAD
    driver: Any = compiled(ONLY_LOAD.replace(read, "pattern: 'load=(.*)'"))
    [slot] = driver.plan.requests["status"].slots
    assert is_found(slot, received_of("load=off"))
    assert not is_found(slot, received_of("<html>"))


def test_what_is_no_json_is_no_answer() -> None:
    driver: Any = compiled(ONLY_LOAD)
    [slot] = driver.plan.requests["status"].slots
    assert is_found(slot, received_of({"name": "x"}))
    for answer in ("<html>", {"name": None}, {}):
        assert not is_found(slot, received_of(answer))
