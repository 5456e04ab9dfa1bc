"""The dialogs that describe a device: what is typed there, and what the device answers."""

from contextlib import suppress

from custom_components.lan_edge.describing.shown import answer_block, field_options, picked
from lan_edge import TrialAnswer
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
    for option in field_options(answers):
        assert picked(option, answers)["from"] == "status"
    assert picked(answer.text, answers)
