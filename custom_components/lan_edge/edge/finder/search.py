"""One search by all ways: SSDP, UDP probes, and mDNS if `zeroconf` is installed."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator
from importlib.util import find_spec
import logging
from typing import Any, Protocol

from ..discovery.matchers import Mdns, Ssdp, UdpProbe
from ..discovery.sighting import Sighting
from ..discovery.ssdp_search import ssdp_search
from ..discovery.udp_probe import udp_probe
from ..driver.registry import Registry
from ..network.ssdp import SSDP_PORT
from .surroundings import Surroundings

_LOGGER = logging.getLogger(__name__)

SEARCH_TIMEOUT = 3.0
"""Seconds that devices have to answer."""
EVERYTHING = "ssdp:all"
NO_MDNS = "mDNS is left out: it needs `pip install lan-edge[mdns]`"

type OnSighting = Callable[[Sighting], None]


def has_mdns() -> bool:
    """Return whether devices can be searched for by mDNS."""
    return find_spec("zeroconf") is not None


async def search(
    registry: Registry,
    around: Surroundings,
    on_sighting: OnSighting,
    *,
    timeout: float = SEARCH_TIMEOUT,
    is_for_all: bool = False,
) -> None:
    """Search for the devices of all drivers of a registry, in the networks around.

    With `is_for_all`, also for what no driver is for. It sends nothing after `timeout` seconds, and
    ends soon after.
    """
    around.describe_to(registry.hosts)
    if around.searched:
        ways = _ways(registry, around, on_sighting, timeout, is_for_all=is_for_all)
        await asyncio.gather(*ways)


async def ask_host_by_mdns(
    types: Collection[str], hosts: Iterable[str], host: str
) -> list[Sighting]:
    """Ask a host itself what it announces by mDNS, from our own addresses `hosts`."""
    from .mdns import ask_host  # noqa: PLC0415  # zeroconf may not be installed

    try:
        return await ask_host(types, hosts, host, SEARCH_TIMEOUT)
    except OSError as err:
        _LOGGER.debug("%s cannot be asked by mDNS: %s", host, err)
        return []


class Closing(Protocol):
    """What has to be closed."""

    async def close(self) -> None:
        """Close it."""


def listen_to_mdns(
    registry: Registry, around: Surroundings, on_sighting: OnSighting
) -> Closing | None:
    """Hear what the drivers' devices announce by mDNS by themselves; None if that is impossible.

    It sends nothing, but for the address of a service that has not said where it is.
    """
    types = {matcher.type for matcher in registry.matchers(Mdns)}
    if not (types and around.searched and has_mdns()):
        return None
    from .mdns import AnnouncementListener  # noqa: PLC0415  # zeroconf may not be installed

    try:
        return AnnouncementListener(types, around.hosts, on_sighting)
    except OSError as err:
        _LOGGER.warning("Announcements by mDNS cannot be received: %s", err)
        return None


def _ways(
    registry: Registry,
    around: Surroundings,
    on_sighting: OnSighting,
    timeout: float,
    *,
    is_for_all: bool,
) -> Iterator[Coroutine[Any, Any, Any]]:
    for port, targets in _ssdp_targets(registry, is_for_all=is_for_all).items():
        yield ssdp_search(
            targets, around.hosts, on_sighting=on_sighting, timeout=timeout, port=port
        )
    if probes := registry.matchers(UdpProbe):
        yield udp_probe(probes, around.broadcasts, on_sighting=on_sighting, timeout=timeout)
    types = {matcher.type for matcher in registry.matchers(Mdns)}
    if (types or is_for_all) and has_mdns():
        from .mdns import search_mdns  # noqa: PLC0415  # zeroconf may not be installed

        yield search_mdns(types, around.hosts, on_sighting, timeout=timeout, is_for_all=is_for_all)


def _ssdp_targets(registry: Registry, *, is_for_all: bool) -> dict[int, set[str]]:
    """Return what to search for by SSDP, by port; a target with wildcards means everything."""
    targets: dict[int, set[str]] = {SSDP_PORT: {EVERYTHING}} if is_for_all else {}
    for matcher in registry.matchers(Ssdp):
        target = EVERYTHING if "*" in matcher.target or "?" in matcher.target else matcher.target
        targets.setdefault(matcher.search_port, set()).add(target)
    return targets
