"""All targets there are."""

from . import asked, drivers, found, hub, kept, wire
from .target import TARGETS, Target

SOURCES = (asked, drivers, found, hub, kept, wire)
__all__ = ["SOURCES", "TARGETS", "Target"]
