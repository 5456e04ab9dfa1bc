"""The dialogs that describe a device: what is typed there, and what the device answers."""

from contextlib import suppress

from custom_components.lan_edge.describing.refusals import refusals_of
from custom_components.lan_edge.describing.shown import (
    answer_block,
    label_of_reading,
    picked,
    readings_of,
)
from custom_components.lan_edge.describing.success import says_success
from lan_edge import (
    DescriptionDraft,
    DescriptionError,
    DraftLogin,
    TrialAnswer,
    description_of,
    description_text,
    description_values,
    is_refusal,
    rewritten_description,
)
from lan_edge.declarative.compiling.messages import recognizer_of
from lan_edge.declarative.drafting.byte_places import shown_byte_place, typed_byte_place
from lan_edge.declarative.drafting.logging_in import login_in
from lan_edge.declarative.drafting.messages import shown_message, talk_of, typed_message
from lan_edge.declarative.drafting.typed import TypedError, shown_request, typed_request
from lan_edge.declarative.picking.fields import fields_of
from lan_edge.declarative.reading.received import Received

from .target import target

MOST = 400
"""Characters of a line that a pattern takes which was found from an example."""


@target(
    "edge/declarative/drafting/typed.py",
    seeds=(
        b'/set?a=1&b=%26%20+\njson\n{"on": {value}}',
        b"api\nform\na=1&b={value}",
        b"/x y\ntext\non",
    ),
)
def typed_requests(data: bytes) -> None:
    """A request that is shown again and typed as it is shown is the same."""
    path, kind, body, *_ = [*data.decode(errors="replace").split("\n", 2), "", "", ""]
    with suppress(TypedError):
        request = typed_request("POST", path, kind if kind in {"json", "form"} else "text", body)
        shown = shown_request(request)
        assert typed_request(**shown) == request


@target("describing/shown.py", seeds=(b'{"relay": {"on": true}, "list": [1, "x"]}', b"POWER on 12"))
def shown_answers(data: bytes) -> None:
    """An answer is shown with the values to pick from, and each that is picked is a reading."""
    received = Received(data)
    answer = TrialAnswer(received.text(), tuple(fields_of(received)))
    assert answer_block(answer)
    answers = {"status": answer}
    readings = readings_of(answers)
    for option in readings:
        reading = picked(option, readings)
        assert reading["from"] == "status"
        assert label_of_reading(reading, readings) in readings
    assert picked(answer.text, readings)


@target(
    "edge/declarative/drafting/refusing.py",
    "describing/refusals.py",
    "describing/success.py",
    seeds=(
        b'{"result": 1, "data": {"error_code": 0, "ok": true}}',
        b'{"error": null, "code": 200.0, "a b": 1e400}',
    ),
)
def values_that_say_success(data: bytes) -> None:
    """An answer is no refusal by any of its own values that can be picked as such."""
    received = Received(data)
    answer = TrialAnswer(received.text(), tuple(fields_of(received)), received=received)
    for refused in refusals_of(DescriptionDraft(), [answer], []).values():
        values = description_values(description_text({"refused": refused}))
        assert not is_refusal(values["refused"], answer)
    assert {says_success(each) for each in answer.fields} <= {True, False, None}


@target(
    "edge/declarative/rewriting.py",
    seeds=(
        b"# all\nid: a  # the id\nrequests:\n  one: {get: /}\n\nid: b\nrequests: {two: {get: /2}}",
        b"a:\n- 1\n# end\n\na: [2]\nb: {c: }",
        b"{a: 1}\n\na: 1",
    ),
)
def rewritten_texts(data: bytes) -> None:
    """A text with the values of another has these values."""
    text, _, other = data.decode(errors="replace").partition("\n\n")
    with suppress(DescriptionError):
        values = description_values(other)
        if isinstance(values, dict):
            changed = description_values(rewritten_description(text, values))
            assert changed == description_values(description_text(values))


