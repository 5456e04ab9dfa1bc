"""Bytes as people type them: messages, places among them, logins, and how they are recognized."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import (
    DescriptionDraft,
    DraftLogin,
    TrialAnswer,
    TypedError,
    shown_byte_place,
    shown_message,
    typed_byte_place,
    typed_message,
)
from lan_edge.declarative.drafting.messages import number_reading
from lan_edge.declarative.drafting.recognition import recognition_of


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("55 AA 01", "55 AA 01"),
        ("55aa01", "55 AA 01"),
        ("0x55, 0xAA, 0x01", "55 AA 01"),
        (r"\x55\xaa", "55 AA"),
        ("55:AA-01", "55 AA 01"),
        ("55 {value:u16be}", "55 {value:u16be}"),
        ("{number:u8}49{value:u8}", "{number:u8} 49 {value:u8}"),
    ],
)
def test_as_documentation_writes_them(text: str, made: str) -> None:
    assert typed_message("frames", text, is_bytes=True) == {"bytes": made}
    assert shown_message({"bytes": made}) == made


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (",", "empty"),
        ("5", "'5' is not in pairs"),
        ("55 {value}", r"\{value\} needs the type .* write \{value:u8\}"),
        ("55 {value:u9}", r"write \{value:u8\}"),
        ("55 {", "not in pairs"),
        ("{1:u8}", "brace"),
    ],
)
def test_what_are_no_bytes(text: str, reason: str) -> None:
    with pytest.raises(TypedError, match=reason) as caught:
        typed_message("udp", text, is_bytes=True)
    assert caught.value.field == "message"


@given(st.text(alphabet="0123456789abcdefxX{}:,u8 \\value", max_size=24))
def test_any_text_is_bytes_or_an_error(text: str) -> None:
    try:
        sending = typed_message("frames", text, is_bytes=True)
    except TypedError:
        return
    assert typed_message("frames", shown_message(sending), is_bytes=True) == sending


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{number:u8} 49", {"bytes": 0}),
        ("55 {value:u16be} {number:u16le}", {"bytes": 3, "type": "u16le"}),
        ("55 {value:ascii} {number:u8}", {}),
        ("55 AA", {}),
        ("55 {", {}),
    ],
)
def test_where_the_number_stands(text: str, place: dict[str, Any]) -> None:
    assert number_reading({"bytes": text}) == place


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("#2", {"bytes": 2}),
        ("#2 u16be", {"bytes": 2, "type": "u16be"}),
        ("#3 bit 0", {"bytes": 3, "bit": 0}),
        ("#-1 i8", {"bytes": -1, "type": "i8"}),
        ("#4 hex 6", {"bytes": 4, "type": "hex", "length": 6}),
        ("#1 u16be bit 3", {"bytes": 1, "type": "u16be", "bit": 3}),
    ],
)
def test_places(text: str, reading: dict[str, Any]) -> None:
    assert typed_byte_place(text) == typed_byte_place(f" {text} = 5") == reading
    assert shown_byte_place(reading) == text


@pytest.mark.parametrize("text", ["2", "#", "#2 u9", "relay.on", "#2 u16be x"])
def test_what_is_no_place(text: str) -> None:
    assert typed_byte_place(text) == {}
    assert shown_byte_place({"path": text}) == ""


def message(digits: str) -> TrialAnswer:
    data = bytes.fromhex(digits)
    return TrialAnswer(data.hex(" "), (), data=data)


@pytest.mark.parametrize(
    ("heard", "answers", "number", "at", "name"),
    [
        ("00 52 01", {"state": "01 52 00"}, {"bytes": 0}, 1, "state"),
        ("52 01", {"state": "52 00"}, {}, 0, "state"),
        ("55 02 07", {"id": "55 01 09", "state": "55 02 05"}, {}, 1, "state"),
        ("55 03 07", {"id": "55 01 09", "state": "55 02 05"}, {}, 1, ""),
        ("00 07 52", {"state": "00 01 4F"}, {"bytes": 0, "type": "u16be"}, 2, ""),
        ("07", {"state": "07"}, {"bytes": 0}, 0, "state"),
        ("07", {}, {}, 0, ""),
        ("07", {"state": "07", "other": "07"}, {}, 0, ""),
    ],
)
def test_how_bytes_are_recognized(
    heard: str, answers: dict[str, str], number: dict[str, Any], at: int, name: str
) -> None:
    known = {name: message(each) for name, each in answers.items()}
    found = recognition_of(message(heard), known, number)
    value = bytes.fromhex(heard)[at]
    assert found.kind == {"when": {"bytes": at}, "equals": str(value)}
    assert found.request == name


def draft() -> DescriptionDraft:
    made = DescriptionDraft()
    made.talk("frames", {"port": 6722, "framer": {"size": 2}, "messages": "binary"})
    return made


def test_a_draft_of_bytes() -> None:
    made = draft()
    assert made.is_bytes
    sending = typed_message("frames", "{number:u8} 52", is_bytes=True)
    made.note_number(sending)
    made.ask(sending)
    assert made.hear(message("00 52 01"), {"status": message("01 52 00")}) == "status"
    assert made.values["messages"] == {"status": {"when": {"bytes": 1}, "equals": "82"}}
    made.talk("frames", {"port": 6722, "framer": {"size": 2}, "messages": "binary"})
    assert made.values["options"]["key"] == {"bytes": 0}
    made.talk("frames", {"port": 6722, "framer": {"size": 2}})
    assert not made.is_bytes
    assert not made.requests


def test_a_draft_is_of_bytes_by_what_it_asks() -> None:
    made = DescriptionDraft()
    made.talk("udp", {"port": 6722})
    assert not made.is_bytes
    made.ask({"bytes": "01"})
    assert made.is_bytes


@pytest.mark.parametrize("refused", ["", "15"])
def test_a_login_by_bytes(refused: str) -> None:
    made = draft()
    login = DraftLogin("send", message="01 {password:ascii}", refused=refused)
    made.log_in(login)
    assert made.values["login"]["send"]["bytes"] == "01 {password:ascii}"
    assert made.values["login"].get("refused") == ({"begins": "15"} if refused else None)
    assert made.login == login


def test_a_refusal_that_is_no_bytes() -> None:
    with pytest.raises(TypedError) as caught:
        draft().log_in(DraftLogin("send", message="01 {password:ascii}", refused="x"))
    assert caught.value.field == "login_refused"
