"""What happened to a device lately, of bounded size; and what must not get out of it."""

from .trace import Entry

__all__ = ["Entry"]
