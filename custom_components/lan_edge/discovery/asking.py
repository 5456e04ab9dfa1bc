"""Asks the devices at one address which ids they announce.

An announcement can come from anybody. An answer to a question that has just been sent to a host
comes from that host, unless somebody there forges its address.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from ipaddress import ip_address
import logging
from secrets import randbits
from typing import Any, override

from homeassistant.core import HomeAssistant
from zeroconf import (  # type: ignore[attr-defined]  # it does not list its records' classes
    DNSIncoming,
    DNSOutgoing,
    DNSPointer,
    DNSQuestion,
    DNSService,
    DNSText,
)
from zeroconf.const import _CLASS_IN, _FLAGS_QR_QUERY, _TYPE_PTR, _TYPE_SRV, _TYPE_TXT

from lan_edge import (
    Address,
    Candidate,
    Dhcp,
    IdentityError,
    Mdns,
    Sighting,
    Ssdp,
    UdpBeacon,
    UdpProbe,
    one_id,
    ssdp_search,
    udp_probe,
)

from ..runtime import async_source_addresses, domain_data
from .entries import AnyDriver, is_same
from .mdns_services import service_info, service_sighting

_LOGGER = logging.getLogger(__name__)

MDNS_PORT = 5353
ASK_TIMEOUT = 1.5
"""Seconds in which a device has to answer; a search by SSDP takes a little longer."""
ASK_AGAIN = 0.3
"""Seconds until a question is repeated: datagrams get lost."""
MAX_ANSWERED = 8
"""Services of one host that are asked for."""


async def async_ids_at(hass: HomeAssistant, driver: AnyDriver, address: Address) -> set[str]:
    """Return the ids that devices of a driver at an address give when they are asked now."""
    found = await async_ask_host(hass, driver, address.host)
    here = (c.match for c in found if is_same(driver, c.match.address, address))
    return {match.unique_id for match in here} - {""}


async def async_ask_host(hass: HomeAssistant, driver: AnyDriver, host: str) -> list[Candidate]:
    """Return the devices of a driver at a host that answer when they are asked now."""
    data = domain_data(hass)
    async with data.asking:
        found = await asyncio.gather(*map(_async_answers, _questions(hass, driver, host)))
    sightings = [sighting for each in found for sighting in each]
    candidates = (c for sighting in sightings for c in data.registry.match(sighting))
    return [c for c in candidates if c.driver.id == driver.id and c.match.address.host == host]


async def _async_answers(question: Awaitable[list[Sighting]]) -> list[Sighting]:
    """Return the answers to a question; one that fails has none, and ends no other."""
    try:
        return await question
    except Exception as err:  # noqa: BLE001  # whatever a host has made of it
        _LOGGER.debug("A question failed: %s", type(err).__name__)
        return []


async def async_recognize(
    hass: HomeAssistant, driver: AnyDriver, address: Address, claimed: str
) -> bool:
    """Return whether a device at an address confirms an id when it is asked by discovery.

    Raises IdentityError if one confirms another id instead.
    """
    ids = await async_ids_at(hass, driver, address)
    if ids and one_id(claimed) not in ids:
        raise IdentityError(claimed, ", ".join(sorted(ids)), address)
    return bool(ids)


def can_be_asked(driver: AnyDriver) -> bool:
    """Return whether a driver's devices may confirm their ids: they are not only overheard."""
    return any(not isinstance(matcher, Dhcp | UdpBeacon) for matcher in driver.discovery)


def _questions(
    hass: HomeAssistant, driver: AnyDriver, host: str
) -> Iterable[Awaitable[list[Sighting]]]:
    """Return what asks a host by each of the driver's ways of discovery."""
    matchers = tuple(driver.discovery)
    if types := {m.type for m in matchers if isinstance(m, Mdns)}:
        yield ask_mdns(host, types)
    for matcher in matchers:
        if isinstance(matcher, Ssdp):
            yield _ask_ssdp(hass, host, matcher)
    if probes := [m for m in matchers if isinstance(m, UdpProbe)]:
        yield udp_probe(probes, hosts=[host], timeout=ASK_TIMEOUT)


