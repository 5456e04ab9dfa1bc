"""A device at run time: what is known of it, its session and its commands."""

from .device import Device
from .observer import Observer
from .record import Record
from .runtime import Runtime

__all__ = ["Device", "Observer", "Record", "Runtime"]
