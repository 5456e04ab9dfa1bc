"""Keeps one device connected: which addresses to try, how often, and whether it is alive."""

from .status import Status

__all__ = ["Status"]
