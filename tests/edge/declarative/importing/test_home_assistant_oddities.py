"""Home Assistant's YAML as it is seldom written: odd templates, odd fields, and too much of all."""

from typing import Any

import pytest

from lan_edge import Imported, NoteKind, import_home_assistant
from lan_edge.declarative.importing.home_assistant.value_template import template_reading

from .imported import notes_of, values_of

TEMPLATES: dict[str, dict[str, Any]] = {
    "{% if value == 'a' %}{{ value }} x{% else %}{{ value }}{% endif %}": {
        "template": '((value ~ " x") if (value == "a") else value)'
    },
    "{{ value_json.t | round }}": {"path": "t", "round": 0},
    "{{ value_json.t | round(9) }}": {"path": "t", "template": "(value | round(9))"},
    '{{ value_json.t | round(1, "floor") }}': {
        "path": "t",
        "template": '(value | round(1, "floor"))',
    },
    "{{ value_json.t | round(1) | round(0) }}": {
        "path": "t",
        "template": "((value | round(1)) | round(0))",
    },
    "{{ value_json.t | round(0) | int }}": {"path": "t", "round": 0},
    "{{ value_json.t | round(1) * 2 }}": {"path": "t", "template": "((value | round(1)) * 2)"},
    "{{ value_json.t + 1 }}": {"path": "t", "offset": 1},
    "{{ 5 + value_json.t * -2 }}": {"path": "t", "scale": -2, "offset": 5},
    "{{ 5 / value_json.t }}": {"path": "t", "template": "(5 / value)"},
    "{{ value_json.t % 5 }}": {"path": "t", "template": "(value % 5)"},
    "{{ value_json.t * 0 }}": {"path": "t", "template": "(value * 0)"},
    "{{ -value_json.t }}": {"path": "t", "template": "(-value)"},
    "{{ not value_json.t }}": {"path": "t", "template": "(not value)"},
    "{{ value_json.t is none }}": {"path": "t", "template": "(value is none)"},
    "{{ value_json.t == none }}": {"path": "t", "template": "(value == none)"},
    "{{ value_json.t != false }}": {"path": "t", "template": "(value != false)"},
    "{{ {'a': 'b'}[value_json.t] }}": {"path": "t", "template": '{"a": "b"}[value]'},
    "{{ value_json.t | default(-1) > 2 }}": {
        "path": "t",
        "template": "((value | default((-1))) > 2)",
    },
    "{{ value_json.t | is_defined + 'x' }}": {"path": "t", "template": '(value + "x")'},
}


