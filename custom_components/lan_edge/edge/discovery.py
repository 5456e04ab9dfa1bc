"""How devices are found: sightings (hints that one is somewhere) and matchers (whose it is).

Everything in a sighting was sent by a stranger: it is text of bounded length, never trusted
with more than being looked at.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from fnmatch import fnmatchcase
from ipaddress import ip_address
import re
from typing import Any, Self, override
from urllib.parse import unquote, urlsplit

import orjson

from .errors import DriverError

MAX_FIELD = 256
"""The longest value of a sighting that is looked at, in characters."""
MAX_PORT = 65535
MAX_FIELDS = 64
"""The most values of a sighting that are looked at."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a device can be reached: an IP address and a port (0: the driver's own)."""

    host: str
    port: int = 0

    @override
    def __str__(self) -> str:
        """Return host:port as people write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host


class Fields(dict[str, str]):
    """The values of a sighting, for a matcher's template; an absent one is empty text."""

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """Keep the text values, keys in lower case, within the bounds."""
        pairs = [(k, v) for k, v in values.items() if isinstance(v, str)]
        return cls((str(k).lower()[:MAX_FIELD], v[:MAX_FIELD]) for k, v in pairs[:MAX_FIELDS])

    def __missing__(self, key: str) -> str:
        """Return the empty text."""
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
        """The MAC address in it, as `mac_address` writes it; empty where there is none."""
        pair, rest = r"[0-9a-f]{2}", r"(?:([:.-])[0-9a-f]{2})(?:\2[0-9a-f]{2}){4}"
        found = re.search(rf"\b({pair}{rest})(?![:.-]?[0-9a-f]{{2}}\b)", self, re.IGNORECASE)
        return mac_address(found[1]) if found else ""

    @property
    def name(self) -> str:
        """The name in one such as `x:ecp:<mac>:name:<URL-encoded>:type:y`; empty without one."""
        found = re.search(r":name:([^:]*)", self)
        return unquote(found[1]).strip() if found else ""


_GROUPS = ("txt", "headers", "upnp", "dhcp", "reply")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A hint that a device is at an address.

    `source` is mdns, ssdp, dhcp, probe or callback; `kind` what was announced (the service
    type or the search target), or asked (of a probe); `values` the fields by group: `txt`,
    `headers`, `upnp`, `dhcp`, `reply`.
    """

    source: str
    kind: str
    address: Address
    name: str = ""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    others: tuple[Address, ...] = ()
    """More addresses of the same device, such as its other network interface."""

    def fields(self) -> dict[str, object]:
        """Return what a template can name."""
        groups = {g: Fields.of(self.values.get(g, {})) for g in _GROUPS}
        return {
            **groups,
            "name": self.name[:MAX_FIELD],
            "host": self.address.host,
            "usn": Usn(groups["headers"]["usn"]),
        }


@dataclass(frozen=True, slots=True)
class Match:
    """A sighting that fits: who it is (empty: it must be asked), where, and its name."""

    unique_id: str
    address: Address
    name: str
    others: tuple[Address, ...] = ()
    manufacturer: str = ""
    model: str = ""
    fields: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """More that the sighting told, for the driver's persistent fields."""


@dataclass(frozen=True, kw_only=True)
class Matcher(ABC):
    """What a driver says about how its devices show themselves.

    `unique_id`, `name`, `manufacturer`, `model` and `port` are templates over the sighting:
    `{txt[id]}`, `{headers[x-port]}`, `{upnp[serialNumber]}`, `{usn.uuid}`, `{usn.mac}`,
    `{usn.name}`, `{dhcp[mac]}`, `{reply[result.mac]}`, `{name}`. An empty `unique_id` leaves
    the question to the driver's `identify()`. `where` maps a field such as `txt[model]` to the
    pattern (with * and ?) that its value must have, in any case. `fields` are templates for
    what the driver is to find with `get_field`.
    """

    unique_id: str = ""
    name: str = "{name}"
    manufacturer: str = "{upnp[manufacturer]}"
    model: str = "{upnp[modelName]}{txt[model]}"
    port: str = ""
    where: Mapping[str, str] = field(default_factory=dict[str, str])
    fields: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        """See that the templates can be filled; raise DriverError."""
        values = Sighting("", "", Address("")).fields()
        looked_at = (f"{{{name}}}" for name in self.where)
        for template in (self.unique_id, self.name, self.port, *looked_at, *self.fields.values()):
            try:
                template.format_map(values)
            except (LookupError, AttributeError, ValueError, TypeError) as err:
                msg = f"{type(self).__name__}: the template {template!r} names nothing: {err!r}"
                raise DriverError(msg) from None

    def match(self, sighting: Sighting) -> Match | None:
        """Return the match, or None if the sighting is of something else."""
        if not self._announced(sighting) or not usable(sighting.address.host):
            return None
        values = sighting.fields()
        for name, pattern in self.where.items():
            value = f"{{{name}}}".format_map(values)
            if not fnmatchcase(value.lower(), pattern.lower()):
                return None
        port = self._port(self.port.format_map(values), sighting.address.port)
        return Match(
            plain(self.unique_id.format_map(values)),
            Address(sighting.address.host, port),
            plain(self.name.format_map(values)),
            tuple(Address(a.host, port) for a in sighting.others if usable(a.host)),
            plain(self.manufacturer.format_map(values)),
            plain(self.model.format_map(values)),
            {k: told for k, t in self.fields.items() if (told := plain(t.format_map(values)))},
        )

    @abstractmethod
    def _announced(self, sighting: Sighting) -> bool:
        """Whether the sighting is of the kind this matcher looks for."""

    @staticmethod
    def _port(text: str, default: int) -> int:
        number = int(text) if re.fullmatch(r"\d{1,5}", text) else 0
        return number if 0 < number <= MAX_PORT else default


