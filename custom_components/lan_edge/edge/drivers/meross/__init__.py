"""The driver of Meross."""

from .driver import Meross, read_answer

__all__ = ["Meross", "read_answer"]
