"""What is picked of an OpenAPI document becomes a description: requests, values and commands."""

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import DescriptionError, Imported, NoteKind, import_openapi, read_openapi

from .imported import assert_described, notes_of, values_of
from .openapi_documents import BOILER, HEATER, STATION

KEY = {"kind": "secret", "label": "api key", "help": "It is on the label."}


def own_of(text: str, *picked: str) -> dict[str, Any]:
    """Return the values of the device's own in a draft with what is picked."""
    own: dict[str, Any] = values_of(import_openapi(text, picked))["components"]["main"]["own"]
    return own


def test_a_whole_draft() -> None:
    picked = ["GET /status target", "GET /status mode", "PATCH /settings target"]
    imported = import_openapi(HEATER, picked)
    assert values_of(imported) == {
        "parameters": {"api_key": KEY},
        "talks": "http",
        "options": {"port": 8080},
        "login": {"header": {"X-Key": "{api_key}"}},
        "requests": {"status": {"get": "/api/status"}},
        "components": {
            "main": {
                "own": {
                    "target": {
                        "number": [5, 30],
                        "name": "Target",
                        "step": 0.5,
                        "from": "status",
                        "path": "target",
                        "set": {"patch": "/api/settings", "json": {"target": "{value}"}},
                    },
                    "mode": {
                        "choice": ["auto", "manual", "away"],
                        "name": "Mode",
                        "from": "status",
                        "path": "mode",
                    },
                }
            }
        },
    }
    assert imported.drafts[0].host == "heater.local"
    assert [(note.kind, note.reason) for note in imported.notes] == [
        (NoteKind.LEFT_OUT, "children has parts of its own kind")
    ]


def test_notes_are_on_what_is_picked() -> None:
    assert not import_openapi(HEATER, ["POST /restart"]).notes


def test_a_truth_is_a_switch() -> None:
    values = values_of(import_openapi(HEATER, ["PATCH /settings on", "GET /status on"]))
    assert values["components"] == {
        "main": {
            "switch": {
                "switch": {"from": "status", "path": "on"},
                "on": {"patch": "/api/settings", "json": {"on": True}},
                "off": {"patch": "/api/settings", "json": {"on": False}},
            }
        }
    }


def test_words_that_mean_on_and_off() -> None:
    values = values_of(import_openapi(BOILER, ["PUT /state relay"]))
    switch = values["components"]["main"]["switch"]
    assert switch["on"] == {"put": "/v1/state", "json": {"relay": "ON"}}
    assert values["login"] == {"basic": {"username": "{username}", "password": "{password}"}}
    assert values["options"] == {"port": 81}


def test_a_value_in_tenths_is_scaled() -> None:
    own = own_of(HEATER, "GET /status zones[0].temperature")
    assert own["temperature"] == {
        "number": True,
        "name": "Temperature",
        "unit": "°C",
        "device_class": "temperature",
        "from": "status",
        "path": "zones[0].temperature",
        "scale": 0.1,
    }


def test_what_a_command_needs_besides_is_a_parameter_or_its_default() -> None:
    imported = import_openapi(HEATER, ["POST /zones/{id}/boost minutes"])
    values = values_of(imported)
    assert values["parameters"]["zones_id"] == {
        "label": "zones id",
        "kind": "number",
        "minimum": 1,
    }
    assert values["components"]["main"]["own"]["minutes"] == {
        "number": [1, 60],
        "name": "Minutes",
        "step": 1,
        "assumed": True,
        "set": {
            "post": "/api/zones/{zones_id}/boost",
            "form": {"minutes": "{value}", "reason": "manual"},
        },
    }
    assert notes_of(imported, NoteKind.CHANGED) == {
        "POST /zones/{id}/boost": "needs id, which is asked when the device is added"
    }