async def _ask_ssdp(hass: HomeAssistant, host: str, matcher: Ssdp) -> list[Sighting]:
    """Search by SSDP; only what is sent by its own address counts as an answer, and only there."""
    interfaces = await async_source_addresses(hass)
    port = matcher.search_port
    return await ssdp_search(
        {matcher.target}, interfaces, timeout=ASK_TIMEOUT, port=port, only=host
    )


async def ask_mdns(host: str, types: Collection[str]) -> list[Sighting]:
    """Ask a host itself for its services, instead of the multicast group."""
    asker = MdnsAsker(types)
    loop = asyncio.get_running_loop()
    try:
        transport, _ = await loop.create_datagram_endpoint(
            lambda: asker, remote_addr=(host, MDNS_PORT)
        )
    except OSError as err:
        _LOGGER.debug("Cannot ask %s by mDNS: %s", host, err)
        return []
    try:
        for _ in range(int(ASK_TIMEOUT / ASK_AGAIN)):
            asker.ask(transport.sendto)
            with suppress(TimeoutError):
                await asyncio.wait_for(asker.answered.wait(), ASK_AGAIN)
                break
    finally:
        transport.close()
    return asker.sightings(host)


class MdnsAsker(asyncio.DatagramProtocol):
    """Asks for services, and for what their names do not tell; RFC 6762, 5.5 and 6.7."""

    def __init__(self, types: Collection[str]) -> None:
        self._types = types
        self._services: dict[str, tuple[str, DNSService | None, DNSText | None]] = {}
        """The type and the records of each service, by its name."""
        self.answered = asyncio.Event()

    def ask(self, send: Callable[[bytes], None]) -> None:
        """Ask for everything that is not known yet."""
        query = DNSOutgoing(_FLAGS_QR_QUERY, multicast=False, id_=randbits(16))
        for type_ in self._types:
            query.add_question(DNSQuestion(type_, _TYPE_PTR, _CLASS_IN))
        for name in self._services:
            query.add_question(DNSQuestion(name, _TYPE_SRV, _CLASS_IN))
            query.add_question(DNSQuestion(name, _TYPE_TXT, _CLASS_IN))
        for packet in query.packets():
            send(packet)

    @override
    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        packet = DNSIncoming(data)
        records = packet.answers() if packet.valid and packet.is_response() else []
        for record in records:
            self._note_name(record)
        for record in records:
            self._note_details(record)
        if self._services and all(srv and txt for _, srv, txt in self._services.values()):
            self.answered.set()

    def _note_name(self, record: object) -> None:
        if not isinstance(record, DNSPointer) or len(self._services) >= MAX_ANSWERED:
            return
        for type_ in self._types:
            if record.key == type_.lower() and service_info(type_, record.alias):
                self._services.setdefault(record.alias, (type_, None, None))

    def _note_details(self, record: object) -> None:
        if isinstance(record, DNSService) and record.name in self._services:
            type_, _, txt = self._services[record.name]
            self._services[record.name] = (type_, record, txt)
        elif isinstance(record, DNSText) and record.name in self._services:
            type_, srv, _ = self._services[record.name]
            self._services[record.name] = (type_, srv, record)

    def sightings(self, host: str) -> list[Sighting]:
        """Return the services as sightings at the host that was asked."""
        return [s for name, found in self._services.items() if (s := _sighting(host, name, *found))]


def _sighting(
    host: str, name: str, type_: str, srv: DNSService | None, txt: DNSText | None
) -> Sighting | None:
    if srv is None or txt is None:
        return None
    where = {"server": srv.server, "port": srv.port, "addresses": [ip_address(host).packed]}
    info = service_info(type_, name, properties=txt.text, **where)
    return service_sighting(info, None) if info else None
