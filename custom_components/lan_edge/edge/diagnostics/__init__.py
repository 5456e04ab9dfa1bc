"""A device's recent history, of bounded size."""

from .trace import Entry

__all__ = ["Entry"]