COMMANDS = {
    "a word of a choice": (
        "POST /valve action=close",
        {"button": {"post": "/api/valve", "query": {"action": "close"}}, "name": "Action close"},
    ),
    "a value in the path": (
        "PUT /level/{level} level",
        {
            "number": [0, 9],
            "name": "Level",
            "step": 1,
            "assumed": True,
            "set": {"put": "/api/level/{value}"},
        },
    ),
    "nothing else": ("POST /restart", {"button": {"post": "/api/restart"}, "name": "Restart"}),
}


@pytest.mark.parametrize(("id_", "own"), COMMANDS.values(), ids=COMMANDS)
def test_commands(id_: str, own: dict[str, Any]) -> None:
    assert [*own_of(HEATER, id_).values()] == [own]


def test_a_get_that_commands() -> None:
    own = own_of(BOILER, "GET /set temp")
    assert own["temp"]["set"] == {"get": "/v1/set", "query": {"temp": "{value}", "unit": "C"}}


RELAY = """
swagger: "2.0"
info: {title: Relay}
host: 10.0.0.5
paths:
  /relay:
    get:
      parameters:
        - {name: turn, in: query, type: string, enum: ["on", "off", toggle]}
      responses: {200: {schema: {properties: {ison: {type: boolean}}}}}
  /mode:
    post: {parameters: [{name: mode, in: query, type: integer, enum: [0, 1, 2]}]}
  /log:
    get:
      parameters: [{name: full, in: query, type: boolean}]
      responses: {200: {schema: {properties: {lines: {type: integer}}}}}
"""


def test_on_and_off_among_other_words() -> None:
    offered = {each.id: (each.kind, each.read_at) for each in read_openapi(RELAY).choices}
    assert offered == {
        "GET /log lines": ("sensor", ""),
        "GET /relay ison": ("binary_sensor", ""),
        "GET /relay turn": ("switch", "GET /relay ison"),
        "GET /relay turn=toggle": ("button", ""),
        "POST /mode": ("button", ""),
        **{f"POST /mode mode={number}": ("button", "") for number in range(3)},
    }
    picked = [key for key in offered if "turn" in key]
    main = values_of(import_openapi(RELAY, picked))["components"]["main"]
    [toggle] = main["own"].values()
    assert toggle["button"] == {"get": "/relay", "query": {"turn": "toggle"}}
    assert main["switch"] == {
        "switch": {"from": "relay", "path": "ison"},
        "on": {"get": "/relay", "query": {"turn": "on"}},
        "off": {"get": "/relay", "query": {"turn": "off"}},
    }


def test_another_truth_is_not_what_a_switch_is_read_by() -> None:
    text = """
        openapi: 3.0.0
        info: {title: Lamp}
        servers: [{url: http://10.0.0.5}]
        paths:
          /state:
            get: {responses: {200: {content: {application/json: {schema: {properties: {
              "on": {type: boolean}}}}}}}}
            post: {requestBody: {content: {application/json: {schema: {properties: {
              "on": {type: boolean}, beep: {type: boolean}, turn: {type: boolean}}}}}}}
        """
    read_at = {each.id: each.read_at for each in read_openapi(text).choices}
    assert read_at["POST /state on"] == read_at["POST /state turn"] == "GET /state on"
    assert read_at["POST /state beep"] == ""


@pytest.mark.parametrize(("required", "offered"), [("false", 2), ("true", 1)])
def test_a_get_that_reads_and_turns_on(required: str, offered: int) -> None:
    """A reading that needs on or off would turn it on."""
    words = '["on", "off"], required: '
    text = RELAY.replace('["on", "off", toggle]', f"{words}{required}")
    assert sum("/relay" in each.id for each in read_openapi(text).choices) == offered


def test_a_login_that_is_not_needed_and_one_that_cannot_be() -> None:
    imported = import_openapi(STATION, ["GET /now"])
    values = values_of(imported)
    assert values["parameters"] == {
        "token": {"kind": "secret", "label": "token", "required": False}
    }
    assert values["login"] == {"bearer": "{token}"}
    own = values["components"]["main"]["own"]
    assert own["sky"]["choice"] == {"1": "Clear", "2": "Cloudy"}
    assert [*own] == ["wind", "rain", "sky", "place1", "place2"]


