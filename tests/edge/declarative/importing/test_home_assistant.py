"""Home Assistant's YAML: rest, rest_command and command_line, as owners have them."""

from contextlib import suppress
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import DescriptionError, NoteKind, description_text, import_home_assistant
from lan_edge.declarative.importing.home_assistant.value_template import template_reading

from .imported import assert_described, described, notes_of, values_of
from .test_curl import assert_hidden

SWITCH = """
switch:
  - platform: rest
    name: Kitchen relay
    resource: http://192.168.1.55:8080/led
    body_on: '{"active": true}'
    body_off: '{"active": false}'
    is_on_template: "{{ value_json.is_active }}"
    method: put
    headers: {Content-Type: application/json, X-Key: !secret relay_key}
    username: admin
    password: s3cret
    scan_interval: 30
    timeout: 5
    icon: mdi:lamp
"""
SENSORS = """
rest:
  - resource: https://192.168.1.56/api
    params: {unit: W}
    authentication: digest
    username: !secret name
    password: !secret word
    verify_ssl: false
    scan_interval: "00:01:00"
    sensor:
      - name: Outdoor temperature
        unique_id: outdoor
        value_template: "{{ (value_json['out'][0].t | float / 10) | round(1) }}"
        unit_of_measurement: "°C"
        device_class: temperature
      - name: Energy
        value_template: "{{ value_json.wh }}"
        unit_of_measurement: Wh
        device_class: energy
        state_class: total_increasing
      - name: Mode
        value_template: "{% if value_json.m == 1 %}heat{% else %}off{% endif %}"
    binary_sensor:
      - name: Door
        device_class: door
        value_template: "{{ value_json.door == 'open' }}"
"""
COMMANDS = """
command_line:
  - switch:
      name: Camera
      command_on: curl -X POST -d '{"rec":1}' http://10.0.0.5/rec
      command_off: 'curl -X POST -d ''{"rec":0}'' http://10.0.0.5/rec'
      command_state: curl -s http://10.0.0.5/state | jq .rec.now
      value_template: '{{ value == "1" }}'
      scan_interval: {minutes: 1}
  - sensor:
      name: Load
      command: curl -s http://10.0.0.5/load
      unit_of_measurement: "%"
  - sensor: {name: Uptime, command: uptime}
switch:
  - platform: command_line
    switches:
      fan: {command_on: curl http://10.0.0.5/fan/on, command_off: curl http://10.0.0.5/fan/off}
"""


def own_of(values: dict[str, Any]) -> Any:
    return values["components"]["main"]["own"]


def test_a_switch() -> None:
    imported = import_home_assistant(SWITCH)
    values = values_of(imported)
    assert imported.drafts[0].host == "192.168.1.55"
    switch = values["components"]["main"]["switch"]
    assert switch["switch"] == {"from": "led", "path": "is_active"}
    headers = {"X-Key": "{relay_key}"}
    assert switch["on"] == {"put": "/led", "json": {"active": True}, "headers": headers}
    assert switch["off"]["json"] == {"active": False}
    assert values["requests"] == {"led": {"get": "/led", "headers": headers}}
    assert values["login"] == {"basic": {"username": "{username}", "password": "{password}"}}
    assert (values["poll"], values["options"]) == (30, {"port": 8080, "timeout": 5})
    assert values["parameters"]["relay_key"]["kind"] == "secret"
    assert_hidden(imported, "s3cret", "admin")
    assert {*notes_of(imported, NoteKind.LEFT_OUT)} == {"switch[0].icon"}
    assert not notes_of(imported)


def test_a_switch_that_answers_with_its_body() -> None:
    text = "switch:\n  platform: rest\n  resource: http://10.0.0.5/r\n  state_resource: http://10.0.0.5/s"
    values = values_of(import_home_assistant(text))
    switch = values["components"]["main"]["switch"]
    assert switch["switch"] == {"from": "s", "map": {"ON": True, "OFF": False}}
    assert switch["on"] == {"post": "/r", "text": "ON"}


