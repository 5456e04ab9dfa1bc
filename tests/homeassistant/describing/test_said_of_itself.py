"""What a device says of itself may be any text: looking for it takes no longer than reading it."""

import pytest

from custom_components.lan_edge.describing.said_of_itself import rank_as_id, text_said
from lan_edge import TrialAnswer
from lan_edge.declarative.picking.fields import fields_of
from lan_edge.declarative.reading.received import Received
from tests.processor import done_within


@pytest.mark.parametrize("text", [f"{' ' * 12_000}\u00e9", "-" * 12_000, f"a{' ' * 12_000}"])
def test_a_long_text_is_looked_at_once(text: str) -> None:
    [field] = fields_of(Received(f'{{"model": "{text}"}}'.encode()))
    answers = {"status": TrialAnswer("", (field,))}
    assert done_within(0.1, lambda: text_said({"model"}, answers)) in {"", "a"}
    assert done_within(0.1, lambda: rank_as_id(["serial"], field)) is None
