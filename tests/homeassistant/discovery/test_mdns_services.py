"""Names that anybody can announce by mDNS: none of them ends a search or a question."""

import asyncio
from collections.abc import AsyncGenerator
import logging
from typing import Any, override
from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
import pytest
from zeroconf import (  # type: ignore[attr-defined]  # as in discovery/asking.py
    DNSIncoming,
    DNSOutgoing,
    DNSPointer,
    DNSRecord,
    DNSService,
    IPVersion,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf
from zeroconf.const import (
    _CLASS_IN,
    _FLAGS_AA,
    _FLAGS_QR_RESPONSE,
    _TYPE_PTR,
    _TYPE_SRV,
)

from custom_components.lan_edge.discovery import asking, disputes, search
from custom_components.lan_edge.discovery.asking import async_ids_at
from custom_components.lan_edge.discovery.routing import route
from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import Address, Sighting
from tests.bundled import driver_for
from tests.emulators.rest_switch import RestSwitchEmulator

from ..entries import set_up
from ..mdns_responder import relay

TYPE = "_relay._tcp.local."
LONG = "a" * 63


def packet(*records: DNSRecord) -> bytes:
    """Return a response in which each long label has become bytes that are not UTF-8.

    Decoded, these are three times as long, and longer than a label may be.
    """
    response = DNSOutgoing(_FLAGS_QR_RESPONSE | _FLAGS_AA, multicast=False)
    for record in records:
        response.add_answer_at_time(record, 0)
    data: bytes = response.packets()[0]
    return data.replace(LONG.encode(), b"\xff" * len(LONG))


def pointer(name: str) -> DNSPointer:
    return DNSPointer(TYPE, _TYPE_PTR, _CLASS_IN, 120, name)


NAME = f"Relay.{TYPE}"
USABLE = {NAME, f"relay-1.{TYPE}"}
POINTERS = (TYPE, _TYPE_PTR, _CLASS_IN)
STRANGE = {
    "not UTF-8": packet(pointer(f"{LONG}.{TYPE}")),
    "no service": packet(pointer("evil.local.")),
    "the type itself": packet(pointer(TYPE)),
    "another type": packet(pointer("x._http._tcp.local.")),
    "an empty label": packet(pointer(f"a..b.{TYPE}")),
    "a host that is not UTF-8": packet(
        pointer(NAME), DNSService(NAME, _TYPE_SRV, _CLASS_IN, 120, 0, 0, 80, f"{LONG}.local.")
    ),
}


@pytest.fixture
async def shared() -> AsyncGenerator[AsyncZeroconf]:
    """Return what Home Assistant's integrations share, on loopback."""
    shared = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    await shared.zeroconf.async_wait_for_start()
    yield shared
    await shared.async_close()


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
async def test_a_search_goes_on(
    hass: HomeAssistant, strange: bytes, shared: AsyncZeroconf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await async_load_domain_data(hass)
    monkeypatch.setattr(search, "MDNS_TIMEOUT", 0.3)
    info = relay("relay-1", "127.0.0.2", 80).info()
    honest = (info.dns_pointer(), info.dns_service(), info.dns_text(), *info.dns_addresses())
    found: list[Sighting] = []
    instance = AsyncMock(return_value=shared)
    with patch("homeassistant.components.zeroconf.async_get_async_instance", instance):
        searching = asyncio.create_task(search._async_search_mdns(hass, found.append))
        await asyncio.sleep(0.1)
        for data in (strange, packet(*honest)):
            shared.zeroconf.record_manager.async_updates_from_response(DNSIncoming(data))
        await searching
    assert [each.address for each in found] == [Address("127.0.0.2", 80)]
    # the next search can list the names that are known already
    cache: Any = shared.zeroconf.cache
    assert {each.alias for each in cache.get_all_by_details(*POINTERS)} <= USABLE


async def test_a_search_asks_for_few_of_many_names(
    hass: HomeAssistant, shared: AsyncZeroconf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await async_load_domain_data(hass)
    monkeypatch.setattr(search, "MDNS_TIMEOUT", 0.3)
    asked = set[str]()

    async def request(info: AsyncServiceInfo, _shared: Zeroconf, _milliseconds: float) -> bool:
        asked.add(info.name)
        return False

    monkeypatch.setattr(AsyncServiceInfo, "async_request", request)
    info = relay("relay-1", "127.0.0.2", 80).info()
    honest = (info.dns_pointer(), info.dns_service(), info.dns_text(), *info.dns_addresses())
    forged = [[pointer(f"x{n}-{m}.{TYPE}") for m in range(40)] for n in range(25)]
    found: list[Sighting] = []
    instance = AsyncMock(return_value=shared)
    with patch("homeassistant.components.zeroconf.async_get_async_instance", instance):
        searching = asyncio.create_task(search._async_search_mdns(hass, found.append))
        await asyncio.sleep(0.1)
        for records in (*forged, honest):
            data = packet(*records)
            shared.zeroconf.record_manager.async_updates_from_response(DNSIncoming(data))
        await searching
    assert [each.address for each in found] == [Address("127.0.0.2", 80)]
    assert 0 < len(asked) <= 32


class Answering(asyncio.DatagramProtocol):
    """Answers every question with the same packet."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.transport: asyncio.DatagramTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self.transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self.transport is not None
        self.transport.sendto(self.answer, addr)


@pytest.fixture(params=[*STRANGE.values()], ids=[*STRANGE])
async def strange_host(
    request: pytest.FixtureRequest, mdns_port: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Answering]:
    """Return a host that gives a strange name when it is asked by mDNS."""
    monkeypatch.setattr(asking, "ASK_TIMEOUT", 2 * asking.ASK_AGAIN)  # asked again, with the name
    loop = asyncio.get_running_loop()
    transport, host = await loop.create_datagram_endpoint(
        lambda: Answering(request.param), local_addr=("127.0.0.1", mdns_port)
    )
    yield host
    transport.close()


@pytest.mark.usefixtures("strange_host")
async def test_a_host_that_gives_a_strange_name_has_no_id(hass: HomeAssistant) -> None:
    await async_load_domain_data(hass)
    assert await async_ids_at(hass, driver_for("rest_switch"), Address("127.0.0.1", 80)) == set()


@pytest.mark.usefixtures("strange_host")
async def test_a_dispute_with_it_ends(
    hass: HomeAssistant,
    switch: RestSwitchEmulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(disputes, "ASK_INTERVAL", 0.05)
    entry = await set_up(hass, "rest_switch", "made-up", switch, seen_as="")
    address, txt = Address(switch.host, switch.port), {"txt": {"id": "relay-1"}}
    for _ in range(2):
        route(hass, Sighting("mdns", TYPE, address, "relay-1", txt))
        await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data["seen_as"] == ""
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]
