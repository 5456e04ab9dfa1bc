"""Matchers: what a driver says about how its devices show themselves."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from fnmatch import fnmatchcase
import re
from typing import Any, override

import orjson

from ..errors import DriverError
from ..network.address import MAX_PORT, Address, is_device_host
from ..network.ssdp import SSDP_PORT
from ..network.text import one_line
from .sighting import Sighting


@dataclass(frozen=True, slots=True)
class Match:
    """A sighting that fits a driver: whose it is, and where.

    All texts are what a stranger said: one line of bounded length, and empty where it said nothing.
    """

    unique_id: str
    """The device's own id; empty: the device must be asked."""
    address: Address
    """Where it is; port 0: the driver's usual port."""
    name: str
    """What people call it."""
    others: tuple[Address, ...] = ()
    """More addresses of the same device."""
    manufacturer: str = ""
    """Who made it."""
    model: str = ""
    """The maker's word for the kind of device."""
    fields: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """More that the sighting tells, for the driver's memory."""


@dataclass(frozen=True, kw_only=True)
class Matcher(ABC):
    """How devices of a driver are recognized.

    `unique_id`, `name`, `manufacturer`, `model` and `port` are templates over the sighting:
    `{txt[id]}`, `{headers[x-port]}`, `{upnp[serialNumber]}`, `{usn.uuid}`, `{usn.mac}`,
    `{usn.name}`, `{dhcp[mac]}`, `{reply[result.mac]}`, `{name}`. An empty `unique_id` leaves the
    question to the driver's `identify()`. `where` maps a field such as `txt[model]` to the pattern
    (with * and ?, in any case) that its value must have. `fields` are templates for fields of the
    driver's memory.
    """

    unique_id: str = ""
    name: str = "{name}"
    manufacturer: str = "{upnp[manufacturer]}"
    model: str = "{upnp[modelName]}{txt[model]}"
    port: str = ""
    where: Mapping[str, str] = field(default_factory=dict[str, str])
    fields: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        """Check that the templates can be filled; raise DriverError."""
        values = Sighting("", "", Address("")).fields()
        names = (f"{{{name}}}" for name in self.where)
        for template in (self.unique_id, self.name, self.port, *names, *self.fields.values()):
            try:
                template.format_map(values)
            except (LookupError, AttributeError, ValueError, TypeError) as err:
                raise DriverError(
                    f"{type(self).__name__}: the template {template!r} names nothing: {err!r}"
                ) from None

    def match(self, sighting: Sighting) -> Match | None:
        """Return the match, or None if the sighting is of something else."""
        if not self._is_announced_by(sighting) or not is_device_host(sighting.address.host):
            return None
        values = sighting.fields()
        for name, pattern in self.where.items():
            value = f"{{{name}}}".format_map(values)
            if not fnmatchcase(value.lower(), pattern.lower()):
                return None
        port = self._port(self.port.format_map(values), sighting.address.port)
        fields = {k: one_line(t.format_map(values)) for k, t in self.fields.items()}
        return Match(
            one_line(self.unique_id.format_map(values)),
            Address(sighting.address.host, port),
            one_line(self.name.format_map(values)),
            tuple(Address(a.host, port) for a in sighting.others if is_device_host(a.host)),
            one_line(self.manufacturer.format_map(values)),
            one_line(self.model.format_map(values)),
            {key: value for key, value in fields.items() if value},
        )

    @abstractmethod
    def _is_announced_by(self, sighting: Sighting) -> bool:
        """Return whether the sighting is of the kind that this matcher looks for."""

    @staticmethod
    def _port(text: str, default: int) -> int:
        number = int(text) if re.fullmatch(r"\d{1,5}", text) else 0
        return number if 0 < number <= MAX_PORT else default


@dataclass(frozen=True)
class Mdns(Matcher):
    """Found by multicast DNS; `type` is the service type, such as `_relay._tcp.local.`."""

    type: str

    @override
    def _is_announced_by(self, sighting: Sighting) -> bool:
        return sighting.source == "mdns" and sighting.kind.lower() == self.type.lower()


@dataclass(frozen=True)
class Ssdp(Matcher):
    """Found by SSDP; `target` is the search target (ST, NT), with * and ? as wildcards.

    `search`: the device answers only a search for exactly this target, so one is sent.
    `search_port`: the port of a relative of SSDP, where devices are searched for and announce
    themselves.
    """

    target: str
    _: KW_ONLY
    search: bool = False
    search_port: int = SSDP_PORT

    @override
    def _is_announced_by(self, sighting: Sighting) -> bool:
        return sighting.source == "ssdp" and fnmatchcase(sighting.kind, self.target)


@dataclass(frozen=True)
class Dhcp(Matcher):
    """Seen when it asks for its IP address; `mac` and `hostname` are patterns, in any case.

    `mac` is without separators: `a8bb50*`. The values are `{dhcp[mac]}`, as `mac_address` writes
    it, and `{dhcp[hostname]}`.
    """

    _: KW_ONLY
    mac: str = "*"
    hostname: str = "*"

    @override
    def _is_announced_by(self, sighting: Sighting) -> bool:
        values = sighting.values.get("dhcp", {})
        return sighting.source == "dhcp" and all(
            fnmatchcase(values.get(name, "").lower(), pattern.lower())
            for name, pattern in (("mac", self.mac), ("hostname", self.hostname))
        )


@dataclass(frozen=True)
class UdpProbe(Matcher):
    """Found by its answer when everybody is sent `request` at the UDP port `probe_port`.

    `read` turns an answer into values; it raises, or returns nothing, for the answer of something
    else. Unless given, the answer is JSON: `{reply[result.mac]}` is `mac` within `result`. If the
    device takes its driver's messages at another port, `port` says so.
    """

    probe_port: int
    request: bytes
    _: KW_ONLY
    read: Callable[[bytes], Any] = orjson.loads

    @property
    def kind(self) -> str:
        """The `kind` of its sightings."""
        return f"{self.probe_port} {self.request.hex()}"

    @override
    def _is_announced_by(self, sighting: Sighting) -> bool:
        return sighting.source == "probe" and sighting.kind == self.kind
