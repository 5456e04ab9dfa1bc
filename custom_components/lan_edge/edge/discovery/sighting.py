"""Sightings: hints that a device is at an address.

Everything in a sighting was sent by a stranger: it is text of bounded length, and only looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Self, override
from urllib.parse import unquote

from ..network.address import Address, mac_address
from ..network.text import MAX_FIELD

MAX_FIELDS = 64
"""The most fields of a sighting that are looked at."""
_GROUPS = ("txt", "headers", "upnp", "dhcp", "reply")


class Fields(dict[str, str]):
    """A group of a sighting's fields, for a matcher's templates; a missing one is empty text."""

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """Keep the texts among `values`, under lower-case keys, within the bounds."""
        texts = [(k, v) for k, v in values.items() if isinstance(v, str)]
        return cls((str(k).lower()[:MAX_FIELD], v[:MAX_FIELD]) for k, v in texts[:MAX_FIELDS])

    def __missing__(self, key: str) -> str:
        """Return empty text."""
        return ""

    @override
    def __getitem__(self, key: str) -> str:
        return super().__getitem__(key.lower()) if key.lower() in self else ""


class Usn(str):
    """The unique service name of an SSDP message: `uuid:<uuid>::<type>`."""

    __slots__ = ()

    @property
    def uuid(self) -> str:
        """The part that names the device, without `uuid:`."""
        return self.partition("::")[0].removeprefix("uuid:").strip()

    @property
    def mac(self) -> str:
        """The MAC address in it, as `mac_address` writes it; empty if there is none."""
        pair, rest = r"[0-9a-f]{2}", r"(?:([:.-])[0-9a-f]{2})(?:\2[0-9a-f]{2}){4}"
        mac = re.search(rf"\b({pair}{rest})(?![:.-]?[0-9a-f]{{2}}\b)", self, re.IGNORECASE)
        return mac_address(mac[1]) if mac else ""

    @property
    def name(self) -> str:
        """The name in one such as `x:ecp:<mac>:name:<URL-encoded>:type:y`; empty without one."""
        name = re.search(r":name:([^:]*)", self)
        return unquote(name[1]).strip() if name else ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A hint that a device is at an address.

    `source` is mdns, ssdp, dhcp, probe or callback; `kind` is what was announced (the service
    type or the search target) or asked (of a probe); `address` is where, and `name` what people
    call it; `values` are the fields by group: `txt`, `headers`, `upnp`, `dhcp`, `reply`.
    """

    source: str
    kind: str
    address: Address
    name: str = ""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    others: tuple[Address, ...] = ()
    """More addresses of the same device, such as those of its other network interfaces."""

    def fields(self) -> dict[str, object]:
        """Return what a template can name."""
        groups = {g: Fields.of(self.values.get(g, {})) for g in _GROUPS}
        return {
            **groups,
            "name": self.name[:MAX_FIELD],
            "host": self.address.host,
            "usn": Usn(groups["headers"]["usn"]),
        }


def dhcp_sighting(host: str, mac: str, hostname: str) -> Sighting:
    """Return the sighting of a device that asked for its IP address."""
    values = {"mac": mac_address(mac), "hostname": hostname[:MAX_FIELD]}
    return Sighting("dhcp", "", Address(host), "", {"dhcp": values})
