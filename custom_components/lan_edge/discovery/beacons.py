"""Beacons: what devices send to everybody without being asked."""

from collections.abc import Collection
from functools import partial

from homeassistant.core import HomeAssistant, callback

from lan_edge import UdpBeacon

from ..runtime import async_source_addresses, domain_data
from ..service_entry import device_entries
from ..storage import address_of
from .routing import route_or_offer


async def async_listen_for_beacons(hass: HomeAssistant) -> None:
    """Listen for the beacons that the drivers know, on all networks.

    Has to be called again when there are other drivers or networks: what is no longer needed is
    closed, and what failed is tried again.
    """
    data = domain_data(hass)
    data.beacons.on_sighting = partial(route_or_offer, hass)
    data.beacons.devices = partial(_hosts, hass)
    await data.beacons.listen(data.registry.matchers(UdpBeacon), await async_source_addresses(hass))


@callback
def _hosts(hass: HomeAssistant) -> Collection[str]:
    """Return the hosts at which devices were proven."""
    return {address_of(entry).host for entry in device_entries(hass)}
