"""The kinds of matchers, one for each way in which devices are discovered."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from fnmatch import fnmatchcase
import re
from typing import Any, override

from ..capabilities.schema import short
from ..errors import DriverError
from ..network.address import MAX_PORT
from ..network.hosts import is_group
from ..network.parsing import parse_json
from ..network.ssdp import SSDP_PORT
from ..network.text import is_sendable
from .matcher import Matcher, function_name
from .sighting import Sighting

_SERVICE_TYPE = re.compile(r"_[^.\s]+\._(tcp|udp)\.local\.", re.IGNORECASE)


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
    def is_announced_by(self, sighting: Sighting) -> bool:
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
    def is_announced_by(self, sighting: Sighting) -> bool:
        return sighting.source == "ssdp" and fnmatchcase(sighting.kind, self.target)


@dataclass(frozen=True)
class Dhcp(Matcher):
    """Seen when it requests its IP address; `mac` and `hostname` are patterns, ignoring case.

    Both must fit. Only Home Assistant watches DHCP: without it, such a device is not found.
    `mac` is without separators: `a8bb50*`. The values are `{dhcp[mac]}`, as `mac_address` returns
    it, and `{dhcp[hostname]}`.
    """

    _: KW_ONLY
    mac: str = "*"
    hostname: str = "*"

    @override
    def is_announced_by(self, sighting: Sighting) -> bool:
        values = sighting.values.get("dhcp", {})
        return sighting.source == "dhcp" and all(
            fnmatchcase(values.get(name, "").lower(), pattern.lower())
            for name, pattern in (("mac", self.mac), ("hostname", self.hostname))
        )


def _read_json(answer: bytes) -> Any:
    return parse_json(answer, "an answer")


def _check_port(kind: str, name: str, port: object) -> None:
    """Raise DriverError for what is no port."""
    if type(port) is not int or not 0 < port <= MAX_PORT:
        raise DriverError(
            f"{kind}: {name} is {short(port)}, not a number from 1 to {MAX_PORT}",
            "write it as a number, such as 6667",
        )


def _check_group(kind: str, group: object) -> None:
    """Raise DriverError for what is neither a group nor empty."""
    if group != "" and not (isinstance(group, str) and is_group(group)):
        raise DriverError(
            f"{kind}: {short(group)} is not an IPv4 multicast group",
            'name one from 224.0.0.0 to 239.255.255.255, such as "239.255.255.250"',
        )


@dataclass(frozen=True)
class UdpProbe(Matcher):
    """Found by its answer to `request`, broadcast to the UDP port `probe_port`.

    With `group`, the request is sent to this multicast group instead, on each network, past one
    router at most. With `answer_port`, devices answer to this port of the hub, or of the group, not
    to the one that asked; where a program has it for itself alone, they are not found.

    `read` parses an answer into values; for the answer of another kind of device it raises or
    returns nothing. By default it is JSON: `{reply[result.mac]}` is `mac` within `result`. The
    device is at the port of the driver's options, or at `probe_port` if they have none; `port` is
    for one that names another.
    """

    probe_port: int
    request: bytes
    _: KW_ONLY
    read: Callable[[bytes], Any] = _read_json
    group: str = ""
    answer_port: int = 0

    @override
    def __post_init__(self) -> None:
        """Raise DriverError also for what is no port or group."""
        Matcher.__post_init__(self)
        _check_port("UdpProbe", "probe_port", self.probe_port)
        _check_group("UdpProbe", self.group)
        if self.answer_port != 0:
            _check_port("UdpProbe", "answer_port", self.answer_port)

    @property
    def kind(self) -> str:
        """The `kind` that its sightings have."""
        return f"{self.probe_port} {self.request.hex()}"

    @override
    def is_announced_by(self, sighting: Sighting) -> bool:
        return sighting.source == "probe" and sighting.kind == self.kind


@dataclass(frozen=True)
class UdpBeacon(Matcher):
    """Heard without being asked: what it sends by itself to the UDP port `beacon_port`.

    It is sent to everybody on the network (broadcast), to the hub alone, or with `group` to this
    multicast group. The port is shared by all drivers, and with other programs that share it.

    `read` parses a datagram into values, and decrypts it if necessary; for that of another kind of
    device it raises or returns nothing. It runs for whatever anybody sends, so it must be quick. By
    default it is JSON: `{beacon[ip]}` is the field `ip`. The address is the sender's; `port` is
    for a device that names the port that takes its driver's messages.
    """

    beacon_port: int
    _: KW_ONLY
    group: str = ""
    read: Callable[[bytes], Any] = _read_json

    @override
    def __post_init__(self) -> None:
        """Raise DriverError also for what is no port or group."""
        Matcher.__post_init__(self)
        _check_port("UdpBeacon", "beacon_port", self.beacon_port)
        _check_group("UdpBeacon", self.group)
        if not callable(self.read):
            raise DriverError(
                f"UdpBeacon: read is {short(self.read)}, not a function of bytes",
                "name the function without calling it",
            )

    @property
    def kind(self) -> str:
        """The `kind` that its sightings have: what is read in another way is of another kind."""
        return f"{self.beacon_port} {function_name(self.read)}"

    @override
    def is_announced_by(self, sighting: Sighting) -> bool:
        return sighting.source == "beacon" and sighting.kind == self.kind
