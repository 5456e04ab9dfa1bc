"""The values of a device, within the memory that they may take."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from sys import getsizeof
from typing import Any, cast

from .value_order import StateKey

MAX_SIZE, MAX_SIZE_OF_COMPONENT = 64 * 1024, 8 * 1024
"""Bytes of memory that all texts and lists of a device may take, and more for each component."""
MAX_IMAGES = 8 * 1024 * 1024
"""Bytes that all images of a device may take."""


class BoundedValues(dict[StateKey, Any]):
    """The values by attribute; whoever sets one adds its `growth` to the `size`."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        """Start without values."""
        super().__init__()
        self.size = 0
        """The memory that the texts and lists among the values take, in bytes."""

    def growth(self, known: object, value: object, components: int) -> int:
        """Return the bytes that a new value takes more; raise ValueError if there is no room.

        Images have room of their own.
        """
        if isinstance(value, bytes):
            self._check_room_for_image(known, value)
        growth = _size(value) - _size(known)
        limit = MAX_SIZE + MAX_SIZE_OF_COMPONENT * components
        if growth > 0 and self.size + growth > limit:
            raise ValueError(f"the values of the device would take more than {limit} bytes")
        return growth

    def _check_room_for_image(self, known: object, image: bytes) -> None:
        kept = sum(len(v) for v in self.values() if isinstance(v, bytes) and v is not known)
        if kept + len(image) > MAX_IMAGES:
            raise ValueError(f"the images of the device would take more than {MAX_IMAGES} bytes")

    def drop(self, key: StateKey) -> bool:
        """Remove a value; return whether there was one."""
        if (known := self.pop(key, None)) is None:
            return False
        self.size -= _size(known)
        return True

    def retain(self, is_kept: Callable[[StateKey], bool]) -> None:
        """Remove all values but those that are kept."""
        for key in [key for key in self if not is_kept(key)]:
            del self[key]
        self.measure()

    def measure(self) -> None:
        """Determine the size again."""
        self.size = sum(_size(value) for value in self.values())


def _size(value: object) -> int:
    """Return the memory that a text, or a list or object of texts, takes, in bytes."""
    if isinstance(value, str):
        return getsizeof(value)
    if isinstance(value, tuple):
        return getsizeof(value) + sum(map(_size, cast("tuple[object, ...]", value)))
    if is_dataclass(value):
        return getsizeof(value) + sum(_size(getattr(value, f.name)) for f in fields(value))
    return 0  # numbers, words and images
