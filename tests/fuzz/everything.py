"""All targets there are."""

from . import answers, asked, drivers, found, hub, kept, wire
from .target import TARGETS, Target

SOURCES = (answers, asked, drivers, found, hub, kept, wire)
__all__ = ["SOURCES", "TARGETS", "Target"]
