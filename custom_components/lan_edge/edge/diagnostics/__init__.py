"""What happened to a device, kept within bounds."""

from .trace import Entry

__all__ = ["Entry"]
