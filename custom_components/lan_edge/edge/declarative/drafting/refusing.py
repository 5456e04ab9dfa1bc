"""Whether an answer at hand is a refusal by what a text says of one."""

from collections.abc import Mapping
from typing import Any

from ..compiling.messages import refusal_of
from ..texts import refusal_in
from .trial import TrialAnswer


def is_refusal(refused: Mapping[str, Any], answer: TrialAnswer) -> bool:
    """Return whether an answer is a refusal by the field `refused` of a text.

    Raises voluptuous.Invalid for what that field cannot be.
    """
    return refusal_of(refusal_in(dict(refused)))(answer.received) is not None