@pytest.mark.parametrize(("template", "fields"), TEMPLATES.items())
def test_a_template(template: str, fields: dict[str, Any]) -> None:
    assert template_reading(template).fields() == fields


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{% if value %}{% set x = 1 %}{{ x }}{% else %}b{% endif %}", "several branches"),
        ("{{ value[1:2] ~ states }}", "uses states"),
        ("{{ value ~ states }}", "uses states"),
        ("{{ states('a') + value }}", "uses states"),
        ("{{ 1e999 * value }}", "cannot be read|template"),
    ],
)
def test_a_template_that_is_not_simple(template: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        template_reading(template)


def rest(fields: str) -> Imported:
    """Return what is imported of a resource with more fields."""
    return import_home_assistant(f"rest:\n  - resource: http://10.0.0.5/x\n{fields}")


@pytest.mark.parametrize(
    ("fields", "place", "reason"),
    [
        (
            "    username: me\n    authentication: oauth",
            "rest[0]",
            "has an unknown authentication",
        ),
        ("    headers: [a]", "rest[0].headers", "is not a mapping"),
        ("    params: {x: \"{{ states('x') }}\"}", "rest[0]", "not a variable"),
        ('    payload: "{{ level }}"', "rest[0]", "uses level, which is not known"),
        ("    button: {name: Go}", "rest[0].button[0]", "is not a button that rest has"),
        (
            "    sensor: {name: A, json_attributes: [1, b]}",
            "rest[0].sensor[0].json_attributes",
            "is not a list of names",
        ),
        (
            "    switch: {name: A, body_on: '{{ x }}'}",
            "rest[0].switch[0]",
            "body_on or body_off is a template",
        ),
        (
            "    switch: {name: A, state_resource: 'http://10.0.0.6/x'}",
            "rest[0].switch[0].state_resource",
            "is at another device",
        ),
        (
            "    switch: {name: A, state_resource: 'ftp://10.0.0.5/x'}",
            "rest[0].switch[0].state_resource",
            "",
        ),
    ],
)
def test_what_is_odd_is_named(fields: str, place: str, reason: str) -> None:
    text = f"rest:\n  - resource: http://10.0.0.5/x\n{fields}\n  - resource: http://10.0.0.5/y"
    assert reason in notes_of(import_home_assistant(text))[place]


def test_what_a_switch_does_not_have_is_left_out() -> None:
    imported = rest("    switch: {name: A, device_class: door, body_on: 'on', body_off: 'on'}")
    [place] = notes_of(imported, NoteKind.LEFT_OUT)
    assert place == "rest[0].switch[0].device_class"
    assert "map" not in values_of(imported)["components"]["main"]["switch"]["switch"]


def test_a_binary_sensor_with_words_and_a_sensor_with_a_class() -> None:
    imported = rest(
        "    content_type: text/plain\n"
        "    binary_sensor: {name: Door, payload_on: open, payload_off: shut}\n"
        "    sensor: {name: Next, device_class: timestamp, value_template: '{{ value }}'}\n"
    )
    own = values_of(imported)["components"]["main"]["own"]
    assert own["door"]["map"] == {"open": True, "shut": False}
    assert own["next"] == {"text": True, "name": "Next", "from": "x"}


def test_a_resource_by_itself_is_read() -> None:
    own = values_of(rest("    timeout: 7\n"))["components"]["main"]["own"]
    assert [each["from"] for each in own.values()] == ["x"]


COMMANDS = {
    "curl http://10.0.0.5/{{ x }}": "command has a template",
    "curl http://10.0.0.5/a http://10.0.0.5/b": "is not one request of curl",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_line_that_is_not_one_request(command: str) -> None:
    text = (
        f"command_line:\n  - sensor: {{name: A, command: '{command}'}}\n"
        "  - sensor: {name: B, command: curl http://10.0.0.5/b}\n"
    )
    notes = notes_of(import_home_assistant(text))
    assert COMMANDS[command] in notes["command_line[0]"]


def test_a_switch_that_sends_to_two_devices_is_none() -> None:
    text = (
        "command_line:\n"
        "  - switch: {name: A, command_on: curl http://10.0.0.5/a,"
        " command_off: curl http://10.0.0.6/b}\n"
        "  - sensor: {name: B, command: curl http://10.0.0.5/b}\n"
    )
    assert "sends to several devices" in notes_of(import_home_assistant(text))["command_line[0]"]


def test_what_is_pasted_is_known_by_its_fields() -> None:
    text = "- switch: {command_on: curl http://10.0.0.5/1, command_off: curl http://10.0.0.5/0}\n"
    switch = values_of(import_home_assistant(text))["components"]["main"]["switch"]
    assert switch == {"on": {"get": "/1"}, "off": {"get": "/0"}}


def many(kind: str, entry: str, count: int) -> Imported:
    """Return what is imported of many entries, in each of which `#` is its number."""
    lines = (f"  - {entry.replace('#', str(at))}\n" for at in range(count))
    return import_home_assistant(f"{kind}:\n{''.join(lines)}")


@pytest.mark.parametrize(
    ("kind", "entry", "reason"),
    [
        ("sensor", "{platform: rest, resource: 'http://10.0.0.5/#'}", "more than 32 requests"),
        (
            "sensor",
            "{platform: rest, resource: 'http://10.0.0.5/x', name: 'N#'}",
            "more than 64 values",
        ),
        (
            "switch",
            "{platform: rest, resource: 'http://10.0.0.5/x', name: 'N#'}",
            "more than 32 parts",
        ),
    ],
)
def test_too_much_is_not_there(kind: str, entry: str, reason: str) -> None:
    notes = notes_of(many(kind, entry, 70))
    assert [each for each in notes.values() if reason in each]


def test_of_too_many_devices_only_the_first_are_there() -> None:
    imported = many("rest", "{resource: 'http://10.0.1.#/x'}", 20)
    assert len(imported.drafts) == 16
    assert notes_of(imported)["rest[16]"] == "has no address of a device"


def test_another_login_than_before_is_named() -> None:
    text = (
        "rest:\n"
        "  - {resource: 'http://10.0.0.5/x', username: a, password: b}\n"
        "  - {resource: 'http://10.0.0.5/y', username: c, password: d}\n"
    )
    assert "another login" in str(notes_of(import_home_assistant(text)).values())


def test_a_state_at_another_device_is_named() -> None:
    text = """
        command_line:
          - switch:
              command_on: curl http://10.0.0.5/on
              command_off: curl http://10.0.0.5/off
              command_state: curl http://10.0.0.6/state
        """
    notes = notes_of(import_home_assistant(text))
    assert notes == {"command_line[0].switch.command_state": "is at another device"}
