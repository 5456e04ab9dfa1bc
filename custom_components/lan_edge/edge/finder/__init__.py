"""Finds devices and keeps them connected, for programs that are not a hub themselves."""

from .connecting import connect

__all__ = ["connect"]
