"""A device at run time: its data, its session and its commands."""

from .device import Device
from .observer import Observer
from .record import Record
from .runtime import Runtime

__all__ = ["Device", "Observer", "Record", "Runtime"]
