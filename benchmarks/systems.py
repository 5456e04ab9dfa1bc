"""The systems that are compared: their names, integrations and simulated devices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, override

PORTS = {"json": 5577, "wide": 5577, "yeelight": 55443, "wiz": 38899, "shelly": 80}
WIZ_PUSH_PORT = 38900


@dataclass(frozen=True)
class Host:
    """A simulated device, with what its entry needs."""

    index: int
    family: str
    host: str

    @property
    def id(self) -> str:
        """The device's id, in the form of its family."""
        number = int.from_bytes(bytes(map(int, self.host.split("."))))
        return f"0x{number:016x}" if self.family == "yeelight" else f"a8bb{number:08x}"

    @property
    def name(self) -> str:
        """The device's name."""
        return f"Bench {self.index}"


@dataclass(frozen=True)
class System:
    """One way to control devices of a family; each system has devices of its own."""

    name: str
    family: str
    number: int
    """The second byte of its devices' addresses."""
    domain: str = ""
    """The integration; empty: no Home Assistant."""
    components: int = 1

    def host(self, index: int) -> Host:
        """Return the device with that index."""
        high, low = divmod(index, 250)
        return Host(index, self.family, f"127.{self.number}.{high}.{low + 1}")

    @property
    def push_port(self) -> int:
        """The port of WiZ's pushes: all systems share one address."""
        return WIZ_PUSH_PORT + (1 if self.domain == "lan_edge" else 0)

    def entry(self, host: Host) -> Mapping[str, Any]:
        """Return the data of a device's config entry."""
        if self.domain == "lan_edge":
            profile = {"record": {"profile": _switches(self.components)}}
            return _ours(host) | (profile if self.components > 1 else {})
        if self.domain == "yeelight":
            return {"host": host.host, "id": host.id, "model": "mono"}
        if self.domain == "shelly":
            relay = {"model": "SNSW-001X16EU", "gen": 2, "sleep_period": 0}
            return {"host": host.host, "port": PORTS["shelly"], **relay}
        return {"host": host.host}


def _switches(count: int) -> dict[str, Any]:
    """Return the profile of `count` switches, as in a record."""
    names = ["main", *(f"part_{n}" for n in range(1, count))]
    rest = {"name": "", "child": False, "category": ""}
    return {name: {"capabilities": ["switch"], **rest} for name in names}


def _ours(host: Host) -> dict[str, Any]:
    driver = {"json": "json_bulb", "wide": "bench_wide"}.get(host.family, host.family)
    model = "mono" if host.family == "yeelight" else ""
    return {
        "driver": driver,
        "host": host.host,
        "port": PORTS[host.family],
        "identity": {"unique_id": host.id, "name": host.name, "model": model},
        "seen_as": host.id,
    }


class Mixed(System):
    """A system with devices of several families."""

    FAMILIES = ("json", "json", "json", "yeelight", "wiz")

    @override
    def host(self, index: int) -> Host:
        return replace(super().host(index), family=self.FAMILIES[index % len(self.FAMILIES)])


_ours_of = partial(System, domain="lan_edge")

RAW = System("raw asyncio", "json", 11)
LINE = System("line", "json", 12, "bench_line")
OURS = _ours_of("ours", "json", 13)
CORE_YEELIGHT = System("core yeelight", "yeelight", 14, "yeelight")
OUR_YEELIGHT = _ours_of("ours yeelight", "yeelight", 15)
CORE_WIZ = System("core wiz", "wiz", 16, "wiz")
OUR_WIZ = _ours_of("ours wiz", "wiz", 17)
CORE_SHELLY = System("core shelly", "shelly", 19, "shelly")
"""A peer without a counterpart: we have no driver for it; it uses a WebSocket."""
LINE_AGAIN = System("line again", "json", 18, "bench_line")
"""The yardstick compared with itself: the error of a ratio by chance."""
WIDE = _ours_of("100 entities", "wide", 20, components=100)
NARROW = _ours_of("one entity", "wide", 21)
SOAK = Mixed("soak", "mixed", 22, "lan_edge")

ALL = (
    RAW,
    LINE,
    OURS,
    CORE_YEELIGHT,
    OUR_YEELIGHT,
    CORE_WIZ,
    OUR_WIZ,
    CORE_SHELLY,
    LINE_AGAIN,
    WIDE,
    NARROW,
    SOAK,
)
BY_NAME = {s.name: s for s in ALL}
PEERS = (LINE, OURS, CORE_YEELIGHT, OUR_YEELIGHT, CORE_WIZ, OUR_WIZ, CORE_SHELLY)
COMMANDED = (RAW, *PEERS, LINE_AGAIN)
