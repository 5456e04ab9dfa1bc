"""Several words of a device that mean the same, and words that have what separates them."""

from collections.abc import AsyncGenerator

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.describing.choice_lines import (
    NoChoicesError,
    choices_in,
    shown_choices,
)
from custom_components.lan_edge.describing.edited_thing import EditedThing
from custom_components.lan_edge.describing.thing_form import take_thing, thing_problem
from lan_edge import DescriptionDraft, description_values

from ..flow_steps import go_on, words
from .dialog import choose, option
from .heater import Heater
from .test_noticed import DEGREES, MODES, add, another, post

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
WORDS = """\
description: 1
id: words
name: Words
talks: http
requests: {status: {get: /status}}
components:
  main:
    switch:
      switch: {path: power, map: {"on;1": true, on: true, "off;0": false}}
      on: {get: /on}
      off: {get: /off}
    own:
      alarm: {switch: true, name: Alarm, path: alarm, template: "(value | string) == 'a;b'"}
  shade:
    windowShade:
      windowShade: {path: shade, map: {"up;1": open, "down;0": closed}}
      open: {get: /open}
      close: {get: /close}
  heater:
    thermostatHeatingSetpoint:
      heatingSetpoint: {path: target}
      heatingSetpointRange: {fixed: [5, 30]}
      setHeatingSetpoint: {get: "/target/{setpoint}"}
    thermostatMode:
      thermostatMode: {path: mode, map: {"off;0": off, "heat;1": heat}}
      setThermostatMode: {get: "/mode/{mode}"}
"""
"""A description with words that have what separates words in the forms."""


@pytest.fixture
async def heater() -> AsyncGenerator[Heater]:
    async with Heater() as made:
        yield made


async def test_a_word_with_what_separates_words_is_not_learned(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.ending = ";1"
    flow = await add(hass, heater, "climate")
    picks = {"target": option(flow, "target", "set_temp"), "mode": option(flow, "mode", "operat")}
    flow = await go_on(hass, flow, **picks, **DEGREES, **MODES)
    flow = await post(hass, flow, "set_temperature", '{"value": {value}}', **{"try": False})
    flow = await post(hass, flow, "operation_mode", '{"value": "{value}"}', value="Off")
    assert "the device sends `OFF;1`" in words(flow)["meaning"]
    assert "describe_learn" not in flow["menu_options"]
    flow = await another(hass, await choose(hass, flow, "describe_keep"), "switch", "Lock")
    field = option(flow, "field", "lock_active = ")
    flow = await go_on(hass, flow, field=field, on_value="Locked", off_value="No lock")
    flow = await post(hass, flow, "lock_active", '{"value": true}', **{"try": True})
    assert "the device sends `Child lock;1`" in words(flow)["meaning"]
    assert "describe_learn" not in flow["menu_options"]


async def test_a_word_has_one_meaning(hass: HomeAssistant, heater: Heater) -> None:
    flow = await add(hass, heater, "switch", "Lock")
    field = option(flow, "field", "lock_active = ")
    flow = await go_on(hass, flow, field=field, on_value="Locked; No lock", off_value=" No lock ;0")
    assert flow["errors"] == {"off_value": "ambiguous_word"}
    flow = await go_on(hass, flow, field=field, on_value="Locked", off_value="No lock")
    assert flow["step_id"] == "describe_command"
    hass.config_entries.flow.async_abort(flow["flow_id"])
    flow = await add(hass, heater, "climate")
    picks = {"target": option(flow, "target", "set_temp"), "mode": option(flow, "mode", "operat")}
    flow = await go_on(hass, flow, **picks, **DEGREES, **{**MODES, "cool_value": "HEAT"})
    assert flow["errors"] == {"cool_value": "ambiguous_word"}
    hass.config_entries.flow.async_abort(flow["flow_id"])
    flow = await add(hass, heater, "cover")
    ends = {"position_open": 100, "position_closed": 0, "can_stop": False}
    state = option(flow, "state", "operation_mode = ")
    flow = await go_on(hass, flow, state=state, open_value="Heat", closed_value="Heat", **ends)
    assert flow["errors"] == {"closed_value": "ambiguous_word"}


@pytest.mark.parametrize("place", ["main", "main.own.alarm", "shade", "heater"])
def test_words_with_what_separates_words_stay_until_others_are_entered(place: str) -> None:
    draft = DescriptionDraft(description_values(WORDS))
    edited = EditedThing(draft, place)
    readings = edited.readings({})
    suggested = edited.suggested_value(readings)
    assert not any(";" in str(each) for each in suggested.values())
    assert thing_problem(edited.thing, suggested, readings) == {}
    take_thing(edited.thing, suggested, readings)
    draft.change(place, edited.shown, edited.thing)
    assert draft.values == description_values(WORDS)


def test_other_words_replace_those_that_a_form_cannot_show() -> None:
    draft = DescriptionDraft(description_values(WORDS))
    edited = EditedThing(draft, "main")
    readings = edited.readings({})
    suggested = edited.suggested_value(readings)
    take_thing(edited.thing, {**suggested, "on_value": "on; 1"}, readings)
    draft.change("main", edited.shown, edited.thing)
    switch = draft.values["components"]["main"]["switch"]["switch"]
    assert switch == {"path": "power", "template": "(value | string) in ['on', '1']"}


def test_words_of_one_value_are_not_those_of_another() -> None:
    draft = DescriptionDraft(description_values(WORDS))
    shade, heater = EditedThing(draft, "shade"), EditedThing(draft, "heater")
    other = {**shade.suggested_value(shade.readings({})), "state": "other"}
    take_thing(shade.thing, other, {})
    assert shade.thing.reading == {"path": "other"}
    readings = heater.readings({})
    other = {**heater.suggested_value(readings), "mode": "other"}
    assert thing_problem(heater.thing, other, readings) == {"mode": "no_modes"}


def test_a_choice_whose_value_has_an_equals_sign() -> None:
    lines = ["1=Idle", '"mode=1"=Auto=x', ' "a\\"" = B', '"=C', '""=None', '"d"e=F']
    choices = choices_in(lines)
    assert choices == {
        "1": "Idle",
        "mode=1": "Auto=x",
        'a"': "B",
        '"': "C",
        "": "None",
        '"d"e': "F",
    }
    assert choices_in(shown_choices(choices)) == choices
    choices = {"1": "Auto=x"}
    assert choices_in(shown_choices(choices)) == choices
    for line in ("1", "=Idle", "1=", '"1"', '"1"=', "mode=1=Auto", '"d"=e=F'[1:]):
        with pytest.raises(NoChoicesError):
            choices_in([line])