@target(
    "edge/declarative/drafting/messages.py",
    seeds=(
        b'{"id": {number}, "method": "set", "params": {"level": {value}}}',
        b"VOL {value:02d} {}",
        b"[",
    ),
)
def typed_messages(data: bytes) -> None:
    """A message that is shown again and typed as it is shown is the same."""
    text = data.decode(errors="replace")
    for talks in (talk_of(text), "json_rpc", "websocket"):
        with suppress(TypedError):
            sending = typed_message(talks, text)
            assert typed_message(talks, shown_message(sending)) == sending


@target(
    "edge/declarative/drafting/byte_messages.py",
    seeds=(
        b"0x55, 0xAA, 01",
        b"55aa {number:u16be} {value:ascii} ff",
        b"\\x55\\x01-{value}",
        b"5",
        b"{{:u8}",
    ),
)
def typed_bytes(data: bytes) -> None:
    """Bytes that are shown again and typed as they are shown are the same."""
    with suppress(TypedError):
        sending = typed_message("frames", data.decode(errors="replace"), is_bytes=True)
        assert typed_message("frames", shown_message(sending), is_bytes=True) == sending


@target(
    "edge/declarative/drafting/byte_places.py",
    seeds=(b"#2 u16be = 230", b"#3 bit 0 = true", b"#4 ascii 12", b"#-1", b"#0 u8 bit 99"),
)
def typed_byte_places(data: bytes) -> None:
    """A place among bytes that is shown again and typed as it is shown is the same."""
    place = typed_byte_place(data.decode(errors="replace"))
    assert typed_byte_place(shown_byte_place(place)) == place


@target(
    "edge/declarative/drafting/recognition.py",
    seeds=(
        b"*VOLUME 30\0VOLUME 20",
        b'{"type": "state", "on": true}\0{"on": false}',
        b"PWON\0PWOFF",
    ),
)
def recognized_messages(data: bytes) -> None:
    """A message that a device sends by itself is of the kind that is found from it."""
    message, _, status = data.replace(b"\n", b" ").replace(b"\r", b" ").partition(b"\0")
    received = Received(message)
    heard, answer = (
        TrialAnswer(each.text(), tuple(fields_of(each))) for each in (received, Received(status))
    )
    draft = DescriptionDraft()
    draft.talk("lines", {"port": 23})
    draft.name("Line", "", "", "")
    draft.ask({"line": "STATUS?"})
    name = draft.hear(heard, {"status": answer})
    draft.values["components"] = {"main": {"own": {"x": {"text": True, "from": name}}}}
    recognize = recognizer_of(description_of(draft.values).messages[name])
    assert recognize is not None
    assert len(heard.text) > MOST or recognize(Received(heard.text)) is not None


@target(
    "edge/declarative/drafting/logging_in.py",
    seeds=(
        b'send\0\0{"login": "{username}", "key": "{password}"}\0{"error": {"code": 401}}',
        b'send\0\0{"login": "{username}", "level": 1e400}\0{"error": -1e999}',
        b"send\0\0PASS {password}\0DENIED (1)",
        b"header\0X-Api-Key",
        b"query\0token",
        b"basic",
        b"",
    ),
)
def typed_logins(data: bytes) -> None:
    """A login that is typed is shown so that it says the same, or a form cannot show it."""
    text = data.decode(errors="replace")
    way, name, message, refused, *_ = [*text.split("\0", 3), "", "", "", ""]
    ways = {"", "basic", "digest", "bearer", "header", "query", "send"}
    login = DraftLogin(way if way in ways else "send", name, message, refused=refused)
    for talks in ("http", "lines", "json_rpc", "websocket"):
        with suppress(TypedError):
            values = login.values(talks)
            assert description_values(description_text({"login": values})) == {"login": values}
            assert login.labels(values).keys() <= {"username", "password"}
            shown = login_in({"login": values}, talks)
            assert shown is None or shown.values(talks) == values
