"""How values are read from what a device sends: where they stand, and how they are converted."""

from .value_reading import ByteType, Conversion, ValueReading

__all__ = ["ByteType", "Conversion", "ValueReading"]
