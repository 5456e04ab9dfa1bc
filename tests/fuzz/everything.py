"""All targets there are."""

from . import (
    answers,
    asked,
    command_line,
    conveyed,
    described,
    describing,
    drivers,
    found,
    hub,
    imports,
    kept,
    wire,
)
from .target import TARGETS, Target

SOURCES = (
    *(answers, asked, command_line, conveyed, described, describing, drivers, found, hub),
    *(imports, kept, wire),
)
__all__ = ["SOURCES", "TARGETS", "Target"]