def test_sensors() -> None:
    imported = import_home_assistant(SENSORS)
    values = values_of(imported)
    own = own_of(values)
    assert own["outdoorTemperature"] == {
        "number": True,
        "name": "Outdoor temperature",
        "unit": "°C",
        "device_class": "temperature",
        "from": "api",
        "path": "out[0].t",
        "scale": 0.1,
        "round": 1,
    }
    assert own["energy"]["total"] is True
    assert own["mode"]["template"] == '("heat" if (value == 1) else "off")'
    assert own["door"]["device_class"] == "door"
    assert values["requests"] == {"api": {"get": "/api", "query": {"unit": "W"}}}
    assert values["login"] == {"digest": {"username": "{name}", "password": "{word}"}}
    assert (values["tls"], values["poll"]) == ({"trust": "pin"}, 60)
    assert {each["kind"] for each in values["parameters"].values()} == {"secret"}


def test_a_sensor_with_attributes() -> None:
    text = """
    sensor living room:
      - platform: rest
        name: Boiler
        resource: http://10.0.0.5/state
        method: POST
        payload: '{"get": "all"}'
        value_template: "{{ value_json.flame | default('none') }}"
        json_attributes_path: "$.inner"
        json_attributes: [pressure, "flow rate"]
    """
    values = values_of(import_home_assistant(text))
    assert values["requests"] == {"boiler": {"post": "/state", "json": {"get": "all"}}}
    paths = {name: each["path"] for name, each in own_of(values).items()}
    assert paths == {
        "boiler": "flame",
        "pressure": "inner.pressure",
        "flowRate": 'inner["flow rate"]',
    }


def test_all_of_one_address_is_one_device() -> None:
    commands = "rest_command:\n  reboot: {url: 'http://192.168.1.55:8080/reboot', method: post}\n"
    values = values_of(import_home_assistant(SWITCH + commands))
    assert own_of(values)["reboot"] == {"button": {"post": "/reboot"}}
    assert len(described(import_home_assistant(SWITCH + SENSORS))) == 2


def test_a_command_with_a_value() -> None:
    text = """
    dim: {url: "http://10.0.0.5/level?value={{ level }}"}
    say: {url: "http://10.0.0.5/say", method: POST, payload: '{"text": "{{ message }}"}'}
    both: {url: "http://10.0.0.5/x?a={{ a }}&b={{ b }}"}
    now: {url: "http://10.0.0.5/x?a={{ states('sensor.x') }}"}
    """
    imported = import_home_assistant(text)
    values = values_of(imported)
    own = own_of(values)
    assert own["dim"] == {"number": True, "set": {"get": "/level", "query": {"value": "{value}"}}}
    assert own["say"] == {"text": True, "set": {"post": "/say", "json": {"text": "{value}"}}}
    assert values["confirm"] == "echo"
    notes = notes_of(imported)
    assert "several values: a, b" in notes["rest_command.both"]
    assert "states" in notes["rest_command.now"]


def test_command_lines() -> None:
    imported = import_home_assistant(COMMANDS)
    values = values_of(imported)
    main, fan = values["components"]["main"], values["components"]["fan"]
    assert main["switch"]["switch"]["path"] == "rec.now"
    assert main["switch"]["off"]["json"] == {"rec": 0}
    assert main["own"]["load"]["unit"] == "%"
    assert fan["switch"] == {"on": {"get": "/fan/on"}, "off": {"get": "/fan/off"}}
    assert (values["poll"], values["confirm"]) == (60, "echo")
    assert "command_line[2]" in notes_of(imported)


def test_parts_that_are_pasted() -> None:
    sensor = "- platform: rest\n  resource: http://10.0.0.5/x\n  name: Level\n"
    assert set(own_of(values_of(import_home_assistant(sensor)))) == {"level"}
    one = "resource: http://10.0.0.5/x\nsensor: {name: Level}\n"
    assert set(own_of(values_of(import_home_assistant(one)))) == {"level"}
    switch = "- platform: rest\n  resource: http://10.0.0.5/x\n  body_on: 'on'\n  body_off: 'off'\n"
    assert "switch" in values_of(import_home_assistant(switch))["components"]["main"]


def test_what_is_not_understood_is_named() -> None:
    text = """
    light:
      - platform: mqtt
    sensor:
      - platform: template
      - platform: rest
        resource_template: "http://{{ states('x') }}/x"
      - platform: rest
        resource: http://10.0.0.5/x
        name: When
        colour: red
        scan_interval: soon
        value_template: "{{ as_timestamp(value_json.x) }}"
    """
    imported = import_home_assistant(text)
    notes = notes_of(imported)
    assert {*notes} == {
        *("light", "sensor[0]", "sensor[1]", "sensor[2].colour", "sensor[2].scan_interval"),
        "sensor[2].value_template",
    }
    assert "as_timestamp" in notes["sensor[2].value_template"]
    assert own_of(values_of(imported)) == {"when": {"text": True, "name": "When", "from": "when"}}


