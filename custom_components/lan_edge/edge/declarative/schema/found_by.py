"""How devices of a description are found: the matchers of drivers, by the same names."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, override

from ...discovery.calls import Calls
from ...discovery.generality import check_generality
from ...discovery.matcher import Matcher
from ...discovery.matchers import Dhcp, Mdns, Ssdp, UdpBeacon, UdpProbe
from ...errors import DriverError
from .compound import FieldSet, Named
from .derived import shapes_of
from .shapes import Json, Shape, Text
from .wrong import Wrong, choices, mapping

MATCHERS: Mapping[str, type[Matcher]] = {
    "mdns": Mdns,
    "ssdp": Ssdp,
    "dhcp": Dhcp,
    "udp_probe": UdpProbe,
    "udp_beacon": UdpBeacon,
    "calls": Calls,
}
"""The matchers by their names in a text."""
MAIN_ARGUMENTS = {
    "mdns": "type",
    "ssdp": "target",
    "dhcp": "mac",
    "udp_probe": "probe_port",
    "udp_beacon": "beacon_port",
    "calls": "path_name",
}
"""The argument of each that stands at its name."""
_MATCHER_WORDS = {
    "unique_id": "The device's own id, as a template: `{txt[id]}`.",
    "name": "The name that users see, as a template.",
    "where": "Which value a field must have, such as `txt[model]`.",
    "port": "The port, as a template, if the sighting says another.",
}


class MatcherShape(Shape):
    """One matcher: its name with its main argument, and the others by their names."""

    def __init__(self) -> None:
        """Take the fields from the classes of the matchers."""
        self._records = {name: _record(name, kind) for name, kind in MATCHERS.items()}

    @override
    def __call__(self, value: Any) -> dict[str, Any]:
        """Return the fields, of which a matcher can be made."""
        given = mapping(value)
        names = [name for name in MATCHERS if name in given]
        if not names:
            raise Wrong(t"does not say how it is found", choices(MATCHERS))
        checked: dict[str, Any] = self._records[names[0]](given)
        try:
            check_generality(matcher_of(checked))
        except DriverError as err:
            raise Wrong(err.reason, err.remedy) from None
        return checked

    @override
    def json(self) -> Json:
        """Return one alternative for each."""
        return {"anyOf": [each.json() for each in self._records.values()]}


def _record(name: str, kind: type[Matcher]) -> FieldSet:
    shapes = {str(marker): (marker, s) for marker, s in _shapes(kind).items()}
    marker, shape = shapes.pop(MAIN_ARGUMENTS[name])
    main = {type(marker)(name, description="How it is found."): shape}
    return FieldSet({**main, **dict(shapes.values())}, one_of=[name])


def _shapes(kind: type[Matcher]) -> dict[Any, Shape]:
    shapes = shapes_of(kind, words=_MATCHER_WORDS)
    for marker in shapes:
        if marker == "fields":
            shapes[marker] = Named(Text(500), most=16)
    return shapes


def matcher_of(given: Mapping[str, Any]) -> Matcher:
    """Return the matcher that a text describes by its fields; raise DriverError."""
    name = next(iter(_names_in(given)))
    kind = MATCHERS[name]
    arguments = {
        MAIN_ARGUMENTS[name] if key == name else key: value for key, value in given.items()
    }
    is_bytes = {each.name for each in fields(kind) if each.type is bytes}
    return kind(**{k: v.encode() if k in is_bytes else v for k, v in arguments.items()})


def _names_in(given: Iterable[str]) -> Iterable[str]:
    return (name for name in MATCHERS if name in given)
