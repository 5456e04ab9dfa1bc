"""What is wrong in a description that a program has made, which no text can have said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from lan_edge import Description, DescriptionError, compile_description, read_description
from lan_edge.declarative.compiling.messages import recognizer_of, refusal_of
from lan_edge.declarative.description import CapabilityText, MessageKind
from lan_edge.declarative.reading import Conversion, ValueReading
from lan_edge.declarative.reading.received import Received
from lan_edge.declarative.sending import Sending

from ..texts import RECEIVER
from .charger import TEXT

CHARGER = read_description(TEXT)
LINES = read_description(RECEIVER)


def changed(description: Description, *capabilities: CapabilityText) -> Description:
    """Return a description whose main component has other standard capabilities."""
    main = replace(description.components["main"], capabilities=capabilities)
    return replace(description, components={"main": main})


def switch(**fields: Any) -> CapabilityText:
    """Return a switch that is read from the charger's status."""
    attributes = {"switch": ValueReading(source="status", path="alw")}
    return CapabilityText(id="switch", **{"attributes": attributes, **fields})


def reads(**fields: Any) -> Description:
    """Return a charger whose switch is read in another way."""
    return changed(CHARGER, switch(attributes={"switch": ValueReading(**fields)}))


def sends(sending: Sending) -> Description:
    """Return a receiver that sends something else at each connection."""
    return replace(LINES, connected=(sending,))


def answers(**messages: MessageKind) -> Description:
    return replace(LINES, messages={**LINES.messages, **messages})


WRONG: Mapping[str, tuple[Description, str, str]] = {
    "no capability": (
        changed(CHARGER, CapabilityText(id="switc")),
        "components.main.switc",
        "there is no capability 'switc'",
    ),
    "no attribute": (
        changed(CHARGER, switch(fixed={"swich": True})),
        "components.main.switch.swich",
        "",
    ),
    "no command": (
        changed(CHARGER, switch(commands={"toggle": ()})),
        "components.main.switch.toggle",
        "",
    ),
    "no source": (
        reads(source="statu", path="alw"),
        "components.main.switch.switch.from",
        "there is no request or message 'statu'",
    ),
    "which source": (
        reads(path="alw"),
        "components.main.switch.switch.from",
        "it is not said from what it is read",
    ),
    "no path": (
        reads(source="status", path="alw["),
        "components.main.switch.switch.path",
        "",
    ),
    "no template": (
        reads(source="status", conversion=Conversion(template="value +")),
        "components.main.switch.switch.template",
        "",
    ),
    "an id from a message": (
        replace(LINES, identity=ValueReading(source="volume", group="volume")),
        "identity.from",
        "'volume' is not a request",
    ),
    "no placeholder": (
        sends(Sending(line="SUB {nothing}")),
        "connected.line",
        "has {nothing}, which is no parameter or argument here",
    ),
    "two things at once": (
        sends(Sending(line="SUB", call="sub")),
        "connected.call",
        "is given beside line",
    ),
    "nothing to send": (sends(Sending()), "connected.line", "is missing: nothing is sent"),
    "no message": (
        sends(Sending(line="SUB", answered="welcom")),
        "connected.answered",
        "there is no message 'welcom'",
    ),
    "no pattern": (answers(odd=MessageKind(pattern="(")), "messages.odd", ""),
    "no refusal": (replace(LINES, refused=MessageKind(pattern="(")), "refused", ""),
    "no port": (replace(LINES, options={"port": "x"}), "options.port", ""),
    "no matcher": (
        replace(LINES, found_by=({"mdns": "_x._tcp.local.", "odd": 1},)),
        "found_by[0]",
        "",
    ),
    "no id": (replace(LINES, id="Receiver 1"), "id", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_has_its_field(name: str) -> None:
    description, place, reason = WRONG[name]
    with pytest.raises(DescriptionError) as caught:
        compile_description(description)
    [fault] = [each for each in caught.value.faults if each.place == place]
    assert fault.reason.startswith(reason)


def test_all_that_is_wrong_is_said_at_once() -> None:
    description = replace(
        CHARGER,
        identity=ValueReading(source="nothing", path="x"),
        connected=(Sending(method="GET", path="/{nothing}"),),
        refused=MessageKind(pattern="("),
    )
    with pytest.raises(DescriptionError) as caught:
        compile_description(description)
    places = {each.place for each in caught.value.faults}
    assert places == {"identity.from", "connected.get", "refused"}


@pytest.mark.parametrize(("message", "is_it"), [(b"AB1", True), (b"AB", False), (b"B1", False)])
def test_a_kind_with_several_signs_has_them_all(message: bytes, is_it: bool) -> None:
    recognize = recognizer_of(MessageKind(begins=b"A", pattern=r"[AB]{1,3}\d"))
    assert recognize is not None
    assert (recognize(Received(message)) is not None) is is_it


def test_a_kind_without_a_sign_is_all_messages() -> None:
    assert recognizer_of(MessageKind()) is None
    assert refusal_of(MessageKind())(Received(b"x")) is None
