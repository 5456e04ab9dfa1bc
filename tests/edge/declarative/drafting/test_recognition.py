"""How messages are recognized that a device sends by itself, from one example."""

import json
from typing import Any

from hypothesis import example, given, strategies as st
import pytest

from lan_edge import DescriptionDraft, TrialAnswer, description_of
from lan_edge.declarative.compiling.messages import recognizer_of
from lan_edge.declarative.drafting.recognition import kind_apart, recognition_of
from lan_edge.declarative.picking.fields import fields_of
from lan_edge.declarative.reading.received import Received


def answer(content: Any, event: str = "") -> TrialAnswer:
    text = content if isinstance(content, str) else json.dumps(content)
    return TrialAnswer(text, tuple(fields_of(Received(text))), event)


@pytest.mark.parametrize(
    ("message", "status", "kind", "request_"),
    [
        ("VOLUME 42", "VOLUME 17", {"pattern": "VOLUME .{0,400}"}, "status"),
        ("*VOLUME 42", "VOLUME 17", {"pattern": "(?:\\*)?VOLUME .{0,400}"}, "status"),
        ("PWON", "PWSTANDBY", {"pattern": "PW.{0,400}"}, "status"),
        ("power=on", "power=off", {"pattern": "power=.{0,400}"}, "status"),
        ("VOL42", "17", {"pattern": "VOL.{0,400}"}, ""),
        ("MUTE on", "VOLUME 17", {"pattern": "MUTE .{0,400}"}, ""),
        ("ALARM", "OK", {"pattern": "ALARM.{0,400}"}, ""),
        ({"on": True}, {"id": 3, "on": False}, {"when": {"path": "on"}}, "status"),
        ({"id": 4, "on": True}, {"id": 3, "off": 1}, {"when": {"path": "on"}}, ""),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"when": {"path": "b"}}, "status"),
        (
            {"type": "state", "v": 1},
            {"type": "state", "v": 2},
            {"when": {"path": "type"}, "equals": "state"},
            "status",
        ),
        (
            {"type": "changed", "v": 1},
            {"type": "state", "v": 2},
            {"when": {"path": "type"}, "equals": "changed"},
            "",
        ),
        ({"id": 5}, {"x": 1}, {"when": {"path": "id"}}, ""),
    ],
)
def test_how_it_is_recognized(
    message: Any, status: Any, kind: dict[str, Any], request_: str
) -> None:
    found = recognition_of(answer(message), {"status": answer(status)})
    assert (found.kind, found.request) == (kind, request_)


def test_a_notification_is_recognized_by_its_method() -> None:
    status = {"status": answer({"on": False})}
    found = recognition_of(answer({"on": True}, "state"), status)
    assert (found.kind, found.request) == ({"event": "state"}, "status")
    assert recognition_of(answer({"x": 1}, "other"), status).request == ""


JSON_KEYS = st.sampled_from(["type", "on", "id", "a.b", "level", "é", ""])
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(JSON_KEYS, each, max_size=3),
    max_leaves=6,
)
LINES = st.text(st.characters(exclude_characters="\n\r\0"), max_size=40)
MESSAGES = LINES | st.dictionaries(JSON_KEYS, JSON_VALUES, max_size=4)


@given(MESSAGES, MESSAGES)
@example(" ", "")
@example(" VOLUME 3", "VOLUME 4 ")
def test_any_message_is_of_the_kind_that_is_found_from_it(message: Any, status: Any) -> None:
    draft = DescriptionDraft()
    draft.talk("lines", {"port": 23})
    draft.name("Line", "", "", "")
    draft.ask({"line": "STATUS?"})
    known = answer(message)
    if not known.text:
        return
    name = draft.hear(known, {"status": answer(status)})
    draft.values["components"] = {"main": {"own": {"x": {"text": True, "from": name}}}}
    recognize = recognizer_of(description_of(draft.values).messages[name])
    assert recognize is not None
    assert recognize(Received(known.text)) is not None
    if name == "status":
        assert recognize(Received(answer(status).text)) is not None


