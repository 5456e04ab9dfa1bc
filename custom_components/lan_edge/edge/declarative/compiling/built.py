"""A step of a plan as a request that is ready to be sent."""

from typing import cast

from ...transports import Transport, Udp
from ..sending.ready import Ready
from .numbers import NUMBER
from .plan import Step, Values


def built(step: Step, values: Values, io: Transport) -> tuple[Ready, str | None]:
    """Return a request, and its number as text if it has one; raise ArgumentError."""
    if not step.largest_number:
        return step.build(values), None
    counting = cast("Udp", io)  # or another one that counts
    number = counting.number() % step.largest_number + 1
    return step.build({**values, NUMBER: number}), str(number)
