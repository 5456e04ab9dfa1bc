"""A secret that is typed or pasted where a parameter has it already."""

from collections.abc import Mapping
import json
from typing import Any

import pytest

from lan_edge import DescriptionDraft, DraftLogin

SECRET = "op<en/do{or"
SETTINGS = {"username": "opener", "password": SECRET}


def draft(login: DraftLogin) -> DescriptionDraft:
    """Return a draft that logs in."""
    made = DescriptionDraft()
    made.log_in(login)
    return made


@pytest.mark.parametrize(
    ("typed", "hidden"),
    [
        ({"get": "/cc/op%3Cen%2Fdo%7Bor/on"}, {"get": "/cc/{password}/on"}),
        (
            {"get": "/cc", "query": {"k": SECRET, "light": "toggle"}},
            {"get": "/cc", "query": {"k": "{password}", "light": "toggle"}},
        ),
        (
            {"get": "/", "headers": {"X-Auth": f"Token {SECRET}", "X-Key": SECRET}},
            {"get": "/", "headers": {"X-Auth": "Token {password}", "X-Key": "{password}"}},
        ),
        (
            {"post": "/", "json": {"auth": [SECRET], "on": True, "n": 1}},
            {"post": "/", "json": {"auth": ["{password}"], "on": True, "n": 1}},
        ),
        ({"post": "/", "form": {"p": SECRET}}, {"post": "/", "form": {"p": "{password}"}}),
        (
            {"post": "/", "text": "p=op%3Cen%2Fdo%7Bor&x=<a>op&lt;en/do{or</a>"},
            {"post": "/", "text": "p={password}&x=<a>{password}</a>"},
        ),
        ({"line": "PASS op<en/do{{or ON"}, {"line": "PASS {password} ON"}),
        ({"message": {"k": SECRET}}, {"message": {"k": "{password}"}}),
        (
            {"call": "set", "params": [SECRET, {"k": SECRET}]},
            {"call": "set", "params": ["{password}", {"k": "{password}"}]},
        ),
    ],
)
def test_whole_values_become_the_parameter(typed: Any, hidden: Any) -> None:
    assert draft(DraftLogin("basic")).without_secrets(typed, SETTINGS) == hidden


@pytest.mark.parametrize(
    "typed",
    [
        {"get": "/doors/door1", "query": {"door": "doors", "x": "adoor"}},
        {"line": "doors open_door indoor"},
        {"post": "/", "json": {"name": "the door", "user": "opener"}},
        {"post": "/", "text": "indoors"},
    ],
)
def test_parts_of_values_and_user_names_stay(typed: dict[str, Any]) -> None:
    settings = {**SETTINGS, "password": "door"}
    assert draft(DraftLogin("basic")).without_secrets(typed, settings) == typed


def test_a_short_secret_is_known_only_by_the_name_of_its_field() -> None:
    typed = {"get": "/cc", "query": {"light": "on", "password": "on"}}
    hidden = {"get": "/cc", "query": {"light": "on", "password": "{password}"}}
    assert draft(DraftLogin("basic")).without_secrets(typed, {"password": "on"}) == hidden


@pytest.mark.parametrize(
    ("login", "typed", "left"),
    [
        (
            DraftLogin("query", "dkey"),
            {"get": "/cc", "query": {"dkey": SECRET, "light": "toggle"}},
            {"get": "/cc", "query": {"light": "toggle"}},
        ),
        # the login's own comes after it, so another one was never sent
        (DraftLogin("query", "dkey"), {"get": "/jc", "query": {"dkey": "x"}}, {"get": "/jc"}),
        (
            DraftLogin("header", "X-Key"),
            {"get": "/", "headers": {"x-key": SECRET, "X-Other": "1"}},
            {"get": "/", "headers": {"X-Other": "1"}},
        ),
        (
            DraftLogin("bearer"),
            {"get": "/", "headers": {"Authorization": f"Bearer {SECRET}"}},
            {"get": "/"},
        ),
        (
            DraftLogin("header", "X-Key"),
            {"get": "/", "headers": {"X-Key": "none"}},
            {"get": "/", "headers": {"X-Key": "none"}},
        ),
    ],
)
def test_what_the_login_adds_is_left_out(login: DraftLogin, typed: Any, left: Any) -> None:
    assert draft(login).without_secrets(typed, SETTINGS) == left


def test_a_login_after_the_commands_hides_it_in_all_of_them() -> None:
    reading: Mapping[str, Any] = {"text": True, "path": "door", "map": {SECRET: "open"}}
    press = {"get": "/cc", "query": {"dkey": SECRET, "click": "1"}}
    made = DescriptionDraft()
    made.ask({"get": "/jc", "query": {"dkey": SECRET}}, "status")
    own = {"door": reading, "click": {"button": press}}
    made.values["components"] = {"main": {"own": own, "switch": {"on": press, "off": [press]}}}
    made.log_in(DraftLogin("query", "dkey"))
    made.hide_secrets(SETTINGS)
    pressed = {"get": "/cc", "query": {"click": "1"}}
    assert made.requests == {"status": {"get": "/jc"}}
    main = made.values["components"]["main"]
    assert main["own"] == {"door": reading, "click": {"button": pressed}}
    assert main["switch"] == {"on": pressed, "off": [pressed]}


def test_what_is_no_secret_stays() -> None:
    made = draft(DraftLogin("basic"))
    made.values["parameters"]["room"] = {"label": "Room"}
    typed = {"get": "/", "query": {"room": "kitchen", "user": "opener"}}
    assert made.without_secrets(typed, {**SETTINGS, "room": "kitchen"}) == typed
    assert SECRET not in json.dumps(made.values)


@pytest.mark.parametrize("word", ["admin", "state", "0000", "lights"])
def test_an_ordinary_word_is_a_secret_only_where_its_field_says_so(word: str) -> None:
    typed = {"get": f"/{word}/status", "query": {"mode": word, "password": word}}
    hidden = {"get": f"/{word}/status", "query": {"mode": word, "password": "{password}"}}
    settings = {"username": "opener", "password": word}
    assert draft(DraftLogin("basic")).without_secrets(typed, settings) == hidden


def test_a_header_that_the_login_adds_is_left_out_whatever_it_says() -> None:
    typed = {"get": "/x", "headers": {"Authorization": "Basic b3BlbmVyOng=", "Accept": "*/*"}}
    left = {"get": "/x", "headers": {"Accept": "*/*"}}
    assert draft(DraftLogin("basic")).without_secrets(typed, SETTINGS) == left


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"user": "admin", "pwd": "secret12"}, ("pwd", "secret12")),
        ({"user": "admin"}, None),
        ({"sendkey": "KEY_POWER"}, None),
        ({"dkey": "opendoor"}, ("dkey", "opendoor")),
    ],
)
def test_the_secret_in_a_query(query: dict[str, str], found: tuple[str, str] | None) -> None:
    assert DescriptionDraft.secret_in_query({"get": "/s", "query": query}) == found
