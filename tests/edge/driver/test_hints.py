"""The types of a driver's options and matchers are checked when it is loaded."""

from typing import Any

import pytest

from lan_edge import (
    FramesOptions,
    HttpOptions,
    InboundOptions,
    JsonRpcOptions,
    LinesOptions,
    Mdns,
    SseOptions,
    UdpOptions,
    WebSocketOptions,
)
from lan_edge.driver.declarations import _field_mistakes
from lan_edge.transports import Options


def said(data: Any) -> list[str]:
    return [mistake.text for mistake in _field_mistakes(data, "the option", "options")]


WRONG: dict[str, tuple[Options, str]] = {
    "a list of patterns": (
        LinesOptions(refused=["ERR"]),  # type: ignore[arg-type]
        "refused is ['ERR'], not text or a function: write refused=\"...\"",
    ),
    "a number as a pattern": (
        LinesOptions(until=3),  # type: ignore[arg-type]
        "until is 3, not text or a function",
    ),
    "a text as a function": (
        LinesOptions(is_reply="OK"),  # type: ignore[arg-type]
        "is_reply is 'OK', not a class or function",
    ),
    "a login that was called": (
        HttpOptions(login=("a", "b")),  # type: ignore[arg-type]
        "login is ('a', 'b'), not a",
    ),
    "a header that is a number": (
        HttpOptions(headers={"X-Api": 3}),  # type: ignore[dict-item]
        "headers is {'X-Api': 3}, not a dict of texts",
    ),
    "a text in place of a tuple": (
        JsonRpcOptions(secret="token"),  # type: ignore[arg-type]
        "secret is 'token', not a tuple of texts: write secret=('token',), with a comma",
    ),
    "statuses as texts": (
        WebSocketOptions(login_statuses=("401",)),  # type: ignore[arg-type]
        "login_statuses is ('401',), not a tuple of whole numbers: write login_statuses=(401,",
    ),
    "another kind of messages": (
        WebSocketOptions(messages="xml"),  # type: ignore[arg-type]
        "messages is 'xml', not one of 'json', 'text', 'binary'",
    ),
    "a codec that is none": (
        UdpOptions(codec=b"x"),  # type: ignore[arg-type]
        "codec is b'x', not a class or function",
    ),
    "a number that may be None": (
        SseOptions(silence="60"),  # type: ignore[arg-type]
        "silence is '60', not a number",
    ),
    "messages of devices that dial in": (
        InboundOptions(key=1),  # type: ignore[arg-type]
        "key is 1, not a class or function",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_type_is_a_mistake(name: str) -> None:
    options, words = WRONG[name]
    [found] = said(options)
    assert words in found


@pytest.mark.parametrize(
    "options",
    [
        LinesOptions(refused="ERR", until=lambda line: line == "OK", answers_within=3),
        HttpOptions(headers={"a": "b"}, login_statuses={401}),
        JsonRpcOptions(secret=("a", "b")),
        WebSocketOptions(messages="text", protocols=("x",), ping=None),
        UdpOptions(),
        FramesOptions(),
        InboundOptions(),
        SseOptions(),
        Mdns("_x._tcp.local.", unique_id=lambda sighting: sighting.name, fields={"a": "{name}"}),
    ],
)
def test_the_right_types_are_none(options: object) -> None:
    assert said(options) == []
