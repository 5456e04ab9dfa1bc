"""The driver of WiZ, and its sub-drivers."""

from .driver import PORT, PUSH_PORT, Wiz
from .lights import WizColor, WizWhite
from .socket import WizSocket

__all__ = ["PORT", "PUSH_PORT", "Wiz", "WizColor", "WizSocket", "WizWhite"]
