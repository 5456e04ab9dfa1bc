"""The list of all standard capabilities."""

from . import standard
from .definition import Capability

__all__ = ["STANDARD"]

STANDARD: tuple[type[Capability], ...] = tuple(
    sorted(
        (
            each
            for each in vars(standard).values()
            if isinstance(each, type) and issubclass(each, Capability)
        ),
        key=lambda each: each.id,
    )
)
"""The standard capabilities, sorted by id."""
