"""Search by multicast DNS, with the package `zeroconf`, which has to be installed for it.

What is announced is not trusted: the number of services is bounded, and a name that nobody can have
is left out.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
import logging
from typing import Any

from zeroconf import BadTypeInNameException, Error, IPVersion, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from ..discovery.sighting import Sighting
from ..network.address import Address

_LOGGER = logging.getLogger(__name__)

ALL_TYPES = "_services._dns-sd._udp.local."
"""What lists the types of services that there are (RFC 6763, 9)."""
MAX_MDNS_SERVICES = 256
"""Services that are asked for their address."""
MAX_TYPES = 64
"""Types of services of which no driver is known that are searched for."""


async def search_mdns(
    types: Collection[str],
    hosts: Iterable[str],
    on_sighting: Callable[[Sighting], None],
    *,
    timeout: float,
    is_for_all: bool = False,
) -> None:
    """Search for the services of some types, from our own addresses `hosts`; report each.

    With `is_for_all`, services of every other type are searched for, too.
    """
    zeroconf = AsyncZeroconf(interfaces=list(hosts), ip_version=IPVersion.V4Only)
    try:
        wanted = set(types)
        if is_for_all:
            wanted |= await _types(zeroconf.zeroconf, timeout / 2)
        found = await _browse(zeroconf.zeroconf, sorted(wanted), timeout / 2)
        asked = (_resolve(zeroconf.zeroconf, *each, timeout / 2) for each in found)
        for info in await asyncio.gather(*asked):
            if info is not None and (sighting := _sighting(info)) is not None:
                on_sighting(sighting)
    finally:
        await zeroconf.async_close()


async def _types(zeroconf: Zeroconf, seconds: float) -> set[str]:
    """Return the types of services that hosts say to have."""
    found = await _browse(zeroconf, [ALL_TYPES], seconds)
    names = (name for _, name in found)
    return {name for name in names if name.endswith(("._tcp.local.", "._udp.local."))}


async def _browse(
    zeroconf: Zeroconf, types: list[str], seconds: float
) -> Collection[tuple[str, str]]:
    """Return the type and name of each service that is announced."""
    limit = MAX_TYPES if types == [ALL_TYPES] else MAX_MDNS_SERVICES
    names: dict[tuple[str, str], None] = {}

    def appeared(service_type: str, name: str, **_: Any) -> None:
        if len(names) < limit:
            names[service_type, name] = None

    browser = AsyncServiceBrowser(zeroconf, types, handlers=[appeared])
    try:
        await asyncio.sleep(seconds)
    finally:
        await browser.async_cancel()
    return names


async def _resolve(
    zeroconf: Zeroconf, type_: str, name: str, seconds: float
) -> AsyncServiceInfo | None:
    """Return a service with its address; None if that is not known within `seconds`."""
    try:
        info = AsyncServiceInfo(type_, name)
        known = info.load_from_cache(zeroconf) or await info.async_request(zeroconf, seconds * 1000)
    except (BadTypeInNameException, Error) as err:
        _LOGGER.debug("no service of %s: %s", type_, type(err).__name__)
        return None
    return info if known else None


def _sighting(info: AsyncServiceInfo) -> Sighting | None:
    """Return a service as a sighting; None if it has no address of version 4."""
    addresses = [Address(host, info.port or 0) for host in info.parsed_addresses(IPVersion.V4Only)]
    if not addresses:
        return None
    texts = {key: value or "" for key, value in info.decoded_properties.items()}
    name = info.name.removesuffix(f".{info.type}")
    return Sighting("mdns", info.type, addresses[0], name, {"txt": texts}, tuple(addresses[1:]))
