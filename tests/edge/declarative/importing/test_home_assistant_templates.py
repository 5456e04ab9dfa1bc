"""Templates of Home Assistant as people write them: with names, branches, methods and units."""

import json
from typing import Any

from hypothesis import given, strategies as st
from jinja2 import Environment
import pytest

from lan_edge import NoteKind, import_home_assistant
from lan_edge.declarative.importing.home_assistant.value_template import template_reading
from lan_edge.declarative.reading.reader import reader_of
from lan_edge.declarative.reading.received import received_of
from lan_edge.declarative.reading.value_reading import Conversion, ValueReading

from .imported import notes_of, values_of

IDLE = '("idle" if (value == 1) else ("busy" if (value == 2) else "unknown"))'
TEMPLATES: dict[str, dict[str, Any]] = {
    "{% set t = value_json.t %}{{ (t / 10) | round(1) }}": {"path": "t", "scale": 0.1, "round": 1},
    "{% set a = value_json.a %}\n{% set b = a * 2 %}\n{{ b }}": {"path": "a", "scale": 2},
    "{% set names = {1: 'a'} %}{{ names[value_json.n] }}": {
        "path": "n",
        "template": '{1: "a"}[value]',
    },
    (
        "{% if value_json.s == 1 %} idle {% elif value_json.s == 2 %}busy"
        "{% else %}unknown{% endif %}"
    ): {
        "path": "s",
        "template": IDLE,
    },
    "{% if value_json.s %}{% if value_json.s > 5 %}high{% else %}low{% endif %}{% endif %}": {
        "path": "s",
        "template": '(("high" if (value > 5) else "low") if value else none)',
    },
    "{{ value_json.get('p') }}": {"path": "p"},
    "{{ value_json.get('m', {}).get('p', 0) }}": {
        "path": "m",
        "template": '((value | default({}))["p"] | default(0))',
    },
    "{{ {0: 'off'}.get(value_json.n, 'x') }}": {
        "path": "n",
        "template": '({0: "off"}[value] | default("x"))',
    },
    "{{ value.split(';')[2] }}": {"template": '(value | split(";"))[2]'},
    "{{ value_json.s.lower().strip() }}": {"path": "s", "template": "((value | lower) | trim)"},
    "{{ value_json.s[1:3] }}": {"path": "s", "template": "value[1:3]"},
    "{{ value_json.s[::2] }}": {"path": "s", "template": "value[:::2]".replace(":::", "::")},
    "{{ iif(value_json.on, 'An', 'Aus') }}": {
        "path": "on",
        "template": '("An" if value else "Aus")',
    },
    "{{ (value_json.n > 3) | iif }}": {
        "path": "n",
        "template": "(true if (value > 3) else false)",
    },
    "{{ float(value_json.t) * 2 }}": {"path": "t", "scale": 2},
    "{{ value_json.t | multiply(0.1) | add(3) | round(1) }}": {
        "path": "t",
        "scale": 0.1,
        "offset": 3,
        "round": 1,
    },
    "{{ '%.1f' | format(value_json.t / 60) }}": {
        "path": "t",
        "scale": 0.016666666666666666,
        "round": 1,
    },
    "{{ '%.2f' % value_json.t }}": {"path": "t", "round": 2},
    "{{ '%d' % value_json.t }}": {"path": "t", "template": '("%d" % value)'},
    "{{ value_json.on | bool }}": {"path": "on"},
    "{{ bool(value_json.on) }}": {"path": "on"},
    "{{ 'A' if value_json.s | bool else 'B' }}": {
        "path": "s",
        "template": (
            '("A" if (((value | string) | lower) in ["true", "on", "yes", "enable", "1"]) else "B")'
        ),
    },
    "{{ max(value_json.p.a, 0) }}": {"path": "p.a", "template": "([value, 0] | max)"},
    "{{ value_json.a + value_json.b }}": {
        "template": '((value | from_json)["a"] + (value | from_json)["b"])'
    },
    "{{ value_json | length }}": {"template": "((value | from_json) | length)"},
    "{{ (value | from_json).a }}": {"path": "a"},
    "{{ (value_json.l | last).w }}": {"path": "l", "template": '(value | last)["w"]'},
    "{{ value | regex_findall_index('t=([0-9.]+)') | float }}": {"pattern": "t=([0-9.]+)"},
    "{{ value_json.l | selectattr('id', 'eq', 3) | map(attribute='w.x') | first }}": {
        "path": "l[id=3].w.x"
    },
    "{{ (value_json.l | selectattr('n', 'equalto', 'a') | first).w }}": {"path": "l[n=a].w"},
}