def test_kinds_have_names_of_their_own() -> None:
    draft = DescriptionDraft()
    draft.talk("lines", {"port": 23})
    draft.ask({"line": "VOLUME?"})
    answers = {"status": answer("VOLUME 17"), "mute": answer("MUTE on")}
    names = [draft.hear(answer(text), answers) for text in ("*VOLUME 3", "MUTE off", "MUTE x", "1")]
    assert names == ["status", "mute", "mute", "update"]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ({"type": "Water Level", "v": 1}, "water_level"),
        ({"id": 3, "on": True, "brightness": 7}, "update"),
        ({"id": 3, "volume": 5, "mute": False}, "volume"),
        ({"state": {"temperature": 21}}, "temperature"),
        ({"op": "5"}, "update"),
        ([5], "update"),
        ("*MUTE on", "mute"),
        ("17", "update"),
    ],
)
def test_a_kind_has_the_name_that_an_owner_would_give_it(message: Any, name: str) -> None:
    draft = DescriptionDraft()
    draft.talk("websocket", {"path": "/ws"})
    assert draft.hear(answer(message), {}) == name
    assert draft.hear(answer(message), {}) == name


def test_a_notification_is_named_as_its_method() -> None:
    draft = DescriptionDraft()
    draft.talk("json_rpc", {"port": 1})
    assert draft.hear(answer({"on": True}, "notify_status_update"), {}) == "notify_status_update"


@pytest.mark.parametrize(
    ("message", "others", "kind"),
    [
        ("VOLUME 20", ["TEMP 30"], {"pattern": "VOLUME .{0,400}"}),
        ({"id": 1, "volume": 5}, [{"id": 2, "celsius": 30}], {"when": {"path": "volume"}}),
        ({"a": 1, "b": 2}, [{"a": 3}], {"when": {"path": "b"}}),
        ({"a": 1}, [{"a": 3}], {"when": {"path": "a"}}),
        (
            {"type": "state", "b": 2},
            [{"type": "news"}],
            {"when": {"path": "type"}, "equals": "state"},
        ),
    ],
)
def test_how_an_answer_is_told_from_other_messages(
    message: Any, others: list[Any], kind: dict[str, Any]
) -> None:
    draft = DescriptionDraft()
    draft.talk("websocket", {"path": "/ws"})
    draft.answer_with("status", answer(message), map(answer, others))
    assert draft.messages == {"status": kind}


def of_bytes(digits: str) -> TrialAnswer:
    return TrialAnswer(digits, (), data=bytes.fromhex(digits))


@pytest.mark.parametrize(
    ("message", "answers", "at", "request_"),
    [
        ("01 10 01 64", ["01 10 00 64"], 0, "status"),
        ("05 00 00 01", ["01 10 00 64"], 0, ""),  # one byte is the same by chance
        ("55 02 01 64", ["55 01 00"], 1, ""),
        ("55 02 01 64", ["55 01 00 00", "55 02 00 07"], 1, "mute"),
        ("55 02 01 64", ["55 02 00", "55 02 00 07"], 2, ""),
        ("55 02", ["55 02", "55 02"], 0, ""),
    ],
)
def test_bytes_that_come_by_themselves_may_be_like_an_answer(
    message: str, answers: list[str], at: int, request_: str
) -> None:
    known = dict(zip(("status", "mute"), map(of_bytes, answers), strict=False))
    found = recognition_of(of_bytes(message), known)
    made = bytes.fromhex(message)
    assert found.kind == {"when": {"bytes": at}, "equals": str(made[at])}
    assert found.request == request_


@pytest.mark.parametrize(
    ("message", "others", "at"), [("5502", ["5501"], 1), ("55", ["55"], 0), ("0255", [], 0)]
)
def test_how_bytes_are_told_from_other_messages(message: str, others: list[str], at: int) -> None:
    made, *known = (TrialAnswer(each, (), data=bytes.fromhex(each)) for each in (message, *others))
    kind = kind_apart(made, known)
    assert kind == {"when": {"bytes": at}, "equals": str(made.data[at])}


@pytest.mark.parametrize(
    ("number", "at"),
    [
        ({"bytes": 0}, 1),
        ({"bytes": 0, "type": "u16be"}, 2),
        ({"bytes": 0, "type": "hex", "length": 2}, 2),
        ({"bytes": 0, "type": "ascii", "length": 3}, 3),
        ({"bytes": 1, "type": "hex"}, 0),
        ({"bytes": -4, "type": "u16be"}, 2),
        ({"bytes": 0, "type": "hex"}, 0),
    ],
)
def test_the_number_of_a_request_says_nothing_of_the_kind(number: dict[str, Any], at: int) -> None:
    message = of_bytes("01 02 03 04")
    kind = {"when": {"bytes": at}, "equals": str(message.data[at])}
    assert kind_apart(message, [], number) == kind
    assert recognition_of(message, {}, number).kind == kind
