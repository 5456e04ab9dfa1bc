"""Sonoff (eWeLink): JSON by HTTP to port 8081, state in its mDNS record; DIY mode or encrypted."""

from .driver import Sonoff

__all__ = ["Sonoff"]
