"""What goes wrong with a described device can be said in another language."""

from collections.abc import AsyncGenerator

import pytest

from lan_edge import ArgumentError, Device, ReplyError, connect, error_in
from lan_edge.declarative.compiling import own_capabilities_of
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


async def refused_by_reading(device: Device) -> ReplyError:
    with pytest.raises(ReplyError) as caught:
        await device.commands.refresh()
    return caught.value


async def test_a_template_that_fails(charger: Charger) -> None:
    charger.state["name"] = 5
    settings = {"token": TOKEN}
    async with connect(compiled(ONLY_LOAD), charger.address, settings=settings) as device:
        charger.state["name"] = 0
        error = await refused_by_reading(device)
    assert str(error) == (
        "status: name is 0, and the template '10 / value' fails with it: it divides by 0"
    )
    assert error_in(error, GERMAN) == (
        "status: name ist 0, und '10 / value' scheitert: es wird durch 0 geteilt"
    )


async def test_a_value_of_another_shape(charger: Charger) -> None:
    settings = {"token": TOKEN}
    async with connect(compiled(ONLY_LABEL), charger.address, settings=settings) as device:
        charger.state["name"] = [1]
        error = await refused_by_reading(device)
    assert str(error) == "status: name is [1], not a single value"
    assert error_in(error, GERMAN) == "status: name ist [1], kein einzelner Wert"


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
        error = await refused_by_reading(device)
    assert TOKEN not in error_in(error, GERMAN)
    assert "kein einzelner Wert" in error_in(error, GERMAN)
