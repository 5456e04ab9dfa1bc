"""Requests as people type them."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import TypedError, description_of, shown_request, typed_request


@pytest.mark.parametrize(
    ("typed", "request_"),
    [
        (("GET", "/api"), {"get": "/api"}),
        (("GET", " api/status "), {"get": "/api/status"}),
        (("GET", "/set?on=1&t="), {"get": "/set", "query": {"on": "1", "t": ""}}),
        (("POST", "/on", "text", " on "), {"post": "/on", "text": "on"}),
        (("PUT", "/on", "json", '{"on": true}'), {"put": "/on", "json": {"on": True}}),
        (("PUT", "/l", "json", '{"l": {value}}'), {"put": "/l", "json": {"l": "{value}"}}),
        (("PUT", "/l", "json", "[{value}]"), {"put": "/l", "json": ["{value}"]}),
        (
            ("POST", "/f", "form", "a=1&b={value}"),
            {"post": "/f", "form": {"a": "1", "b": "{value}"}},
        ),
        (("POST", "/f", "form", " "), {"post": "/f"}),
        (
            ("POST", "/s", "text", "<a/>", ['soapaction: "u#Set"', "content-type: text/xml"]),
            {
                "post": "/s",
                "text": "<a/>",
                "content_type": "text/xml",
                "headers": {"soapaction": '"u#Set"'},
            },
        ),
        (
            ("GET", "/s", "", "", ["Content-type: x"]),
            {"get": "/s", "headers": {"Content-Type": "x"}},
        ),
    ],
)
def test_a_request_and_the_way_back(typed: tuple[Any, ...], request_: dict[str, Any]) -> None:
    assert typed_request(*typed) == request_
    shown = shown_request(request_)
    assert typed_request(**shown) == request_


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("GET", "http://other/x"), "path"),
        (("GET", "//other/x"), "path"),
        (("GET", "/a b"), "path"),
        (("GET", "/a#b"), "path"),
        (("GET", "/a?b"), "path"),
        (("GET", "/a?b=1&b=2"), "path"),
        (("POST", "/a", "json", "{"), "body"),
        (("POST", "/a", "json", "[" * 100_000), "body"),
        (("POST", "/a", "json", '{"code": 1e400}'), "body"),
        (("POST", "/a", "json", '{"code": NaN}'), "body"),
        (("POST", "/a", "form", "a"), "body"),
        (("POST", "/a", "", "", ["X-Key"]), "headers"),
        (("POST", "/a", "", "", ["X-Key: "]), "headers"),
    ],
)
def test_what_cannot_be_sent(typed: tuple[Any, ...], field: str) -> None:
    with pytest.raises(TypedError) as raised:
        typed_request(*typed)
    assert raised.value.field == field


@given(st.text(max_size=60), st.sampled_from(["", "json", "form", "text"]), st.text(max_size=60))
def test_any_text_is_a_request_or_an_error(path: str, kind: str, body: str) -> None:
    try:
        request = typed_request("POST", path, kind, body)
    except TypedError:
        return
    assert request["post"].startswith("/")
    assert not request["post"].startswith("//")
    assert set(request) <= {"post", "query", "json", "form", "text"}


def test_what_was_typed_goes_into_a_description() -> None:
    request = typed_request("POST", "/set?level={value}", "json", '{"level": {value}}')
    number = {"number": [0, 9], "path": "l", "set": request}
    values = {
        "description": 1,
        "id": "typed",
        "name": "Typed",
        "talks": "http",
        "requests": {"status": {"get": "/"}},
        "components": {"main": {"own": {"level": number}}},
    }
    [sending] = description_of(values).components["main"].own["level"].set
    assert sending.query == {"level": "{value}"}
    assert sending.body.json == {"level": "{value}"}


def test_what_is_shown_can_be_typed_again() -> None:
    request = typed_request("POST", "/set?a=1%262&b={value}", "form", "c=%3D+x&d=a/b")
    shown = shown_request(request)
    assert shown["path"] == "/set?a=1%262&b={value}"
    assert typed_request(**shown) == request
