"""The driver of TP-Link Kasa, and its sub-drivers."""

from .driver import Kasa
from .light_strip import KasaLightStrip
from .lights import KasaBulb
from .switches import KasaDimmer, KasaWallSwitch

__all__ = ["Kasa", "KasaBulb", "KasaDimmer", "KasaLightStrip", "KasaWallSwitch"]
