"""Sightings: hints that a device is at an address.

Anybody could have sent what is in a sighting, so it is text of bounded length and never trusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self, override

from ..network.address import Address, mac_address
from ..network.parsing import parse_json
from ..network.text import MAX_FIELD, MAX_VALUE, PADDING, encodable
from .templates import GROUPS, fill

MAX_SIGHTING_FIELDS = 64
"""The most fields of a group that are kept."""


class Fields(dict[str, str]):
    """A group of a sighting's fields, for a matcher's templates; missing ones are empty."""

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """Return the texts in `values`, under lower-case keys and within the bounds."""
        texts = [(k, v) for k, v in values.items() if isinstance(v, str)]
        return cls(
            (str(k).lower()[:MAX_FIELD], _trimmed(v, MAX_VALUE))
            for k, v in texts[:MAX_SIGHTING_FIELDS]
        )

    def __missing__(self, key: str) -> str:
        """Return empty text."""
        return ""

    @override
    def __getitem__(self, key: str) -> str:
        return super().__getitem__(key.lower()) if key.lower() in self else ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A hint that a device is at an address.

    `source` is mdns, ssdp, dhcp, probe or beacon; `kind` is the announced service type or search
    target, a probe's request, or a beacon's port; `name` is what people call the device; `values`
    are the fields by group: `txt`, `headers`, `upnp`, `dhcp`, `reply`, `beacon`.
    """

    source: str
    kind: str
    address: Address
    """Where the device may be."""
    name: str = ""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    others: tuple[Address, ...] = ()
    """Other addresses of the device, such as those of its other network interfaces."""

    def fields(self) -> dict[str, object]:
        """Return the fields that a template can name."""
        groups = {g: Fields.of(self.values.get(g, {})) for g in GROUPS}
        return {
            **groups,
            "name": _trimmed(self.name, MAX_FIELD),
            "host": self.address.host,
            "usn": groups["headers"]["usn"],
        }

    def text(self, template: str) -> str:
        """Return the text of a template, as in a matcher: `{txt[data1]}{txt[data2]}`."""
        return fill(template, self.fields())

    def json(self, template: str) -> Any:
        """Return the JSON that the text of a template is; raise ReplyError."""
        return parse_json(self.text(template).encode(), "what it announces")


def _trimmed(text: str, size: int) -> str:
    """Return a field as it is kept; where it was not UTF-8, it has lone surrogates."""
    return encodable(text.strip(PADDING)[:size])


def dhcp_sighting(host: str, mac: str, hostname: str) -> Sighting:
    """Return the sighting of a device that requested its IP address."""
    values = {"mac": mac_address(mac), "hostname": hostname[:MAX_FIELD]}
    return Sighting("dhcp", "", Address(host), "", {"dhcp": values})
