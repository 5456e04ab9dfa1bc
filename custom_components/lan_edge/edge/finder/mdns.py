"""Multicast DNS, with the package `zeroconf`, which has to be installed for it.

What is announced is not trusted: the number of services is bounded, and a name that nobody can have
is left out.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
import logging
from typing import Any, override

from zeroconf import (  # type: ignore[attr-defined]  # it does not list its records' classes
    BadTypeInNameException,
    DNSText,
    Error,
    IPVersion,
    RecordUpdate,
    RecordUpdateListener,
    Zeroconf,
)
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
MAX_RESOLVING = 32
"""Announcements for which the address of their service is asked at a time; more are left out."""
RESOLVE_TIMEOUT = 3.0
"""Seconds in which a service has to say where it is."""


class AnnouncementListener(RecordUpdateListener):
    """Hears what the services of some types announce by themselves, until it is closed.

    Devices that have their state there announce another TXT record when it changes. Each of those
    is reported: a browser would leave out one that returns to the record of a moment before.
    """

    def __init__(
        self,
        types: Iterable[str],
        hosts: Iterable[str],
        on_sighting: Callable[[Sighting], None],
    ) -> None:
        """Listen on our own addresses `hosts`; raises OSError if that is not possible."""
        super().__init__()
        self._endings = {f".{each}".lower(): each for each in types}
        self._on_sighting = on_sighting
        self._heard: list[tuple[str, DNSText]] = []
        self._asking = set[asyncio.Task[None]]()
        self._zeroconf = AsyncZeroconf(interfaces=list(hosts), ip_version=IPVersion.V4Only)
        self._zeroconf.zeroconf.async_add_listener(self, None)

    async def close(self) -> None:
        """Hear nothing more."""
        self._zeroconf.zeroconf.async_remove_listener(self)
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
        await self._zeroconf.async_close()

    @override
    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        """Note those that are TXT records of the types; the others are not in the cache yet."""
        for update in records:
            record = update.new
            if isinstance(record, DNSText) and not record.is_expired(now):
                name = record.name.lower()
                types = (type_ for ending, type_ in self._endings.items() if name.endswith(ending))
                self._heard += [(type_, record) for type_ in types]

    @override
    def async_update_records_complete(self) -> None:
        """Report what has been noted; a service that has not said where it is, is asked first."""
        heard, self._heard = self._heard, []
        for type_, record in heard:
            info = _service(type_, record.name)
            if info is None:
                continue
            if info.load_from_cache(self._zeroconf.zeroconf):
                self._report(info, record)
            elif len(self._asking) < MAX_RESOLVING:
                task = asyncio.create_task(self._ask(info, record))
                self._asking.add(task)
                task.add_done_callback(self._asking.discard)

    async def _ask(self, info: AsyncServiceInfo, record: DNSText) -> None:
        if await _ask(self._zeroconf.zeroconf, info, RESOLVE_TIMEOUT):
            self._report(info, record)

    def _report(self, info: AsyncServiceInfo, record: DNSText) -> None:
        hosts = info.addresses_by_version(IPVersion.V4Only)
        where: dict[str, Any] = {"addresses": hosts, "port": info.port, "server": info.server}
        announced = AsyncServiceInfo(info.type, info.name, properties=record.text, **where)
        if (sighting := _sighting(announced)) is not None:
            self._on_sighting(sighting)


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
        services = await _browse(zeroconf.zeroconf, sorted(wanted), timeout / 2)
        asked = (_resolve(zeroconf.zeroconf, *each, timeout / 2) for each in services)
        for info in await asyncio.gather(*asked):
            if info is not None and (sighting := _sighting(info)) is not None:
                on_sighting(sighting)
    finally:
        await zeroconf.async_close()


async def ask_host(
    types: Collection[str], hosts: Iterable[str], host: str, timeout: float
) -> list[Sighting]:
    """Ask a host itself for its services of some types, instead of the multicast group.

    RFC 6762, 5.5: it answers to the address that asks. It has half of `timeout` seconds to name
    them, and as long to say what is not in that answer.
    """
    zeroconf = AsyncZeroconf(interfaces=list(hosts), unicast=True, ip_version=IPVersion.V4Only)
    try:
        found = await _browse(zeroconf.zeroconf, sorted(types), timeout / 2, host)
        asked = (_resolve(zeroconf.zeroconf, *each, timeout / 2, host) for each in found)
        infos = await asyncio.gather(*asked)
    finally:
        await zeroconf.async_close()
    sightings = (_sighting(info) for info in infos if info is not None)
    return [s for s in sightings if s is not None and s.address.host == host]


async def _types(zeroconf: Zeroconf, seconds: float) -> set[str]:
    """Return the types of services that hosts say to have."""
    services = await _browse(zeroconf, [ALL_TYPES], seconds)
    names = (name for _, name in services)
    return {name for name in names if name.endswith(("._tcp.local.", "._udp.local."))}


async def _browse(
    zeroconf: Zeroconf, types: list[str], seconds: float, host: str | None = None
) -> Collection[tuple[str, str]]:
    """Return the type and name of each service that is announced, or that `host` has, if given.

    A host's first answer is enough.
    """
    limit = MAX_TYPES if types == [ALL_TYPES] else MAX_MDNS_SERVICES
    names: dict[tuple[str, str], None] = {}
    answered = asyncio.Event()

    def appeared(service_type: str, name: str, **_: Any) -> None:
        answered.set()
        if len(names) < limit:
            names[service_type, name] = None

    browser = AsyncServiceBrowser(zeroconf, types, handlers=[appeared], addr=host)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await (answered if host else asyncio.Event()).wait()
    finally:
        await browser.async_cancel()
    return names


async def _resolve(
    zeroconf: Zeroconf, type_: str, name: str, seconds: float, host: str | None = None
) -> AsyncServiceInfo | None:
    """Return a service with its address; None if that is not known within `seconds`.

    With `host`, that is asked instead of the multicast group.
    """
    info = _service(type_, name)
    if info is None:
        return None
    known = info.load_from_cache(zeroconf) or await _ask(zeroconf, info, seconds, host)
    return info if known else None


def _service(type_: str, name: str) -> AsyncServiceInfo | None:
    """Return a service of a type; None if none can have the name."""
    try:
        return AsyncServiceInfo(type_, name)
    except BadTypeInNameException:
        _LOGGER.debug("no service of %s has such a name", type_)
        return None


async def _ask(
    zeroconf: Zeroconf, info: AsyncServiceInfo, seconds: float, host: str | None = None
) -> bool:
    """Ask for a service; return whether it is known then."""
    try:
        return await info.async_request(zeroconf, seconds * 1000, addr=host)
    except Error as err:  # a name that cannot be asked for
        _LOGGER.debug("no service of %s: %s", info.type, type(err).__name__)
        return False


def _sighting(info: AsyncServiceInfo) -> Sighting | None:
    """Return a service as a sighting; None if it has no address of version 4."""
    addresses = [Address(host, info.port or 0) for host in info.parsed_addresses(IPVersion.V4Only)]
    if not addresses:
        return None
    texts = {key: value or "" for key, value in info.decoded_properties.items()}
    name = info.name.removesuffix(f".{info.type}")
    return Sighting("mdns", info.type, addresses[0], name, {"txt": texts}, tuple(addresses[1:]))