@dataclass(frozen=True)
class Mdns(Matcher):
    """Found by multicast DNS; `type` is the service type, `_relay._tcp.local.`."""

    type: str

    @override
    def _announced(self, sighting: Sighting) -> bool:
        return sighting.source == "mdns" and sighting.kind.lower() == self.type.lower()


@dataclass(frozen=True)
class Ssdp(Matcher):
    """Found by SSDP; `target` is the search target (ST, NT), with * and ? as wildcards.

    `search`: the device answers only a search for exactly this target, so ask for it.
    `search_port`: where relatives of SSDP are searched for, and announce themselves.
    """

    target: str
    _: KW_ONLY
    search: bool = False
    search_port: int = 1900

    @override
    def _announced(self, sighting: Sighting) -> bool:
        return sighting.source == "ssdp" and fnmatchcase(sighting.kind, self.target)


@dataclass(frozen=True)
class Dhcp(Matcher):
    """Seen when it asks for its address; `mac` and `hostname` are patterns, in any case.

    `mac` is without separators: `a8bb50*`. The values are `{dhcp[mac]}`, as `mac_address`
    writes it, and `{dhcp[hostname]}`.
    """

    _: KW_ONLY
    mac: str = "*"
    hostname: str = "*"

    @override
    def _announced(self, sighting: Sighting) -> bool:
        told = sighting.values.get("dhcp", {})
        return sighting.source == "dhcp" and all(
            fnmatchcase(told.get(name, "").lower(), pattern.lower())
            for name, pattern in (("mac", self.mac), ("hostname", self.hostname))
        )


@dataclass(frozen=True)
class UdpProbe(Matcher):
    """Found by its answer when everybody is sent `request` at the UDP port `probe_port`.

    `read` makes values of an answer, and raises, or returns none, for what is no such device's:
    unless given, the answer is JSON. `{reply[result.mac]}` is `mac` within `result`. Where the
    device listens for its driver at another port than the probe's, `port` says so.
    """

    probe_port: int
    request: bytes
    _: KW_ONLY
    read: Callable[[bytes], Any] = orjson.loads

    @property
    def kind(self) -> str:
        """What its sightings are of."""
        return f"{self.probe_port} {self.request.hex()}"

    @override
    def _announced(self, sighting: Sighting) -> bool:
        return sighting.source == "probe" and sighting.kind == self.kind


def dhcp_sighting(host: str, mac: str, hostname: str) -> Sighting:
    """Return the sighting of a device that asked for its address."""
    told = {"mac": mac_address(mac), "hostname": hostname[:MAX_FIELD]}
    return Sighting("dhcp", "", Address(host), "", {"dhcp": told})


def mac_address(text: str) -> str:
    """Return a MAC address as twelve lower-case digits; empty text if it is none."""
    digits = re.sub(r"[:.\s-]", "", text[:MAX_FIELD]).lower()
    return digits if re.fullmatch(r"[0-9a-f]{12}", digits) else ""


def usable(host: str) -> bool:
    """Whether `host` is an IP address a device can have: no multicast, none unspecified."""
    try:
        ip = ip_address(host)
    except ValueError:
        return False
    scoped = ip.version == 6 and ip.is_link_local  # noqa: PLR2004
    return not (ip.is_multicast or ip.is_unspecified or ip.is_reserved or scoped)


def location_address(location: str) -> Address | None:
    """Return the address in an SSDP LOCATION, or None where there is none."""
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    return Address(host, port or 0) if host and usable(host) else None


def plain(text: str) -> str:
    """Return `text` as one line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
