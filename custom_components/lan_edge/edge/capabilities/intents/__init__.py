"""Intents: requests for several changes of a device at once."""

from .base import Intent
from .climate import ClimateIntent
from .fan import FanIntent
from .light import LightIntent
from .player import PlayerIntent

INTENTS: tuple[type[Intent], ...] = (LightIntent, ClimateIntent, FanIntent, PlayerIntent)
"""All intents."""

__all__ = [
    "ClimateIntent",
    "FanIntent",
    "Intent",
    "LightIntent",
    "PlayerIntent",
]
