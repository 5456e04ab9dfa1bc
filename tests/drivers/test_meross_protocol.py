"""Meross's messages, questions and lists by themselves."""

from hashlib import md5
from typing import Any

import pytest

from lan_edge import CredentialsError, RefusedError, ReplyError
from lan_edge.drivers.meross.memory import MerossMemory
from lan_edge.drivers.meross.protocol.exchange import cipher_of, decrypted, encrypted
from lan_edge.drivers.meross.protocol.messages import Reply, Request
from lan_edge.drivers.meross.protocol.questions import (
    METER,
    POSITION,
    PRESENCE,
    answers_in,
    together,
    unit_questions,
)
from lan_edge.drivers.meross.protocol.state import MAX_UNITS, by_channel, kinds_of, listed

UUID, KEY = "2010199978996951803248e1e9a1b2c3", "23ab5c7d9e1f0246813579bdf02468ac"
ASKED = Request("GET", "Appliance.X", {"x": {}})


def reply(method: str, payload: Any = None, namespace: str = ASKED.namespace) -> dict[str, Any]:
    """Return a message of a device."""
    header = {"method": method, "namespace": namespace, "from": f"/appliance/{UUID}/publish"}
    return {"header": header, "payload": payload}


def test_a_request_is_signed_with_the_key() -> None:
    message = ASKED.signed(KEY)
    header = message["header"]
    signed = f"{header['messageId']}{KEY}{header['timestamp']}"
    assert header["sign"] == md5(signed.encode(), usedforsecurity=False).hexdigest()
    assert (header["method"], header["namespace"]) == ("GET", "Appliance.X")
    assert message["payload"] == {"x": {}}
    assert ASKED.signed(KEY)["header"]["messageId"] != header["messageId"]


def test_a_reply_has_what_was_asked_and_who_answers() -> None:
    answer = Reply.of(reply("GETACK", {"x": 7}))
    assert ASKED.answer(answer) == {"x": 7}
    assert answer.uuid == UUID


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (reply("ERROR", {"error": {"code": 5001}}), CredentialsError),
        (reply("ERROR", {"error": {"code": 5000}}), RefusedError),
        (reply("ERROR"), RefusedError),
        (reply("SETACK", {"x": 7}), ReplyError),
        (reply("GETACK", {"x": 7}, "Appliance.Y"), ReplyError),
        ([], ReplyError),
    ],
)
def test_a_reply_that_is_none(message: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        ASKED.answer(Reply.of(message))


def test_what_is_encrypted_is_read_with_the_same_key() -> None:
    text = encrypted({"x": [1]}, cipher_of(UUID, KEY))
    assert decrypted(text, cipher_of(UUID, KEY)) == {"x": [1]}
    for other in ("{}", text[:-4], "!"):
        with pytest.raises(ReplyError):
            decrypted(other, cipher_of(UUID, KEY))
    with pytest.raises(ReplyError):
        decrypted(text, cipher_of(UUID, KEY[::-1]))


def test_what_is_asked_of_all_of_a_list_or_of_a_channel() -> None:
    assert METER.request.payload == {"electricity": {}}
    assert POSITION.request.payload == {"position": []}
    data = ["presence", "light"]
    assert PRESENCE.request.payload == {"latest": [{"channel": 0, "data": data}]}


def test_a_hub_is_asked_for_few_devices_at_once() -> None:
    kinds = {f"v{n}": "mts100v3" for n in range(7)} | {f"s{n}": "ms100" for n in range(11)}
    asked = [len(each.request.payload["all"]) for each in unit_questions(kinds)]
    assert asked == [6, 1, 10, 1]


def test_several_questions_are_one_request() -> None:
    asked = together((METER, POSITION), KEY)
    namespaces = [each["header"]["namespace"] for each in asked.payload["multiple"]]
    assert namespaces == [METER.namespace, POSITION.namespace]
    told = reply("GETACK", {"electricity": {}}, METER.namespace)
    refused = reply("ERROR", {}, POSITION.namespace)
    assert answers_in({"multiple": [told, refused]}, (METER, POSITION)) == {
        METER: {"electricity": {}}
    }
    for nothing in ([], [reply("GETACK", {})]):
        with pytest.raises(ReplyError, match="not answered"):
            answers_in({"multiple": nothing}, (METER, POSITION))


def test_what_is_listed_is_found_by_channel() -> None:
    assert by_channel(listed({"onoff": 1})) == {0: {"onoff": 1}}
    assert by_channel(listed([{"channel": 2}, 7, {"channel": "x"}])) == {
        2: {"channel": 2},
        0: {"channel": "x"},
    }
    days = [{"date": "2024-03-10", "value": 2}, {"date": "2024-03-09", "value": 1}]
    assert by_channel(days)[0]["value"] == 2
    assert listed(None) == listed({}) == []


def test_devices_behind_a_hub_have_a_kind_and_are_not_without_end() -> None:
    assert kinds_of([{"id": "a", "status": 1, "ms100": {}}, {"id": "b", "status": 2}]) == {
        "a": "ms100"
    }
    assert not kinds_of([{"id": "x" * 33, "ms100": {}}, {"id": "c", "x" * 33: {}}, {"ms100": {}}])
    assert len(kinds_of([{"id": f"{n}", "ms100": {}} for n in range(999)])) == MAX_UNITS


def test_a_channel_that_was_told_is_there_while_it_is_not_told() -> None:
    memory = MerossMemory(abilities={POSITION.namespace: {}})
    assert memory.answers(POSITION) == {0: {}}
    memory.hear(POSITION, {"position": [{"channel": 1, "position": 40}]})
    assert memory.answers(POSITION) == {1: {"channel": 1, "position": 40}}
    assert memory.due() == [POSITION]
    assert memory.answers(POSITION) == {1: {}}
