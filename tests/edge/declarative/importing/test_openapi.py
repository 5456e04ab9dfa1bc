"""OpenAPI documents: what of them can be picked, and what is named because it cannot."""

from typing import Any

import pytest

from lan_edge import (
    ApiChoice,
    ApiDocument,
    DescriptionError,
    NoteKind,
    ThingKind,
    description_text,
    read_openapi,
)

from .openapi_documents import BOILER, HEATER, STATION


def choice(document: ApiDocument, id_: str) -> ApiChoice:
    """Return what has an id."""
    [found] = [each for each in document.choices if each.id == id_]
    return found


def kinds(document: ApiDocument) -> dict[str, str]:
    """Return the kinds of all that can be picked."""
    return {each.id: each.kind.value for each in document.choices}


def one(schema: Any = None, **fields: Any) -> str:
    """Return a document with one path that answers JSON of a schema."""
    content = {"application/json": {"schema": schema or {"type": "number"}}}
    operation = {"responses": {"200": {"content": content}}, **fields.pop("operation", {})}
    paths = {"/s": {"get": operation, **fields.pop("path", {})}}
    return description_text({"openapi": "3.0.0", "paths": paths, **fields})


def noted(text: str, kind: NoteKind = NoteKind.NOT_UNDERSTOOD) -> dict[str, str]:
    """Return the notes of a kind on a document."""
    return {note.place: note.reason for note in read_openapi(text).notes if note.kind is kind}


def test_what_a_document_offers() -> None:
    document = read_openapi(HEATER)
    assert (document.title, document.host) == ("Heater", "heater.local")
    assert kinds(document) == {
        "GET /status on": "binary_sensor",
        "GET /status mode": "sensor",
        "GET /status target": "sensor",
        "GET /status power_w": "sensor",
        "GET /status valve": "binary_sensor",
        "GET /status zones[0].temperature": "sensor",
        "GET /status zones[0].humidity": "sensor",
        "GET /status phases[0]": "sensor",
        "GET /status phases[1]": "sensor",
        "PATCH /settings on": "switch",
        "PATCH /settings mode": "select",
        "PATCH /settings target": "number",
        "POST /zones/{id}/boost minutes": "number",
        "POST /valve action=open": "button",
        "POST /valve action=close": "button",
        "PUT /level/{level} level": "number",
        "POST /restart": "button",
    }
    assert choice(document, "PATCH /settings on").read_at == "GET /status on"
    assert choice(document, "POST /zones/{id}/boost minutes").read_at == ""
    assert choice(document, "GET /status power_w").details == "State of the heater"
    assert choice(document, "POST /valve action=open").operation == "POST /valve"


def test_version_2_is_read_too() -> None:
    document = read_openapi(BOILER)
    assert document.host == "192.168.1.20"
    assert kinds(document) == {
        "GET /state relay": "binary_sensor",
        "GET /state energy": "sensor",
        "PUT /state relay": "switch",
        "PUT /state energy": "number",
        "GET /set temp": "number",
        "GET /set": "button",
    }
    assert noted(BOILER) == {
        "POST /upload": "its body is multipart/form-data, not JSON, a form or a text"
    }


def test_version_3_1_and_examples() -> None:
    document = read_openapi(STATION)
    assert document.host == ""
    assert {each.id: each.name for each in document.choices} == {
        "GET /now wind": "Wind",
        "GET /now rain": "Rain",
        "GET /now sky": "Sky",
        "GET /now place[0]": "Place 1",
        "GET /now place[1]": "Place 2",
        "GET /old inside.temp": "Temp",
        "GET /old inside.door": "Door",
        "GET /old log[0].text": "Text",
    }
    assert noted(STATION, NoteKind.CHANGED)["servers"].startswith(
        "api.example.com is not an address"
    )


UNITS = {
    "in words": ({"description": "Measured in watts."}, "W"),
    "in brackets": ({"description": "Voltage [V] of phase 1"}, "V"),
    "in braces": ({"description": "Flow (°C)"}, "°C"),
    "alone": ({"description": "Seconds"}, "s"),
    "in a field of its own": ({"x-unit": "kWh"}, "kWh"),
    "with a factor": ({"description": "In the box, in 0.1 °C"}, "°C"),
    "a plural is none": ({"description": "Message(s) in all"}, ""),
    "a word with such a beginning is none": ({"description": "in What"}, ""),
}


@pytest.mark.parametrize(("fields", "unit"), UNITS.values(), ids=UNITS)
def test_units(fields: dict[str, Any], unit: str) -> None:
    [found] = read_openapi(one({"type": "number", **fields})).choices
    assert found.unit == unit


def test_a_value_of_its_own_kind_is_read_once() -> None:
    text = HEATER.replace("temperature:", "inner: {$ref: '#/components/schemas/Zone'}\n        t:")
    document = read_openapi(text)
    assert "GET /status zones[0].t" in kinds(document)
    assert not any("inner" in each.id for each in document.choices)


