"""The dialogs that describe a device: what is typed there, and what the device answers."""

from contextlib import suppress

from custom_components.lan_edge.describing.shown import (
    answer_block,
    label_of_reading,
    picked,
    readings_of,
)
from lan_edge import (
    DescriptionError,
    TrialAnswer,
    description_text,
    description_values,
    rewritten_description,
)
from lan_edge.declarative.drafting.typed import TypedError, shown_request, typed_request
from lan_edge.declarative.picking.fields import fields_of
from lan_edge.declarative.reading.received import Received

from .target import target


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
