"""Logins as a form has them."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import DescriptionDraft, DraftLogin, TypedError, compile_description

WORDS = (
    "",
    "DENIED",
    "ERROR 5",
    "a.b*c",
    '{"ok": false}',
    '{"result": {"code": "x"}}',
    "{}",
    "[1]",
)


def draft(talks: str, login: DraftLogin) -> DescriptionDraft:
    """Return a draft that logs in, and has one value."""
    made = DescriptionDraft()
    made.talk(talks, {"port": 4000})
    made.values["name"] = "Thing"
    made.log_in(login)
    ask: dict[str, Any] = {
        "http": {"get": "/"},
        "json_rpc": {"call": "get"},
        "lines": {"line": "GET"},
    }.get(talks, {"message": {"do": "get"}})
    made.ask(ask)
    made.values["components"] = {
        "main": {"own": {"value": {"text": True, "name": "Value", "from": "status", "path": "a"}}}
    }
    return made


@pytest.mark.parametrize(
    ("talks", "login", "labels"),
    [
        ("http", DraftLogin("header", "X-Key"), {"password": "Token"}),
        ("http", DraftLogin("query", "key"), {"password": "Token"}),
        ("websocket", DraftLogin("bearer"), {"password": "Token"}),
        ("websocket", DraftLogin("basic"), {"username": "Username", "password": "Password"}),
        (
            "http",
            DraftLogin("session", path="/in", message='{"u": "{username}", "p": "{password}"}'),
            {"username": "Username", "password": "Password"},
        ),
        (
            "http",
            DraftLogin("session", path="/in", message="u={username}&p={password}", token="a.b"),
            {"username": "Username", "password": "Password"},
        ),
        (
            "http",
            DraftLogin("session", "sid", path="/in?p={password}", token="t", carried="query"),
            {"password": "Password"},
        ),
        (
            "http",
            DraftLogin("session", "X-S", "{password}", path="/in", token="t", carried="header"),
            {"password": "Password"},
        ),
        (
            "lines",
            DraftLogin("send", message="LOGIN {username} {password}", refused="NO"),
            {"username": "Username", "password": "Password"},
        ),
        (
            "udp",
            DraftLogin("send", message='{"token": "{password}"}', is_answered=False),
            {"password": "Password"},
        ),
        (
            "json_rpc",
            DraftLogin(
                "send",
                message='{"method": "login", "params": ["{password}"]}',
                refused='{"ok": false}',
            ),
            {"password": "Password"},
        ),
        ("inbound", DraftLogin("send", message="HELLO"), {}),
    ],
)
def test_it_is_shown_as_it_was_entered(
    talks: str, login: DraftLogin, labels: dict[str, str]
) -> None:
    made = draft(talks, login)
    parameters = made.values.get("parameters", {})
    assert {name: each["label"] for name, each in parameters.items()} == labels
    assert made.login == login
    compile_description(made.described())
    made.log_in(DraftLogin())
    assert made.login == DraftLogin()
    assert "parameters" not in made.values
    assert "login" not in made.values


@pytest.mark.parametrize(
    ("refused", "kind"),
    [
        ("ERROR 5", {"pattern": r"ERROR\ 5.{0,400}"}),
        ('{"ok": false}', {"when": {"path": "ok"}, "equals": "false"}),
        ('{"error": {"code": 7}, "id": 1}', {"when": {"path": "error.code"}, "equals": "7"}),
        ('{"result": "denied"}', {"when": {"path": "result"}, "equals": "denied"}),
        ("{}", {"pattern": r"\{\}.{0,400}"}),
        ('{"a b": 1}', {"pattern": r'\{"a\ b":\ 1\}.{0,400}'}),
    ],
)
def test_what_refuses_is_recognized_by_an_example(refused: str, kind: dict[str, Any]) -> None:
    made = draft("lines", DraftLogin("send", message="PASS {password}", refused=refused))
    assert made.values["login"]["refused"] == kind
    made.described()


@pytest.mark.parametrize(
    "login",
    [
        {"header": {"A": "{password}", "B": "x"}},
        {"bearer": "{token}"},
        {"send": [{"line": "A"}, {"line": "B"}]},
        {"send": {"line": "PASS {password}", "answered": "ok"}},
        {"send": {"line": "PASS", "answered": True}, "refused": {"begins": "00"}},
        {"session": {}},
    ],
)
def test_another_one_is_not_shown(login: dict[str, Any]) -> None:
    made = draft("lines", DraftLogin())
    made.values["login"] = login
    assert made.login is None


@pytest.mark.parametrize(
    "login", [DraftLogin("header", "X Key"), DraftLogin("query"), DraftLogin("send", message=" ")]
)
def test_what_cannot_be_sent(login: DraftLogin) -> None:
    with pytest.raises(TypedError):
        draft("lines", login)


@given(st.sampled_from(("lines", "websocket", "udp")), st.text(max_size=40), st.sampled_from(WORDS))
def test_whatever_is_entered_is_an_error_or_the_same_again(
    talks: str, message: str, refused: str
) -> None:
    try:
        made = draft(talks, DraftLogin("send", message=message, refused=refused))
    except TypedError:
        return
    shown = made.login
    if shown is not None:
        again = DescriptionDraft(made.values)
        again.log_in(shown)
        assert again.values == made.values
