"""Devices without an entry: the latest sighting of each, and the flows that offer them."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from math import inf
from sys import getsizeof
from typing import Any

from homeassistant.config_entries import (
    DISCOVERY_SOURCES,
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigEntry,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_NAME, CONF_PORT, CONF_UNIQUE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.discovery_flow import DiscoveryKey

from lan_edge import Address, Candidate, Match, Registry

from ..const import CONF_DRIVER, DOMAIN
from ..runtime import DomainData, domain_data
from ..service_entry import is_offered
from .controllers import controller_of
from .entries import find_entry, is_same
from .one_host import has_entry_of_another_driver

CONFIRM_STEPS = {"confirm", "confirm_cloud", "confirm_core", "confirm_key"}
"""The steps in which a flow asks the user whether to add a device."""
MAX_LATEST = 256
"""Devices whose latest sighting is kept, and of which is known when they were offered."""
MAX_LATEST_SIZE = 256 * 1024
"""The most bytes of memory that these sightings may take."""
SIZE_OF_MATCH = 600
"""Bytes that each takes beside its texts."""
OFFER_INTERVAL = 10.0
"""Seconds until a device is offered again, if it could not be; a sighting costs far less."""


def offer_key(candidate: Candidate) -> str:
    """Return the unique id of a candidate, else what stands for it until its id is known."""
    return candidate.match.unique_id or _stand_in(candidate)


def _stand_in(candidate: Candidate) -> str:
    match = candidate.match  # its addresses may come in any order
    return f"{candidate.driver.id} {min(map(str, (match.address, *match.others)))}"


@callback
def remember(hass: HomeAssistant, candidate: Candidate, key: str = "") -> None:
    """Keep the latest sighting of a device without an entry, by its unique id or another key."""
    if unique_id := key or candidate.match.unique_id:
        data = domain_data(hass)
        previous = (_drop(data, unique_id) or candidate).match
        kept = replace(candidate, match=_completed(candidate.match, previous))
        data.latest[unique_id] = kept
        data.latest_size += _size(kept)
        while len(data.latest) > MAX_LATEST or data.latest_size > MAX_LATEST_SIZE:
            _drop(data, next(iter(data.latest)))


def _completed(match: Match, previous: Match) -> Match:
    """Return a match with what an earlier one told: an announcement alone has no description."""
    return replace(
        match,
        name=match.name or previous.name,
        manufacturer=match.manufacturer or previous.manufacturer,
        model=match.model or previous.model,
        room=match.room or previous.room,
    )


@callback
def forget(hass: HomeAssistant, candidate: Candidate) -> None:
    """Drop the latest sighting of a device that gets an entry.

    A card that stands for its address, since its id was not known, goes as well.
    """
    data = domain_data(hass)
    stand_ins = {_stand_in(candidate), *_stand_ins(data, candidate)}
    for key in (candidate.match.unique_id, *stand_ins):
        _drop(data, key)
        data.offered_at.pop(key, None)
    for key in stand_ins:
        _end_offer(hass, key)


def _stand_ins(data: DomainData, candidate: Candidate) -> list[str]:
    """Return the keys that stand for the id of a device at one of the same addresses."""
    return [
        key
        for key, other in data.latest.items()
        if not other.match.unique_id and other.driver.id == candidate.driver.id
        if _share_address(other, candidate)
    ]


def _share_address(one: Candidate, other: Candidate) -> bool:
    addresses = product(*((c.match.address, *c.match.others) for c in (one, other)))
    return any(is_same(one.driver, *pair) for pair in addresses)


@callback
def _end_offer(hass: HomeAssistant, key: str) -> None:
    flows = hass.config_entries.flow
    for flow in flows.async_progress_by_handler(DOMAIN, match_context={"unique_id": key}):
        flows.async_abort(flow["flow_id"])


def _drop(data: DomainData, unique_id: str) -> Candidate | None:
    dropped = data.latest.pop(unique_id, None)
    if dropped is not None:
        data.latest_size -= _size(dropped)
    return dropped


def _size(candidate: Candidate) -> int:
    match = candidate.match
    texts = (match.unique_id, match.name, match.manufacturer, match.model, match.room)
    places = (text for a in (match.address, *match.others) for text in (a.host, a.path))
    return SIZE_OF_MATCH + sum(map(getsizeof, (*texts, *match.fields.values(), *places)))


@callback
def latest_of(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    """Return the last sighting of a candidate's device, which may have moved since."""
    return domain_data(hass).latest.get(candidate.match.unique_id, candidate)


@callback
def latest_with_id(hass: HomeAssistant, unique_id: str) -> Candidate | None:
    """Return the last sighting of the device with a unique id, if it is known."""
    return domain_data(hass).latest.get(unique_id)


