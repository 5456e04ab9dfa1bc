"""How messages are recognized that a device sends by itself, from one example."""

import json
from typing import Any

from hypothesis import example, given, strategies as st
import pytest

from lan_edge import DescriptionDraft, TrialAnswer, description_of
from lan_edge.declarative.compiling.messages import recognizer_of
from lan_edge.declarative.drafting.recognition import recognition_of
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
    assert names == ["status", "mute", "mute", "message"]
