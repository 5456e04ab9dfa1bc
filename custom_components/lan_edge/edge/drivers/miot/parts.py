"""What a Xiaomi device is remembered by, and the components that its properties make."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, override

from lan_edge import BatchReader, Json, Part, PartReading, ReplyError, Stored

from .points import MEANINGS, USB, Point, Spec, value_of

SPEEDS = ("speed", "percent")


@dataclass
class MiotMemory:
    mac: Annotated[str, Stored()] = ""  # as it is announced
    found: Annotated[str, Stored()] = ""  # what a device of an unknown model is
    seen: Annotated[tuple[str, ...], Stored()] = ()  # the meanings of what it has told so far
    has_answered: Annotated[bool, Stored()] = False  # to its token
    unanswered: int = 0  # how often it has answered hello only, since
    reader: BatchReader = field(default_factory=BatchReader)
    values: Json = field(default_factory=dict[str, Any])  # what it told last


@dataclass(frozen=True)
class Properties(Part):
    """A component, by its properties and what the device has told of them."""

    points: Mapping[str, Point] = field(default_factory=dict[str, Point])
    values: Json = field(default_factory=dict[str, Any])

    @override
    def readings(self) -> Iterator[PartReading]:
        for meaning, point in self.points.items():
            yield from (PartReading.known(each, value) for each, value in point.lists.items())
            if meaning in SPEEDS and self.is_off:
                yield PartReading.known(MEANINGS[meaning], 0)
            else:
                yield PartReading(MEANINGS[meaning], partial(value_of, point, self.values))

    @property
    def is_off(self) -> bool:
        point = self.points.get("switch")
        return (
            point is not None and is_told(point, self.values) and not value_of(point, self.values)
        )


def parts_of(spec: Spec, seen: Collection[str], values: Json) -> Iterator[Properties]:
    """Yield the components of a device that has told properties of these meanings so far."""
    shown = {meaning: point for meaning, point in spec.points.items() if meaning in seen}
    usb = shown.pop(USB, None)
    yield Properties(points=shown, values=values, category=spec.category)
    if usb is not None:
        yield Properties(USB, "USB", {"switch": usb}, values, category="outlet")


def is_told(point: Point, values: Json) -> bool:
    """Return whether the device tells a property that can be read."""
    try:
        return values.get(point.at) is not None and point.read(values[point.at]) is not Ellipsis
    except ReplyError:
        return False
