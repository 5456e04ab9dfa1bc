"""Tuya's devices."""

from .driver import Tuya

__all__ = ["Tuya"]
