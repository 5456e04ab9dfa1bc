"""The components that the properties of a Xiaomi device make."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, override

from lan_edge import Json, PropertiesPart, Property, ReplyError

from .meanings import BESIDE
from .specs import NOTHING, Spec


@dataclass(frozen=True)
class Properties(PropertiesPart):
    """A component, by the properties of its spec and what the device has told of them."""

    spec: Spec = NOTHING

    @override
    def told_at(self, own: Property) -> Any:
        return self.spec.code_in(own.at, self.told)


def parts_of(spec: Spec, seen: Collection[str], values: Json) -> Iterator[Properties]:
    """Yield the components of a device that has told properties of these meanings so far."""
    shown = {meaning: point for meaning, point in spec.points.items() if meaning in seen}
    beside = {meaning: shown.pop(meaning) for meaning in BESIDE if meaning in shown}
    yield Properties(table=(*shown.values(),), told=values, spec=spec, category=spec.category)
    for meaning, point in beside.items():
        name = BESIDE[meaning]
        yield Properties(meaning, name, (point,), values, spec=spec, category="outlet")


def is_told(point: Property, values: Json) -> bool:
    """Return whether the device tells a property that can be read."""
    try:
        code = values.get(point.at)
        point.coding.read(code)
    except ReplyError:
        return False
    return code is not None
