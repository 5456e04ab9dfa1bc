"""What a description has is changed as in a form; what the form does not show stays."""

from copy import deepcopy
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import DescriptionDraft, bundled_descriptions, description_values
from lan_edge.declarative.drafting.changing import merged, truth_words, unshown_truth
from lan_edge.declarative.drafting.readings import truth_values

TEXT = """\
description: 1
id: relay
name: Relay
talks: http
requests: {status: {get: /status}}
components:
  main:
    category: light
    switch:
      switch: {path: power, map: {1: true, 0: false}}
      on: {get: /on}
      off: [{get: /off}, {get: /sync, wait: 1}]
    switchLevel:
      level: {path: bri, scale: 0.392157, round: 0}
      setLevel: {post: /set, json: {bri: "{level}", raw: "{level.raw}"}}
    powerMeter: {power: {path: w}}
    own:
      current:
        {number: [6, 32], unit: A, path: amp, round: 1, diagnostic: true,
         set: {get: /set, query: {amp: "{value}"}}}
      mode: {choice: [eco, fast], path: mode, set: {get: /set, query: {mode: "{value}"}}}
      state: {choice: {1: idle, 2: charging}, path: car}
      alarm: {switch: true, path: alarm, invert: true}
      label: {text: true, path: label, set: {post: /label, text: "{value}"}}
      restart: {button: {get: /restart}}
      energy: {number: true, path: wh, unit: kWh, device_class: energy, total: true}
"""


@pytest.fixture
def draft() -> DescriptionDraft:
    return DescriptionDraft(description_values(TEXT))


def test_nothing_changes_without_a_change(draft: DescriptionDraft) -> None:
    assert len(draft.things) == 8
    for place in draft.things:
        thing = draft.thing(place)
        draft.change(place, thing, deepcopy(thing))
    assert draft.values == description_values(TEXT)


@pytest.mark.parametrize("text", bundled_descriptions().values(), ids=bundled_descriptions())
def test_nothing_changes_in_the_bundled_ones(text: str) -> None:
    draft = DescriptionDraft(description_values(text))
    for place in draft.things:
        thing = draft.thing(place)
        draft.change(place, thing, deepcopy(thing))
    assert draft.values == description_values(text)


SHADE = """description: 1
id: shade
name: Shade
talks: http
requests: {status: {get: /status}}
components:
  main:
    windowShade:
      windowShade: {path: pos, template: "'closed' if value <= 0 else 'open'"}
      open: {get: /open}
      close: {get: /close}
      pause: {get: /stop}
    windowShadeLevel:
      shadeLevel: {path: pos}
      setShadeLevel: {get: "/set/{shade_level}"}
  heating:
    thermostatHeatingSetpoint:
      heatingSetpoint: {path: target, scale: 0.1}
      setHeatingSetpoint: {get: "/t/{setpoint}"}
      heatingSetpointRange: {fixed: [5, 30]}
    thermostatMode:
      thermostatMode: {path: mode, map: {0: "off", 1: heat}}
      supportedThermostatModes: {fixed: ["off", heat]}
      setThermostatMode: {get: "/m/{mode}"}
    relativeHumidityMeasurement: {humidity: {path: humidity}}
"""


def test_shades_and_thermostats_are_changed_too() -> None:
    draft = DescriptionDraft(description_values(SHADE))
    for place in draft.things:
        thing = draft.thing(place)
        draft.change(place, thing, deepcopy(thing))
    assert draft.values == description_values(SHADE)
    before = draft.thing("heating")
    assert before.commands["temperature"] == {"get": "/t/{value}"}
    assert (before.minimum, before.maximum) == (5, 30)
    after = deepcopy(before)
    after.maximum = 28
    draft.change("heating", before, after)
    heating = draft.values["components"]["heating"]
    assert heating["thermostatHeatingSetpoint"]["heatingSetpointRange"] == {"fixed": [5, 28]}
    assert draft.unlisted == ["heating.relativeHumidityMeasurement"]
    draft.remove("heating")
    assert [*draft.values["components"]["heating"]] == ["relativeHumidityMeasurement"]


def test_what_the_form_does_not_show_stays(draft: DescriptionDraft) -> None:
    before = draft.thing("main.own.current")
    assert (before.minimum, before.maximum, before.unit) == (6, 32, "A")
    after = deepcopy(before)
    after.name, after.unit, after.maximum = "Charging current", "", 16
    draft.change("main.own.current", before, after)
    expected = description_values(TEXT)["components"]["main"]["own"]["current"]
    del expected["unit"]
    expected |= {"number": [6, 16], "name": "Charging current"}
    assert draft.values["components"]["main"]["own"]["current"] == expected


def test_a_light_is_changed_in_its_place(draft: DescriptionDraft) -> None:
    before = draft.thing("main")
    assert before.commands["level"]["json"] == {"bri": "{value}", "raw": "{value.raw}"}
    after = deepcopy(before)
    after.commands["on"] = {"get": "/power", "query": {"on": "1"}}
    draft.change("main", before, after)
    expected = description_values(TEXT)["components"]["main"]
    expected["switch"]["on"] = after.commands["on"]
    assert draft.values["components"]["main"] == expected


def test_the_rest_is_only_in_the_text(draft: DescriptionDraft) -> None:
    assert draft.unlisted == ["main.powerMeter"]


@pytest.mark.parametrize("on", ["", "1", "it's on", 'a "b"', "1; 2; it's"])
@pytest.mark.parametrize("off", ["", "0", "\\", "0; 3"])
def test_the_words_for_on_and_off_come_back(on: str, off: str) -> None:
    assert truth_words(truth_values(on, off)) == (on, off)


@pytest.mark.parametrize(
    "conversion",
    [
        {"map": {"on;1": True, "off;0": False}},
        {"map": {1: True, "off;0": False}},
        {"template": "(value | string) == 'on;1'"},
        {"template": "(value | string) not in ['off;0', 'off']"},
    ],
)
def test_words_with_what_separates_them_are_not_shown(conversion: dict[str, Any]) -> None:
    assert truth_words(conversion) == ("", "")
    assert unshown_truth({"path": "a", **conversion}) == conversion


@pytest.mark.parametrize("on", ["", "1", "1; 2"])
@pytest.mark.parametrize("off", ["", "0", "0; 3"])
def test_all_other_words_are_shown(on: str, off: str) -> None:
    assert unshown_truth(truth_values(on, off)) == {}


SCALARS = st.sampled_from([1, 2, "a", True])
FIELDS = st.dictionaries(
    st.sampled_from("abc"),
    SCALARS | st.dictionaries(st.sampled_from("xy"), SCALARS, max_size=2),
    max_size=3,
)


@given(FIELDS, FIELDS, FIELDS)
def test_what_was_changed_is_there_and_what_was_not_stays(
    current: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert merged(current, before, before) == current
    assert merged(before, before, after) == after
    both = merged(current, before, after)
    for key, value in after.items():
        if not isinstance(value, dict) and value != before.get(key):
            assert both[key] == value
