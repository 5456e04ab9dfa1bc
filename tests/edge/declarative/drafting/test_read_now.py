"""What a thing would be by the answers at hand: the same as its driver would say."""

import json
from typing import Any

import pytest

from lan_edge import (
    DescriptionDraft,
    DraftThing,
    ReadNow,
    ShadeState,
    ThingKind,
    TrialAnswer,
    read_now,
)
from lan_edge.declarative.reading.received import Received, ReceivedJson

STATUS: dict[str, Any] = {"lock": "No lock", "mode": "OFF", "set": 22, "level": 140, "none": None}


def answer(content: Any) -> TrialAnswer:
    text = json.dumps(content)
    return TrialAnswer(text, (), received=Received(text))


def now_of(thing: DraftThing, content: Any = STATUS, **values: Any) -> dict[str, ReadNow]:
    draft = DescriptionDraft()
    draft.ask({"get": "/status"}, "status")
    settings = values.pop("settings", {})
    return read_now({**draft.values, **values}, thing, {"status": answer(content)}, settings)


def at(path: str, **conversion: Any) -> dict[str, Any]:
    return {"from": "status", "path": path, **conversion}


def test_a_word_that_is_neither_on_nor_off() -> None:
    now = now_of(DraftThing(ThingKind.SWITCH, reading=at("lock")))
    problem = "lock is 'No lock', not true or false"
    assert now == {"reading": ReadNow("No lock", problem=problem)}
    words = DescriptionDraft.truth("", "No lock")
    now = now_of(DraftThing(ThingKind.SWITCH, reading=at("lock", **words)))
    assert now["reading"].sent == "No lock"
    assert not now["reading"].problem
    assert now["reading"].value is False


def test_each_value_of_a_thermostat() -> None:
    thing = DraftThing(ThingKind.CLIMATE, reading=at("set", scale=0.5), minimum=5, maximum=30)
    thing.mode, thing.current = at("mode", map={"Off": "off", "Heat": "heat"}), at("none")
    now = now_of(thing)
    assert now["reading"] == ReadNow(22, 11.0)
    assert (now["reading"].word, now["mode"].word) == ("22", "OFF")
    assert now["mode"].problem == "mode is 'OFF', which the map does not have"
    assert "current" not in now


def test_a_cover_by_its_direction_and_position() -> None:
    words = {"-1": "opening", "1": "closing", "0": "paused"}
    thing = DraftThing(ThingKind.COVER, reading=at("moves", map=words), level=at("level"))
    now = now_of(thing, {"moves": 0, "level": 40})
    assert now == {"reading": ReadNow(0, ShadeState.PAUSED), "level": ReadNow(40, 40)}
    assert now_of(thing, {"moves": -1})["reading"].value is ShadeState.OPENING


def test_what_no_such_thing_can_be() -> None:
    thing = DraftThing(ThingKind.LIGHT, reading=at("level"), level=at("level"))
    now = now_of(thing, {"level": 140})
    assert now["level"].sent == 140
    assert "100" in now["level"].problem


@pytest.mark.parametrize("kind", [ThingKind.NUMBER, ThingKind.SENSOR])
def test_a_number_that_is_none(kind: ThingKind) -> None:
    thing = DraftThing(kind, "Lock", reading=at("lock"), minimum=0, maximum=9)
    assert now_of(thing)["reading"].problem == "lock is 'No lock', not a number"


def test_a_button_is_not_read() -> None:
    thing = DraftThing(ThingKind.BUTTON, "Reset", commands={"press": {"get": "/reset"}})
    assert now_of(thing) == {}


def test_a_place_that_is_not_in_the_answer_is_no_problem() -> None:
    assert now_of(DraftThing(ThingKind.TEXT, "Lock", reading=at("other"))) == {}
    assert now_of(DraftThing(ThingKind.TEXT, "Lock", reading={"path": "lock", "from": "no"})) == {}
    assert now_of(DraftThing(ThingKind.TEXT, "Lock", reading=at("lock", unknown=1))) == {}


def test_a_place_that_can_be_none() -> None:
    now = now_of(DraftThing(ThingKind.TEXT, "Lock", reading=at("lock.x[0]")))
    assert all(each.problem and not each.word for each in now.values())
    now = now_of(DraftThing(ThingKind.TEXT, "Lock", reading={"from": "status", "xml": "a"}))
    assert now["reading"].problem == "the message is not XML"