TEMPLATES: dict[str, dict[str, Any]] = {
    "{{ value_json.relay.on }}": {"path": "relay.on"},
    "{{ value_json['x'][0] }}": {"path": "x[0]"},
    "{{ value_json['odd key'].a }}": {"path": '["odd key"].a'},
    "{{value}}": {},
    "{{ value | int }}": {"round": 0},
    "{{ value_json.t | float * 0.1 }}": {"path": "t", "scale": 0.1},
    "{{ value_json.t | float(0) * 0.1 | round(1) }}": {"path": "t", "scale": 0.1},
    "{{ (value_json.t | float * 0.1) | round(1) }}": {"path": "t", "scale": 0.1, "round": 1},
    "{{ ((value_json.t | float) - 32) / 1.8 }}": {
        "path": "t",
        "scale": 0.5555555555555556,
        "offset": -17.77777777777778,
    },
    "{{ 100 - value_json.l | int }}": {"path": "l", "template": "(100 - (value | int))"},
    "{{ 100 - value_json.l }}": {"path": "l", "scale": -1, "offset": 100},
    "{{ value_json.is_defined_ | is_defined }}": {"path": "is_defined_"},
    "{{ value_json.on == true }}": {"path": "on"},
    "{{ value == 'ON' }}": {"template": '(value == "ON")'},
    "{{ value_json.a > 1 and value_json.a < 5 }}": {
        "path": "a",
        "template": "((value > 1) and (value < 5))",
    },
    "{{ value_json.p.a + value_json.p.b }}": {
        "path": "p",
        "template": '(value["a"] + value["b"])',
    },
    "{{ 'on' if value_json.s in [1, 2] else 'off' }}": {
        "path": "s",
        "template": '("on" if (value in [1, 2]) else "off")',
    },
    "{{ value_json.t }} C": {"path": "t", "template": '(value ~ " C")'},
}


@pytest.mark.parametrize(("template", "fields"), TEMPLATES.items())
def test_a_template(template: str, fields: dict[str, Any]) -> None:
    assert template_reading(template).fields() == fields


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("on", "no value"),
        ("{{ now() }}", "uses now|no value"),
        ("{{ value.encode() }}", "calls encode"),
        ("{% for x in value %}{{ x }}{% endfor %}", "statements"),
        ("{{ value | regex_replace('a', 'b') }}", "regex_replace"),
        ("{{ value", "cannot be read"),
        ("{{ " + "(" * 900 + "value" + ")" * 900 + " }}", "cannot be read"),
        ("{{ value }}" * 300, "too long"),
    ],
)
def test_a_template_that_is_not_simple(template: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        template_reading(template)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no rest"),
        ("a: [", "not YAML"),
        ("light: []", "no rest"),
        ("rest: {resource: 'ftp://x/'}", "not http"),
        ("sensor: 5", "not a mapping"),
    ],
)
def test_what_is_none_has_a_fault(text: str, reason: str) -> None:
    with pytest.raises(DescriptionError, match=reason):
        import_home_assistant(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.just("{{ value_json.a }}"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(
    (
        *("name", "value_template", "headers", "params", "payload", "timeout", "scan_interval"),
        *("body_on", "json_attributes", "device_class", "unit_of_measurement", "username"),
        *("sensor", "method"),
    )
)


@given(st.sampled_from(("sensor", "switch", "rest")), st.dictionaries(NAMES, VALUES, max_size=5))
def test_any_values_are_a_draft_or_have_a_fault(kind: str, values: dict[str, Any]) -> None:
    entry = {"platform": "rest", "resource": "http://10.0.0.5/x", **values}
    with suppress(DescriptionError):
        assert_described(import_home_assistant(description_text({kind: [entry]})))


def test_two_commands_that_are_called_the_opposite_are_a_switch() -> None:
    text = """
    pump_off: {url: "http://10.0.0.5/pump?go=0", method: get}
    pump_on: {url: "http://10.0.0.5/run?speed=9"}
    mode_on: {url: "http://10.0.0.5/mode?to=songs"}
    """
    main = values_of(import_home_assistant(text))["components"]["main"]
    assert main["switch"] == {
        "on": {"get": "/run", "query": {"speed": "9"}},
        "off": {"get": "/pump", "query": {"go": "0"}},
    }
    assert {*main["own"]} == {"modeOn"}
