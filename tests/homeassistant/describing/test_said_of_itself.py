"""What a device says of itself may be any text: looking for it takes no longer than reading it."""

import pytest

from custom_components.lan_edge.describing.names_form import suggested_names
from custom_components.lan_edge.describing.said_of_itself import name_said, rank_as_id, text_said
from lan_edge import DescriptionDraft, TrialAnswer
from lan_edge.declarative.picking.fields import fields_of
from lan_edge.declarative.reading.received import Received
from tests.processor import done_within


@pytest.mark.parametrize("text", [f"{' ' * 12_000}\u00e9", "-" * 12_000, f"a{' ' * 12_000}"])
def test_a_long_text_is_looked_at_once(text: str) -> None:
    [field] = fields_of(Received(f'{{"model": "{text}"}}'.encode()))
    answers = {"status": TrialAnswer("", (field,))}
    assert done_within(0.1, lambda: text_said({"model"}, answers)) in {"", "a"}
    assert done_within(0.1, lambda: rank_as_id(["serial"], field)) is None


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ('{"name": "Garage Birkenweg", "dist": 118}', "Garage Birkenweg"),
        ('{"hostname": "garage-1", "deviceName": "Garage"}', "Garage"),
        ('{"host_name": "garage-1"}', "garage-1"),
        ('{"friendly_name": "Garage", "name": "esp-1"}', "Garage"),
        ('{"wifi": {"name": "Home"}, "relays": [{"name": "Pump"}]}', ""),
        ('{"name": 7, "username": "me", "device_name": ""}', ""),
    ],
)
def test_its_name_is_what_it_says_at_the_top(answer: str, name: str) -> None:
    fields = tuple(fields_of(Received(answer.encode())))
    assert name_said({"status": TrialAnswer(answer, fields)}) == name


def test_a_name_that_was_entered_is_kept() -> None:
    draft, received = DescriptionDraft(), Received(b'{"name": "Garage Birkenweg"}')
    answers = {"status": TrialAnswer("", tuple(fields_of(received)))}
    assert suggested_names(draft, answers)["name"] == "Garage Birkenweg"
    draft.values["name"] = "OpenGarage"
    assert suggested_names(draft, answers)["name"] == "OpenGarage"
