"""UPnP events (GENA): what a service reports when its variables change.

UPnP Device Architecture 1.1, section 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...errors import ReplyError
from ...network.parsing import parse_xml


@dataclass(frozen=True, slots=True)
class UpnpEvent:
    """A service's variables that changed; the first event of a subscription has all of them."""

    service: str
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def propertyset(body: bytes) -> dict[str, str]:
    """Return the variables in an event; raise ReplyError."""
    root = parse_xml(body, "an event")
    if root.tag.rpartition("}")[2] != "propertyset":
        raise ReplyError(t"an event whose root element is {root.tag[:60]!r}")
    variables = (variable for property_ in root for variable in property_)
    return {v.tag.rpartition("}")[2]: (v.text or "").strip() for v in variables}
