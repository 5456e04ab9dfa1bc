"""Matchers: how a driver recognizes sightings of its devices."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from fnmatch import fnmatchcase
import re
from typing import Any, override

from ..capabilities.schema import short
from ..errors import DriverError, one_line
from ..network.address import MAX_PORT, Address, is_device_host
from ..network.ids import one_id
from ..network.parsing import parse_json
from ..network.ssdp import SSDP_PORT
from ..network.text import MAX_FIELD, is_sendable
from .sighting import Sighting

MAX_OTHERS = 8
"""How many other addresses of a sighting are looked at: anybody can announce hundreds."""


_SERVICE_TYPE = re.compile(r"_[^.\s]+\._(tcp|udp)\.local\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Match:
    """What a matcher made of a sighting of one of its driver's devices.

    The texts come from the network: one line of bounded length each, empty if it had none.
    """

    unique_id: str
    """The device's own id, always in one spelling; empty: the device has to be asked."""
    address: Address
    """Port 0 is the driver's usual port."""
    name: str
    """The name that people gave it."""
    others: tuple[Address, ...] = ()
    """Other addresses of the device."""
    manufacturer: str = ""
    """The manufacturer's name."""
    model: str = ""
    """The manufacturer's name of the model."""
    fields: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """More values from the sighting, for the driver's memory."""
    room: str = ""
    """The room in which it says to be."""

    def __post_init__(self) -> None:
        """Bring the id into one spelling: another protocol may spell it in another way."""
        object.__setattr__(self, "unique_id", one_id(self.unique_id))


@dataclass(frozen=True, kw_only=True)
class Matcher(ABC):
    """How devices of a driver are recognized.

    `unique_id`, `name`, `manufacturer`, `model`, `room` and `port` are templates over the sighting:
    `{txt[id]}`, `{headers[x-port]}`, `{upnp[serialNumber]}`, `{usn.uuid}`, `{usn.mac}`,
    `{usn.name}`, `{dhcp[mac]}`, `{reply[result.mac]}`, `{name}`. With an empty `unique_id` the
    driver's `identify()` asks the device. `where` maps a field such as `txt[model]` to a pattern
    (* and ?, ignoring case) that its value must match. `fields` are templates for fields of the
    driver's memory.
    """

    unique_id: str = ""
    name: str = "{name}"
    manufacturer: str = "{upnp[manufacturer]}"
    model: str = "{upnp[modelName]}{txt[model]}"
    room: str = ""
    port: str = ""
    where: Mapping[str, str] = field(default_factory=dict[str, str])
    fields: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        """Raise DriverError if a template names an unknown field."""
        values = Sighting("", "", Address("")).fields()
        names = (f"{{{name}}}" for name in self.where)
        own = (self.unique_id, self.name, self.manufacturer, self.model, self.room, self.port)
        for template in (*own, *names, *self.fields.values()):
            if not isinstance(template, str):
                raise DriverError(
                    f"{type(self).__name__}: the template {short(template)} is not text",
                    "put it in quotes",
                )
            try:
                template.format_map(values)
            except (LookupError, AttributeError, ValueError, TypeError) as err:
                raise DriverError(
                    f"{type(self).__name__}: the template {template!r} cannot be filled: {err!r}",
                    "use fields of the sighting, such as {txt[id]}, {usn.uuid} or {name}",
                ) from None

    def match(self, sighting: Sighting) -> Match | None:
        """Return the match, or None if the sighting is not of such a device."""
        if not self._is_announced_by(sighting) or not is_device_host(sighting.address.host):
            return None
        values = sighting.fields()
        for name, pattern in self.where.items():
            value = f"{{{name}}}".format_map(values)
            if not fnmatchcase(value.lower(), pattern.lower()):
                return None
        port = self._port(self.port.format_map(values), sighting.address.port)
        unique_id = one_line(self.unique_id.format_map(values))
        if len(unique_id) > MAX_FIELD:
            return None  # a part of it may be another device's, too
        fields = {k: one_line(t.format_map(values)) for k, t in self.fields.items()}
        return Match(
            unique_id,
            replace(sighting.address, port=port),
            _shown(self.name, values),
            tuple(
                Address(a.host, port)
                for a in sighting.others[:MAX_OTHERS]
                if is_device_host(a.host)
            ),
            _shown(self.manufacturer, values),
            _shown(self.model, values),
            {key: value for key, value in fields.items() if value},
            _shown(self.room, values),
        )

    @abstractmethod
    def _is_announced_by(self, sighting: Sighting) -> bool:
        """Return whether the sighting is of the kind that this matcher is for."""

    @staticmethod
    def _port(text: str, default: int) -> int:
        number = int(text) if re.fullmatch(r"\d{1,5}", text) else 0
        return number if 0 < number <= MAX_PORT else default


def _shown(template: str, values: Mapping[str, object]) -> str:
    """Return a text to be shown: one line of bounded length."""
    return one_line(template.format_map(values)[:MAX_FIELD])


@dataclass(frozen=True)
class Mdns(Matcher):
    """Announced by multicast DNS; `type` is the service type, such as `_relay._tcp.local.`."""

    type: str

    @override
    def __post_init__(self) -> None:
        """Raise DriverError also for what is not a service type."""
        Matcher.__post_init__(self)
        if not isinstance(self.type, str) or not _SERVICE_TYPE.fullmatch(self.type):
            raise DriverError(
                f"Mdns: {short(self.type)} is not a service type",
                "write it as in _relay._tcp.local., with the dot at the end",
            )

    @override
    def _is_announced_by(self, sighting: Sighting) -> bool:
        return sighting.source == "mdns" and sighting.kind.lower() == self.type.lower()


@dataclass(frozen=True)
class Ssdp(Matcher):
    """Announced by SSDP; `target` is the search target (ST, NT), with * and ? as wildcards.

    `search`: the device answers only a search for exactly this target, so one is sent.
    `search_port`: the port of a protocol derived from SSDP, for searches and announcements.
    """

    target: str
    _: KW_ONLY
    search: bool = False
    search_port: int = SSDP_PORT

    @override
    def __post_init__(self) -> None:
        """Raise DriverError also for a target that cannot be searched for."""
        Matcher.__post_init__(self)
        if not is_sendable(self.target):
            raise DriverError(f"Ssdp: the target {self.target!r} contains a line break")

    @override
    def _is_announced_by(self, sighting: Sighting) -> bool:
        return sighting.source == "ssdp" and fnmatchcase(sighting.kind, self.target)


@dataclass(frozen=True)
class Dhcp(Matcher):
    """Seen when it requests its IP address; `mac` and `hostname` are patterns, ignoring case.

    `mac` is without separators: `a8bb50*`. The values are `{dhcp[mac]}`, as `mac_address` returns
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


def _read_json(answer: bytes) -> Any:
    return parse_json(answer, "an answer")


@dataclass(frozen=True)
class UdpProbe(Matcher):
    """Found by its answer to `request`, broadcast to the UDP port `probe_port`.

    `read` parses an answer into values; for the answer of another kind of device it raises or
    returns nothing. By default it is JSON: `{reply[result.mac]}` is `mac` within `result`. `port`
    is for a device that takes its driver's messages at another port.
    """

    probe_port: int
    request: bytes
    _: KW_ONLY
    read: Callable[[bytes], Any] = _read_json

    @property
    def kind(self) -> str:
        """The `kind` that its sightings have."""
        return f"{self.probe_port} {self.request.hex()}"

    @override
    def _is_announced_by(self, sighting: Sighting) -> bool:
        return sighting.source == "probe" and sighting.kind == self.kind
