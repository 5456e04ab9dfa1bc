"""Whether an answer at hand is a refusal by what a text says of one."""

from typing import Any

import pytest

from lan_edge import TrialAnswer, is_refusal
from lan_edge.declarative.reading.received import Received

NOT_ONE = {"when": {"path": "result"}, "unless": 1}


@pytest.mark.parametrize(
    ("refused", "text", "is_it"),
    [
        (NOT_ONE, '{"result": 1}', False),
        (NOT_ONE, '{"result": 2}', True),
        (NOT_ONE, '{"result": {}}', True),
        (NOT_ONE, '{"on": true}', False),
        (NOT_ONE, "OK", False),
        ({"when": {"path": "error"}}, '{"error": 0}', False),
        ({"pattern": "ERR.*"}, "ERROR", True),
    ],
)
def test_an_answer(refused: dict[str, Any], text: str, is_it: bool) -> None:
    assert is_refusal(refused, TrialAnswer(text, (), received=Received(text))) is is_it
