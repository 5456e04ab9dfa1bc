"""Xiaomi (miIO, MIoT): JSON over UDP port 54321, encrypted with a token; mDNS and hello."""

from .driver import Miot

__all__ = ["Miot"]