@pytest.mark.parametrize(("template", "fields"), TEMPLATES.items())
def test_a_template(template: str, fields: dict[str, Any]) -> None:
    assert template_reading(template).fields() == fields


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ value.split(',', maxsplit=1) }}", "calls split"),
        ("{{ float() ~ value }}", "uses float"),
        ("{{ value | regex_findall_index('a', 1) }}", "regex_findall_index"),
        ("{{ (value | int) | regex_findall_index('a') }}", "regex_findall_index"),
        ("{{ value_json.l | selectattr('id', 'gt', 3) | first }}", "selectattr"),
        (
            "{{ (value_json.l | selectattr('i', 'eq', 3) | first).w + value_json.l[0].w }}",
            "several",
        ),
        (
            "".join(f"{{% set x{n + 1} = x{n} ~ x{n} %}}" for n in range(40)) + "{{ x40 ~ value }}",
            "too long",
        ),
    ],
)
def test_a_template_that_is_not_simple(template: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        template_reading(template)


def test_a_unit_that_is_shown_is_the_unit() -> None:
    reading = template_reading("{{ value_json.p }} kWh")
    assert (reading.unit, reading.is_number, reading.fields()) == ("kWh", True, {"path": "p"})


JSON = '{"t": 215, "on": true, "m": {"p": 7}, "l": [{"id": 3, "w": 9}], "s": "A;b"}'
SAME = (
    *("{{ value_json.t / 10 }}", "{{ '%.1f' | format(value_json.t / 10) }}"),
    *("{{ value_json.get('m', {}).get('p', 0) }}", "{{ value_json.get('t', 4) }}"),
    *("{{ value_json.s.split(';')[1] }}", "{{ value_json.l[0].w + value_json.t }}"),
    *(
        "{% set x = value_json.t %}{% if x > 9 %}high{% else %}low{% endif %}",
        "{{ value_json.s[2:] }}",
    ),
    *("{{ {215: 'a'}.get(value_json.t, 'b') }}", "{{ value_json | length }}"),
    "{{ value_json.l | selectattr('id', 'eq', 3) | map(attribute='w') | first }}",
)


@pytest.mark.parametrize("template", SAME)
def test_what_is_read_is_what_home_assistant_shows(template: str) -> None:
    """Jinja itself says what a template makes of an answer."""
    shown = Environment(autoescape=False).from_string(template)  # noqa: S701  # no HTML
    expected = shown.render(value=JSON, value_json=json.loads(JSON))
    fields = template_reading(template).fields()
    conversion = Conversion(
        scale=fields.get("scale", 1.0),
        digits=fields.get("round"),
        template=fields.get("template", ""),
    )
    read = reader_of(ValueReading(path=fields.get("path", ""), conversion=conversion))
    assert str(read(received_of(JSON))) == expected


def switch_of(text: str) -> Any:
    return values_of(import_home_assistant(text))["components"]["main"]


def test_an_answer_in_xml_is_read_as_xml() -> None:
    text = """
    rest:
      - resource: http://10.0.0.5/status.xml
        sensor:
          - {name: T, value_template: "{{ value_json.status['temp-1'] }}", unit_of_measurement: °C}
          - name: All
            value_template: "OK"
            json_attributes_path: $.status.list
            json_attributes: [a, "@b", "c d"]
        binary_sensor:
          - {name: On, value_template: "{{ value_json.status.on == '1' }}"}
    switch:
      - platform: rest
        resource: http://10.0.0.5/led.xml
        is_on_template: "{{ value_json.led.on }}"
    """
    imported = import_home_assistant(text)
    own = values_of(imported)["components"]["main"]["own"]
    assert own["t"]["xml"] == "status/temp-1"
    assert {own["a"]["xml"], own["b"]["xml"]} == {"status/list/a", "status/list/@b"}
    assert own["cD"]["path"] == 'status.list["c d"]'
    assert (own["on"]["xml"], own["on"]["template"]) == ("status/on", '(value == "1")')
    assert switch_of(text)["switch"]["switch"]["xml"] == "led/on"
    left_out = notes_of(imported, NoteKind.LEFT_OUT)
    assert left_out == {"rest[0].sensor[1].value_template": "has no meaning for a described device"}


def test_a_switch_whose_bodies_are_templates_is_only_read() -> None:
    text = """
    switch:
      - platform: rest
        name: Track
        resource: http://10.0.0.5/track
        is_on_template: "{{ value_json.mode == 1 }}"
        body_on: '{"temp": {{ states("sensor.x") }}}'
        body_off: '{"mode": 0}'
    """
    main = switch_of(text)
    assert main["own"]["track"]["template"] == "(value == 1)"
    assert "switch" not in main


def test_the_state_of_an_entity_that_is_entered_is_a_parameter() -> None:
    text = """
    sensor:
      - platform: rest
        resource: http://10.0.0.5/x
        headers: {Authorization: 'Bearer {{ states("input_text.my_token") }}'}
    """
    values = values_of(import_home_assistant(text))
    assert values["login"] == {"bearer": "{my_token}"}
    assert values["parameters"]["my_token"]["kind"] == "secret"


COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "a filter of a number": (
        "url: http://10.0.0.5/dim/{{ (bri | int) }}",
        {"number": True, "set": {"get": "/dim/{value}"}},
    ),
    "a helper": (
        "url: \"http://10.0.0.5/t?to={{ states('input_number.target') | float }}\"",
        {"number": True, "set": {"get": "/t", "query": {"to": "{value}"}}},
    ),
    "a number in JSON": (
        "{url: http://10.0.0.5/l, method: post, payload: '{\"a\": {{ amps }}}'}",
        {"number": True, "set": {"post": "/l", "text": '{{"a": {value}}}'}},
    ),
    "a word in JSON": (
        "{url: http://10.0.0.5/l, method: post, payload: '{\"on\": {{ state }}}'}",
        {"text": True, "set": {"post": "/l", "text": '{{"on": {value}}}'}},
    ),
    "a text as JSON": (
        "{url: http://10.0.0.5/l, method: post, payload: '{\"t\": {{ message | tojson }}}'}",
        {"text": True, "set": {"post": "/l", "json": {"t": "{value}"}}},
    ),
}