NAMED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a file of its own": (
        {"schema": {"properties": {"a": {"$ref": "./x.yaml"}, "b": {"type": "number"}}}},
        "./x.yaml",
        "is in another document",
    ),
    "a reference to nothing": (
        {"schema": {"properties": {"a": {"$ref": "#/x/y"}, "b": {"type": "number"}}}},
        "#/x/y",
        "is not in the document",
    ),
    "references in a circle": (
        {
            "schema": {"properties": {"a": {"$ref": "#/c/a"}, "b": {"type": "number"}}},
            "c": {"a": {"$ref": "#/c/b"}, "b": {"$ref": "#/c/a"}},
        },
        "#/c/a",
        "leads to itself",
    ),
    "callbacks": ({"operation": {"callbacks": {"x": {}}}}, "GET /s", "calls others"),
    "webhooks": ({"webhooks": {"x": {}}}, "webhooks", "calls others"),
    "a server of its own": ({"operation": {"servers": [{"url": "/"}]}}, "GET /s", "server"),
    "a cookie that is needed": (
        {
            "operation": {},
            "path": {
                "post": {"parameters": [{"in": "cookie", "name": "sid", "required": True}]},
            },
        },
        "POST /s",
        "the parameter sid is in a cookie",
    ),
    "an image": (
        {"path": {"post": {"requestBody": {"required": True, "content": {"image/png": {}}}}}},
        "POST /s",
        "its body is image/png",
    ),
    "OAuth": (
        {
            "security": [{"o": []}],
            "components": {"securitySchemes": {"o": {"type": "oauth2"}}},
        },
        "security o",
        "is OAuth 2",
    ),
    "a key somewhere": (
        {
            "security": [{"o": []}],
            "components": {"securitySchemes": {"o": {"type": "apiKey", "in": "body", "name": "x"}}},
        },
        "security o",
        "is a key whose place",
    ),
    "a login of no kind": (
        {
            "security": [{"o": []}],
            "components": {"securitySchemes": {"o": {}}},
        },
        "security o",
        "is a login without a kind",
    ),
    "a cookie to log in": (
        {
            "security": [{"o": []}],
            "components": {
                "securitySchemes": {"o": {"type": "apiKey", "in": "cookie", "name": "x"}}
            },
        },
        "security o",
        "is a key in",
    ),
    "names that are not known": (
        {
            "schema": {
                "properties": {
                    "a": {"additionalProperties": {"type": "number"}},
                    "b": {"type": "number"},
                }
            }
        },
        "GET /s",
        "a has names that are not in the document",
    ),
    "a server that is none": ({"servers": [{"url": "ws://x"}]}, "servers", "ws is not http"),
    "another version": ({"openapi": "4.0.0"}, "openapi", "not a version"),
}


def test_an_answer_with_names_that_are_not_known_has_nothing() -> None:
    with pytest.raises(DescriptionError, match="has names that are not in the document"):
        noted(one(schema={"additionalProperties": {"type": "number"}}))


@pytest.mark.parametrize(("fields", "place", "reason"), NAMED.values(), ids=NAMED)
def test_what_is_not_understood_is_named(fields: dict[str, Any], place: str, reason: str) -> None:
    notes = noted(one(**fields))
    assert reason in {key[:60]: each for key, each in notes.items()}[place]


def test_an_operation_with_nothing_to_pick_is_named() -> None:
    text = one(path={"post": {"requestBody": {"content": {"application/json": {}}}}})
    assert noted(text) == {"POST /s": "has no single value that is read or set"}


@pytest.mark.parametrize("text", ["", "[]", "a: 1", "openapi: 3.0.0", "{", "openapi: 3\npaths: {}"])
def test_what_is_no_document_is_a_fault(text: str) -> None:
    with pytest.raises(DescriptionError):
        read_openapi(text)


def test_too_much_is_a_fault() -> None:
    with pytest.raises(DescriptionError, match="too long"):
        read_openapi("openapi: 3.0.0\n" + "#" * 1_100_000)


def test_a_schema_that_grows_is_bounded() -> None:
    schemas: dict[str, Any] = {
        f"s{at}": {"properties": {k: {"$ref": f"#/c/s{at + 1}"} for k in "abcdefgh"}}
        for at in range(8)
    }
    schemas["s8"] = {"type": "number"}
    document = read_openapi(one({"$ref": "#/c/s0"}, c=schemas))
    assert len(document.choices) == 250
    assert [note.reason for note in document.notes] == ["only the first 250 values are offered"]


def test_a_choice_of_many_kinds() -> None:
    document = read_openapi(one({"enum": ["a", "b"], "x-enumNames": ["Alpha", "Beta"]}))
    assert [each.kind for each in document.choices] == [ThingKind.SENSOR]


@pytest.mark.parametrize(
    ("name", "unit"), [("nparams", ""), ("power_kw", "kW"), ("energyKWh", ""), ("usedkWh", "kWh")]
)
def test_a_unit_at_the_end_of_a_name(name: str, unit: str) -> None:
    [found] = read_openapi(one({"properties": {name: {"type": "number"}}})).choices
    assert found.unit == unit


GETS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "a path that does something": ("/user/logout", {}, False),
    "a sentence that does something": ("/rr_x", {"summary": "Executes a code"}, False),
    "a sentence that reads": ("/rr_x", {"summary": "Retrieve a file", "needs": "code"}, True),
    "what is sent is not known": ("/rr_x", {"needs": "code"}, False),
    "what is sent says which": ("/rr_x", {"needs": "id"}, True),
}


@pytest.mark.parametrize(("path", "operation", "is_read"), GETS.values(), ids=GETS)
def test_a_get_that_may_do_something_is_not_read(
    path: str, operation: dict[str, Any], is_read: bool
) -> None:
    needs = operation.pop("needs", "")
    query = {"name": needs, "in": "query", "required": True, "schema": {"type": "string"}}
    content = {"application/json": {"schema": {"type": "number"}}}
    get = {"responses": {"200": {"content": content}}, **operation}
    get |= {"parameters": [query]} if needs else {}
    text = description_text({"openapi": "3.0.0", "paths": {path: {"get": get}}})
    assert any(each.kind is ThingKind.SENSOR for each in read_openapi(text).choices) == is_read
