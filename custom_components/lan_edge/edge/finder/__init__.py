"""Finds devices and keeps them connected, for programs that are not a hub themselves."""

from .connecting import connect
from .find import find
from .found import FoundDevices

__all__ = ["FoundDevices", "connect", "find"]