@callback
def latest_at_address(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    """Return what was sighted at a candidate's address, else the candidate itself."""
    driver, address = candidate.driver, candidate.match.address
    for other in domain_data(hass).latest.values():
        if other.driver.id == driver.id and is_same(driver, other.match.address, address):
            return other
    return candidate


@callback
def start_discovery_flow(hass: HomeAssistant, candidate: Candidate) -> None:
    """Offer a device to the user, if LAN Edge's entry says so and it is not offered yet."""
    match = candidate.match
    if not is_offered(hass, candidate.driver.id) or not _may_offer(hass, offer_key(candidate)):
        return
    data = {
        CONF_DRIVER: candidate.driver.id,
        CONF_UNIQUE_ID: match.unique_id,
        CONF_HOST: match.address.host,
        CONF_PORT: match.address.port,
        CONF_NAME: match.name,
        "path": match.address.path,
        "others": [(other.host, other.port) for other in match.others],
        "manufacturer": match.manufacturer,
        "model": match.model,
        "room": match.room,
        "fields": dict(match.fields),
    }
    discovery_flow.async_create_flow(
        hass,
        DOMAIN,
        {"source": SOURCE_INTEGRATION_DISCOVERY},
        data,
        discovery_key=DiscoveryKey(domain=DOMAIN, key=offer_key(candidate), version=1),
    )


@callback
def offers(hass: HomeAssistant) -> dict[str, ConfigFlowResult]:
    """Return the flows that ask the user whether to add a device, by the device's unique id."""
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return {
        unique_id: flow
        for flow in flows
        if flow["context"]["source"] in DISCOVERY_SOURCES
        and flow.get("step_id") in CONFIRM_STEPS
        and (unique_id := flow["context"].get("unique_id"))
    }


@callback
def end_offers(hass: HomeAssistant, own: ConfigEntry[Any] | None = None) -> None:
    """Withdraw the offers of devices that have an entry now, of any integration.

    Not the flow that has just created LAN Edge's `own` entry, which is about to end.
    """
    for unique_id, flow in offers(hass).items():
        candidate = latest_with_id(hass, unique_id)
        if candidate is None or (own and unique_id == own.unique_id):
            continue
        is_known = find_entry(hass, candidate) or has_entry_of_another_driver(hass, candidate)
        if is_known or controller_of(hass, candidate):
            hass.config_entries.flow.async_abort(flow["flow_id"])
            forget(hass, candidate)


@callback
def follow_drivers(hass: HomeAssistant) -> None:
    """Have what is kept of devices refer to the drivers that there are now.

    Devices whose driver is gone are no longer offered.
    """
    data, offered = domain_data(hass), offers(hass)
    for key, candidate in tuple(data.latest.items()):
        driver = data.registry.drivers.get(candidate.driver.id)
        if driver is not None:
            data.latest[key] = replace(candidate, driver=driver)
            continue
        _drop(data, key)
        data.offered_at.pop(key, None)
        if key in offered:
            hass.config_entries.flow.async_abort(offered[key]["flow_id"])


@callback
def are_devices_being_asked(hass: HomeAssistant) -> bool:
    """Return whether a discovery flow is about to ask its device for its id."""
    flows = hass.config_entries.flow
    all_flows = flows.async_progress_by_handler(DOMAIN, include_uninitialized=True)
    return len(all_flows) > len(flows.async_progress_by_handler(DOMAIN))


@callback
def end_offer(hass: HomeAssistant, unique_id: str) -> None:
    """Withdraw the offer of a device whose id an entry has taken."""
    domain_data(hass).offered_at.pop(unique_id, None)
    _drop(domain_data(hass), unique_id)
    _end_offer(hass, unique_id)


def _may_offer(hass: HomeAssistant, key: str) -> bool:
    """Return whether a device is not offered, nor was within the interval; take note of it."""
    manager, offered_at = hass.config_entries.flow, domain_data(hass).offered_at
    if manager.async_progress_by_handler(DOMAIN, match_context={"unique_id": key}):
        return False
    now = hass.loop.time()
    if now - offered_at.get(key, -inf) < OFFER_INTERVAL:
        return False
    offered_at.pop(key, None)  # the latest one is at the end
    offered_at[key] = now
    while len(offered_at) > MAX_LATEST:
        del offered_at[next(iter(offered_at))]
    return True


def candidate_of(registry: Registry, data: Mapping[str, Any]) -> Candidate:
    """Return the candidate that a discovery flow was started for; raise DriverError."""
    match = Match(
        data[CONF_UNIQUE_ID],
        Address(data[CONF_HOST], data[CONF_PORT], data.get("path", "")),
        data[CONF_NAME],
        tuple(Address(host, port) for host, port in data.get("others", ())),
        manufacturer=data["manufacturer"],
        model=data["model"],
        fields=data["fields"],
        room=data.get("room", ""),
    )
    return Candidate(registry.driver(data[CONF_DRIVER]), match)