def test_what_is_not_offered_cannot_be_picked() -> None:
    with pytest.raises(DescriptionError, match="does not offer GET /nothing"):
        import_openapi(HEATER, ["GET /nothing"])
    with pytest.raises(DescriptionError, match="nothing of it was picked"):
        import_openapi(HEATER, [])


HOSTILE = {
    "a path with a query": "/a?b={{c}}#d",
    "a path that leaves the device": "//evil.example/x",
    "a path with a host": "/@evil.example:80/x",
    "a path with line breaks": "/a\r\nHost: evil.example",
    "a path with placeholders": "/{value}/{number}/{identity}/{a.raw:03d}",
}


@pytest.mark.parametrize("path", HOSTILE.values(), ids=HOSTILE)
def test_a_path_stays_a_path(path: str) -> None:
    text = f"openapi: 3.0.0\npaths:\n  {path!r}: {{post: {{summary: x}}}}\n".replace("'", '"')
    imported = import_openapi(text, [read_openapi(text).choices[0].id])
    assert_described(imported)
    [own] = values_of(imported)["components"]["main"]["own"].values()
    assert own["button"]["post"].startswith("/")
    assert not own["button"]["post"].startswith("//")


NAMES = st.text(max_size=12) | st.sampled_from(["a", "{a}", "value", "on", "\ue000x\ue001"])
SCALARS = st.none() | st.booleans() | st.floats() | st.integers() | NAMES
SCHEMAS = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["string", "number", "integer", "boolean", "array", "object"]),
            "enum": st.lists(SCALARS, max_size=3),
            "default": SCALARS,
            "example": SCALARS,
            "minimum": SCALARS,
            "maximum": SCALARS,
            "multipleOf": SCALARS,
            "description": NAMES,
            "title": NAMES,
            "$ref": st.sampled_from(["#", "#/paths", "#/paths/~1x", "x"]),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(NAMES, inner, max_size=3),
            "required": st.lists(NAMES, max_size=2),
            "items": inner,
            "allOf": st.lists(inner, max_size=2),
            "oneOf": st.lists(inner, max_size=2),
        },
    ),
    max_leaves=8,
)
PARAMETERS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "in": st.sampled_from(["path", "query", "header", "cookie"])},
        optional={"required": st.booleans(), "schema": SCHEMAS},
    ),
    max_size=2,
)
CONTENTS = st.dictionaries(
    st.sampled_from(["application/json", "text/plain", "application/x-www-form-urlencoded"]),
    st.fixed_dictionaries({"schema": SCHEMAS}, optional={"example": SCALARS}),
    max_size=2,
)
OPERATIONS = st.fixed_dictionaries(
    {"responses": st.fixed_dictionaries({"200": st.fixed_dictionaries({"content": CONTENTS})})},
    optional={
        "parameters": PARAMETERS,
        "requestBody": st.fixed_dictionaries({"content": CONTENTS}),
        "security": st.just([{"s": []}]),
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "openapi": st.just("3.0.0"),
        "paths": st.dictionaries(
            st.sampled_from(["/x", "/x/{a}", "/set", "/{", "/a b?c=d"]) | NAMES.map("/{}".format),
            st.dictionaries(st.sampled_from(["get", "post", "put", "delete"]), OPERATIONS),
            min_size=1,
            max_size=3,
        ),
    },
    optional={
        "servers": st.lists(st.fixed_dictionaries({"url": NAMES}), max_size=2),
        "components": st.fixed_dictionaries(
            {"securitySchemes": st.fixed_dictionaries({"s": st.just({"type": "basic"})})}
        ),
    },
)


@given(DOCUMENTS)
def test_any_document_becomes_a_draft_or_a_fault(document: Any) -> None:
    text = json.dumps(document)
    imported: Imported
    try:
        ids = [each.id for each in read_openapi(text).choices]
        imported = import_openapi(text, ids[:40])
    except DescriptionError:
        return
    assert_described(imported)
    assert len(imported.notes) <= 101