def test_a_template_takes_what_was_entered() -> None:
    thing = DraftThing(ThingKind.SENSOR, "Set", reading=at("set", template="value * factor"))
    factor = {"factor": {"kind": "number", "label": "Factor", "default": 1}}
    now = now_of(thing, parameters=factor, settings={"factor": 3, "other": 1})
    assert now["reading"].value == 66


def test_a_message_of_its_kind() -> None:
    kinds = {"news": {"pattern": r"LOCK (?P<lock>\w+)"}}
    thing = DraftThing(ThingKind.SWITCH, reading={"from": "news", "group": "lock"})
    values = {"description": 1, "talks": "lines", "messages": kinds, "id": "draft"}
    heard = TrialAnswer("LOCK on", (), received=Received("LOCK on"))
    assert read_now(values, thing, {"news": heard}, {})["reading"].value is True
    other = TrialAnswer("MODE on", (), received=Received("MODE on"))
    assert read_now(values, thing, {"news": other}, {}) == {}
    assert read_now(values, thing, {"news": TrialAnswer("LOCK on", ())}, {}) == {}


@pytest.mark.parametrize(
    ("talks", "request_"),
    [
        ("json_rpc", {"call": "status"}),
        ("websocket", {"message": {"get": "status"}}),
        ("udp", {"message": {"get": "status"}}),
        ("frames", {"message": {"get": "status"}}),
    ],
)
def test_however_it_talks(talks: str, request_: dict[str, Any]) -> None:
    thing = DraftThing(ThingKind.SWITCH, reading=at("on"))
    values: dict[str, Any] = {"talks": talks, "requests": {"status": request_}}
    if talks == "frames":
        values["options"] = {"framer": {"size": 2}, "messages": "json"}
    assert now_of(thing, {"on": "yes"}, **values)["reading"].value is True


def test_bytes() -> None:
    thing = DraftThing(ThingKind.SWITCH, reading={"from": "status", "bytes": 1})
    draft = DescriptionDraft()
    draft.talk("frames", {"framer": {"size": 2}, "messages": "binary"})
    draft.ask({"bytes": "01"}, "status")
    data = b"\1\3"
    answers = {"status": TrialAnswer(data.hex(" "), (), data=data, received=Received(data))}
    problem = "byte 1 is 3, not true or false"
    assert read_now(draft.values, thing, answers, {}) == {"reading": ReadNow(3, problem=problem)}


def test_the_part_in_which_all_is_read() -> None:
    thing = DraftThing(ThingKind.SWITCH, reading=at("on"))
    values: dict[str, Any] = {"requests": {"status": {"get": "/", "within": "a"}}}
    assert now_of(thing, {"a": {"on": True}}, **values)["reading"].value is True
    assert now_of(thing, {"b": {"on": True}}, **values) == {}


def heard(text: str) -> TrialAnswer:
    return TrialAnswer(text, (), received=Received(text))


def test_after_a_command_a_message_is_what_was_heard_since() -> None:
    name = "power"
    draft = DescriptionDraft()
    draft.values |= {"talks": "lines", "options": {"port": 23}}
    draft.values["messages"] = {name: {"pattern": "POWER=(?P<power>on|off)"}}
    thing = DraftThing(ThingKind.SWITCH, reading={"from": name, "group": "power"})
    before = {name: heard("POWER=off")}
    now = read_now(draft.values, thing, before, {})
    assert now["reading"].value is False
    since = [heard("POWER=off"), heard("POWER=on"), heard("OK")]
    now = read_now(draft.values, thing, before, {}, since)
    assert now["reading"].value is True
    assert not read_now(draft.values, thing, before, {}, [heard("OK")])


def test_a_message_of_another_kind_and_an_answer_say_nothing() -> None:
    def message(event: str, value: bool, *, is_reply: bool = False) -> TrialAnswer:
        received = ReceivedJson({"on": value}, event=event, is_reply=is_reply)
        return TrialAnswer("", (), event=event, received=received)

    values = {"talks": "json_rpc", "options": {"port": 80}}
    values["messages"] = {"status": {"event": "Kettle.Status"}}
    thing = DraftThing(ThingKind.SWITCH, reading={"from": "status", "path": "on"})
    before = {"status": message("Kettle.Status", False)}
    others = [message("Fan.Status", False), message("Kettle.Status", False, is_reply=True)]
    since = [message("Kettle.Status", True), *others]
    draft = {**DescriptionDraft().values, **values}
    assert read_now(draft, thing, before, {}, since)["reading"].value is True
    assert read_now(draft, thing, before, {}, others) == {}
    assert read_now(draft, thing, {"status": others[0]}, {}) == {}
