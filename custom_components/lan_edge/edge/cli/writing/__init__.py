"""Writes the driver that does what a description says, as a person would write it."""

from .driver_writer import written
from .refusal import UnwritableError

__all__ = ["UnwritableError", "written"]