@pytest.mark.parametrize(("command", "own"), COMMANDS.values(), ids=COMMANDS)
def test_a_command_with_a_value(command: str, own: dict[str, Any]) -> None:
    entry = command if command.startswith("{") else f"{{{command}}}"
    if not command.startswith("{"):
        entry = f"\n    {command}"
    values = values_of(import_home_assistant(f"rest_command:\n  set_it: {entry}\n"))
    assert values["components"]["main"]["own"] == {"setIt": own}


@pytest.mark.parametrize("inner", ["x * 2", "states('sensor.x')", "a ~ b", "(", "x" * 400, "1"])
def test_what_is_no_variable_is_named(inner: str) -> None:
    text = f"go: {{url: \"http://10.0.0.5/{{{{ {inner} }}}}\"}}\nb: {{url: 'http://10.0.0.5/b'}}"
    notes = notes_of(import_home_assistant(text))
    assert "is not a variable" in notes["rest_command.go"]


def test_commands_of_the_shell_and_packages() -> None:
    shell = "shell_command:\n  lamp_on: curl 10.0.0.5/on\n  lamp_off: curl 10.0.0.5/off\n"
    assert switch_of(shell)["switch"] == {"on": {"get": "/on"}, "off": {"get": "/off"}}
    package = "solar:\n  rest: {resource: http://10.0.0.5/x, sensor: {name: P}}\n"
    assert {*switch_of(package)["own"]} == {"p"}


def test_what_another_program_makes_of_an_answer_is_not_read() -> None:
    text = """
    command_line:
      - sensor: {name: T, command: "curl http://10.0.0.5/t | cut -f1"}
      - switch:
          name: Lamp
          command_on: curl http://10.0.0.5/on
          command_off: curl http://10.0.0.5/off
          command_state: curl http://10.0.0.5/s | grep -q on
    """
    imported = import_home_assistant(text)
    assert {*notes_of(imported)} == {"command_line[0]", "command_line[1].switch.command_state"}
    assert values_of(imported)["components"] == {
        "main": {"switch": {"on": {"get": "/on"}, "off": {"get": "/off"}}}
    }


PARTS = st.sampled_from(
    (
        *(
            "{{ value",
            "value_json",
            ".a",
            "['b']",
            "[0]",
            "[1:2]",
            " }}",
            "{% set x = ",
            " %}",
            "x",
        ),
        *(" | int", " | float(0)", ".get('c')", " * 2", " + ", "iif(", ")", ", ", "'d'", " ~ "),
        *("{% if ", "{% elif ", "{% else %}", "{% endif %}", " W", " | first", " == "),
    )
)


@given(st.lists(PARTS, max_size=14).map("".join))
def test_any_template_is_a_reading_or_is_refused(text: str) -> None:
    try:
        fields = template_reading(text).fields()
    except ValueError:
        return
    assert {*fields} <= {"path", "pattern", "scale", "offset", "round", "template"}
