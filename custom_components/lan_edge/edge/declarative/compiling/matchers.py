"""How the devices of a description are found: its matchers."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...discovery.calls import Calls
from ...discovery.matcher import Matcher
from ...discovery.matchers import Dhcp, Mdns, Ssdp, UdpBeacon, UdpProbe
from ...errors import DriverError
from ..description import Description
from .faults import CompilerFaults

MATCHER_KINDS: dict[str, tuple[Callable[..., Matcher], str]] = {
    "mdns": (Mdns, "type"),
    "ssdp": (Ssdp, "target"),
    "dhcp": (Dhcp, "mac"),
    "udp_probe": (UdpProbe, "probe_port"),
    "udp_beacon": (UdpBeacon, "beacon_port"),
    "calls": (Calls, "path_name"),
}
"""The matchers by their names in a text, each with the argument that the name is given."""


def matchers_of(description: Description, faults: CompilerFaults) -> Iterator[Matcher]:
    """Yield the matchers; note what is wrong with one."""
    for at, fields in enumerate(description.found_by):
        try:
            yield matcher_of(fields)
        except (DriverError, TypeError, ValueError) as err:
            faults.add(("found_by", at), str(err))


def matcher_of(fields: Mapping[str, Any]) -> Matcher:
    """Return the matcher that a text describes by its fields; raise DriverError."""
    (name, (kind, main)) = next((n, k) for n, k in MATCHER_KINDS.items() if n in fields)
    arguments = {key: value for key, value in fields.items() if key != name}
    if isinstance(request := arguments.get("request"), str):
        arguments["request"] = request.encode()
    return kind(**{main: fields[name]}, **arguments)
