"""Intents: what people want of a device in one go, one file each."""

from .base import Intent, Part, Read, Step
from .climate import ClimateIntent
from .fan import FanIntent
from .light import LightIntent
from .player import PlayerIntent

INTENTS: tuple[type[Intent], ...] = (LightIntent, ClimateIntent, FanIntent, PlayerIntent)

__all__ = [
    "INTENTS",
    "ClimateIntent",
    "FanIntent",
    "Intent",
    "LightIntent",
    "Part",
    "PlayerIntent",
    "Read",
    "Step",
]
