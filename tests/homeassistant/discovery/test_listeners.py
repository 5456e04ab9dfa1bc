"""Discovery on a real network of one machine, and what needs no network."""

import asyncio
from pathlib import Path
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest
from zeroconf import DNSCache, DNSService, RecordUpdate, ServiceInfo, const  # type: ignore[attr-defined]  # as in the integration's listeners.py

from custom_components.lan_edge.coordinator import LanEdgeConfigEntry
from custom_components.lan_edge.discovery import announced, listeners
from custom_components.lan_edge.discovery.mdns_services import is_text_newer, latest_text
from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import Address, Sighting

from ..entries import new_entry

ROOT = Path(__file__).parents[3]
INSIDE = Path(__file__).with_name("on_loopback.py")


async def test_on_loopback() -> None:
    """Run the tests of on_loopback.py in a network of their own, all at once."""
    options = ["-q", "-rs", "-p", "no:cacheprovider", "-o", "python_files=on_loopback.py"]
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "tests.real.isolated", "--or-here"],
        *[sys.executable, "-m", "pytest", *options, str(INSIDE)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output
    if "skipped" in output:
        pytest.skip(output.strip().splitlines()[-1])


async def test_an_invalid_service_name_is_skipped(hass: HomeAssistant) -> None:
    type_ = "_relay._tcp.local."
    info = ServiceInfo(type_, f"Relay.{type_}", 80, server="a.local.", addresses=[b"\n\0\0\5"])
    strange = (
        DNSService(f"{name}.{type_}", const._TYPE_SRV, const._CLASS_IN, 120, 0, 0, 80, "a.local.")
        for name in ("a\x01b", "x" * 80)
    )
    records = [*strange, info.dns_service(), info.dns_text(), *info.dns_addresses()]
    cache: Any = DNSCache()
    cache.async_add_records(records)
    shared: Any = SimpleNamespace(cache=cache)
    await async_load_domain_data(hass)
    listener = listeners.MdnsListener(hass)
    with patch.object(listeners, "route") as route:
        listener.async_update_records(shared, 0.0, [RecordUpdate(r, None) for r in records])
        listener.async_update_records_complete()
    assert [call.args[1].name for call in route.call_args_list] == ["Relay"]


async def test_the_service_of_a_device_is_forgotten_with_its_entry(hass: HomeAssistant) -> None:
    type_, props = "_relay._tcp.local.", {"id": "relay-1"}
    place: Any = {"server": "a.local.", "addresses": [b"\x0a\0\0\5"]}
    info = ServiceInfo(type_, f"Relay.{type_}", 80, properties=props, **place)
    await async_load_domain_data(hass)
    entry = new_entry(hass, "rest_switch", "relay-1")
    listener = listeners.MdnsListener(hass)

    def heard(*records: Any) -> int:
        """Have the listener hear records; return how many sightings come of them."""
        cache: Any = DNSCache()
        cache.async_add_records(records)
        shared: Any = SimpleNamespace(cache=cache)
        with patch.object(listeners, "route") as route:
            listener.async_update_records(shared, 0.0, [RecordUpdate(r, None) for r in records])
            listener.async_update_records_complete()
        return route.call_count

    assert heard(info.dns_service(), info.dns_text(), *info.dns_addresses()) == 1
    assert heard(info.dns_text()) == 1  # at its last address
    await hass.config_entries.async_remove(entry.entry_id)
    assert heard(info.dns_text()) == 0


TYPE = "_relay._tcp.local."


class Packets:
    """What a listener makes of packets, as zeroconf passes them on; the cache is a real one."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.cache = DNSCache()
        self._shared: Any = SimpleNamespace(cache=self.cache)
        self._listener = listeners.MdnsListener(hass)
        self.seen: list[Sighting] = []

    def receive(self, *records: Any) -> None:
        updates = [RecordUpdate(record, None) for record in records]
        self._listener.async_update_records(self._shared, 0.0, updates)
        self.cache.async_add_records(records)
        with patch.object(listeners, "route", lambda _, sighting: self.seen.append(sighting)):
            self._listener.async_update_records_complete()

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(s.address.host, s.values["txt"].get("state", "")) for s in self.seen]


def service(state: str, name: str = "Relay") -> ServiceInfo:
    where: dict[str, Any] = {"server": "a.local.", "addresses": [b"\n\0\0\5"]}
    values = {"id": name, "state": state}
    return ServiceInfo(TYPE, f"{name}.{TYPE}", 80, properties=values, **where)


@pytest.fixture
async def packets(hass: HomeAssistant) -> Packets:
    await async_load_domain_data(hass)
    new_entry(hass, "rest_switch", "relay")
    made = Packets(hass)
    info = service("off")
    made.receive(info.dns_service(), info.dns_text(), *info.dns_addresses())
    assert made.states == [("10.0.0.5", "off")]
    made.seen.clear()
    return made


async def test_a_txt_record_alone_is_passed_on(packets: Packets) -> None:
    packets.receive(service("on").dns_text())
    packets.receive(service("on").dns_text())
    assert packets.states == [("10.0.0.5", "on")] * 2


async def test_a_txt_record_alone_is_passed_on_of_a_device_that_has_only_been_asked(
    hass: HomeAssistant,
) -> None:
    """It was added when its address had expired, as happens two minutes after its announcement."""
    await async_load_domain_data(hass)
    entry, packets = new_entry(hass, "rest_switch", "relay"), Packets(hass)
    packets.receive(service("on").dns_text())
    assert packets.states == []
    answer = Sighting("mdns", TYPE, Address("10.0.0.5", 80), "Relay", {"txt": {"id": "relay"}})
    announced._tell(hass, cast("LanEdgeConfigEntry", entry), iter([answer]))
    packets.receive(service("on").dns_text())
    assert packets.states == [("10.0.0.5", "on")]


async def test_it_is_the_one_in_the_packet_whatever_the_cache_gives(packets: Packets) -> None:
    for state in ("on", "off", "on", "off"):
        packets.receive(service(state).dns_text())
    assert [state for _, state in packets.states] == ["on", "off", "on", "off"]


async def test_of_several_in_the_cache_the_last_one_counts(packets: Packets) -> None:
    for seconds, state in enumerate(("on", "off")):
        record = service(state).dns_text()
        record.created += 100.0 * (seconds + 1)
        packets.receive(record)
    shared = cast("Any", SimpleNamespace(cache=packets.cache))
    assert latest_text(shared, f"Relay.{TYPE}") == service("off").text
    assert is_text_newer(shared, f"relay.{TYPE}", record.created - 1)
    assert not is_text_newer(shared, f"Relay.{TYPE}", record.created)
    assert not is_text_newer(shared, f"Other.{TYPE}", 0)


async def test_the_last_address_counts_once_it_has_expired(packets: Packets) -> None:
    packets.cache.async_remove_records([service("").dns_service(), *service("").dns_addresses()])
    packets.receive(service("on").dns_text())
    packets.receive(service("on", "Unknown").dns_text())
    assert packets.states == [("10.0.0.5", "on")]
