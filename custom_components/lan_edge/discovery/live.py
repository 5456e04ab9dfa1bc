"""Listens for what only driver files recognize, as long as they are there.

Home Assistant itself listens for the matchers in the manifest, which are those of the bundled
drivers. `LiveMatchers.follow` is the one place that is told when the registry's matchers change.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from async_upnp_client.advertisement import SsdpAdvertisementListener
from async_upnp_client.ssdp import SSDP_PORT
from homeassistant.components import ssdp
from homeassistant.const import MATCH_ALL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.loader import Integration, async_get_integration
from zeroconf import ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser

from lan_edge import Dhcp, Matcher, Sighting, Ssdp, dhcp_sighting

from ..const import DOMAIN
from ..runtime import async_source_addresses, domain_data
from ..service_entry import service_entry
from .beacons import async_listen_for_beacons
from .calls import async_welcome_callers
from .listeners import MdnsListener, async_start_ssdp, custom_listener, custom_ports, mdns_types
from .mdns_services import (
    async_resolve,
    drop_name,
    latest_text,
    service_info,
    service_sighting,
)
from .new_devices import follow_drivers, start_discovery_flow
from .routing import find_known, route, route_or_offer
from .sightings import ssdp_sighting

if TYPE_CHECKING:
    from homeassistant.components.dhcp.models import DHCPAddressData

WITH_LOCATION = {"location": MATCH_ALL}
"""The SSDP devices that Home Assistant is asked for: its scanner fails for one without location."""
RESOLVE_TIMEOUT = 3.0
"""Seconds in which a service has to say where it is."""
MAX_RESOLVING = 32
"""Services that are asked at the same time: anybody can announce thousands."""


class LiveMatchers:
    """What listens beside Home Assistant for the matchers that the drivers have now."""

    def __init__(self, hass: HomeAssistant, mdns: MdnsListener, shared: Zeroconf) -> None:
        """Listen for nothing yet; `mdns` hears every record that comes to the `shared` instance."""
        self._hass = hass
        self._mdns = mdns
        self._shared = shared
        self._registry = domain_data(hass).registry
        self._browsers: dict[str, AsyncServiceBrowser] = {}
        self._resolving = set[str]()
        self._custom: dict[tuple[str, int, str], SsdpAdvertisementListener] = {}
        """The listeners of protocols that are like SSDP, by address, port and target."""
        self._targets: list[str] = []
        """The SSDP targets of driver files."""
        self._end_ssdp: Callable[[], None] | None = None
        self._end_dhcp: Callable[[], None] | None = None
        self._following = asyncio.Lock()
        self._is_told = self._is_stale = False

    @callback
    def renew(self, after: Callable[[], None]) -> None:
        """Have all devices of driver files reported again, as they can be offered from now on.

        Home Assistant reports a service once, when nothing may have been offered yet.
        """
        self._is_stale = True
        self.changed(after)

    @callback
    def changed(self, after: Callable[[], None]) -> None:
        """Follow the matchers soon, once for all changes until then; then call `after`."""
        if not self._is_told:
            self._is_told = True
            self._hass.async_create_background_task(self._follow_soon(after), f"{DOMAIN} matchers")

    async def _follow_soon(self, after: Callable[[], None]) -> None:
        await asyncio.sleep(0)
        self._is_told = False
        await self._async_wait_for_entry()
        await self.follow()
        after()

    async def _async_wait_for_entry(self) -> None:
        """Wait while the entry that has devices offered is being set up."""
        if (entry := service_entry(self._hass)) is not None:
            async with entry.setup_lock:
                pass

    async def follow(self) -> None:
        """Listen for what the drivers recognize now, and for nothing else."""
        async with self._following:
            if self._is_stale:
                self._is_stale = False
                await self._end_browsers(tuple(self._browsers))
                self._end_callbacks()
            follow_drivers(self._hass)
            self._mdns.follow()
            manifest = await async_get_integration(self._hass, DOMAIN)
            await self._follow_mdns(manifest)
            await self._follow_ssdp()
            await self._follow_custom()
            self._follow_dhcp()
            await async_listen_for_beacons(self._hass)
            await async_welcome_callers(self._hass)

    async def stop(self) -> None:
        """Listen for nothing any more."""
        async with self._following:
            await self._end_browsers(tuple(self._browsers))
            await self._end_custom(tuple(self._custom))
            self._end_callbacks()

    def _end_callbacks(self) -> None:
        for end in filter(None, (self._end_ssdp, self._end_dhcp)):
            end()
        self._end_ssdp = self._end_dhcp = None

    def _of_files(self) -> Iterator[Matcher]:
        """Yield the matchers of the drivers in files; the manifest may have none of them."""
        drivers = (driver for file in self._registry.files.values() for driver in file.drivers)
        return (matcher for driver in drivers for matcher in driver.discovery)

    # mDNS

    async def _follow_mdns(self, manifest: Integration) -> None:
        matchers = manifest.zeroconf or ()
        lower = {str(m["type"] if isinstance(m, dict) else m).lower() for m in matchers}
        wanted = {t for t in mdns_types(self._registry) if t.lower() not in lower}
        await self._end_browsers(self._browsers.keys() - wanted)
        for type_ in wanted - self._browsers.keys():
            browser = AsyncServiceBrowser(self._shared, [type_], handlers=[self._appeared])
            self._browsers[type_] = browser

    async def _end_browsers(self, types: Iterable[str]) -> None:
        for type_ in tuple(types):
            await self._browsers.pop(type_).async_cancel()

    @callback
    def _appeared(
        self, service_type: str, name: str, state_change: ServiceStateChange, **_: Any
    ) -> None:
        if service_info(service_type, name) is None:
            drop_name(self._shared, service_type, name)
            return
        is_gone = state_change is ServiceStateChange.Removed
        if is_gone or name in self._resolving or len(self._resolving) >= MAX_RESOLVING:
            return
        self._resolving.add(name)
        resolving = self._resolve(service_type, name)
        self._hass.async_create_background_task(resolving, f"{DOMAIN} service")

    async def _resolve(self, type_: str, name: str) -> None:
        try:
            info = await async_resolve(self._shared, type_, name, RESOLVE_TIMEOUT)
        finally:
            self._resolving.discard(name)
        sighting = service_sighting(info, latest_text(self._shared, name)) if info else None
        # `MdnsListener` passes on what known devices announce: in order, and at once
        if sighting is not None and find_known(self._hass, sighting) is None:
            route_or_offer(self._hass, sighting)

    # SSDP

    async def _follow_ssdp(self) -> None:
        in_files = [m for m in self._of_files() if isinstance(m, Ssdp)]
        targets = {m.target for m in in_files if m.search_port == SSDP_PORT}
        new, self._targets = targets - {*self._targets}, sorted(targets)
        if self._end_ssdp is not None and (new or not self._targets):
            self._end_ssdp()  # what Home Assistant knows already is reported to a new callback only
            self._end_ssdp = None
        if self._targets and self._end_ssdp is None:
            self._end_ssdp = await ssdp.async_register_callback(
                self._hass, self._ssdp_changed, WITH_LOCATION
            )

    @callback
    def _ssdp_changed(self, info: SsdpServiceInfo, change: ssdp.SsdpChange) -> None:
        is_wanted = any(fnmatchcase(info.ssdp_st, target) for target in self._targets)
        if change is ssdp.SsdpChange.BYEBYE or not is_wanted:
            return
        if (sighting := ssdp_sighting(info, self._registry.hosts.own)) is not None:
            route_or_offer(self._hass, sighting)

    async def _follow_custom(self) -> None:
        addresses = await async_source_addresses(self._hass)
        wanted = {(a, port, t) for a in addresses for port, t in custom_ports(self._registry)}
        await self._end_custom(self._custom.keys() - wanted)
        for address, port, target in wanted - self._custom.keys():
            listener = custom_listener(self._hass, address, port, target)
            for started in await async_start_ssdp(listener):
                self._custom[address, port, target] = started

    async def _end_custom(self, keys: Iterable[tuple[str, int, str]]) -> None:
        for key in tuple(keys):
            await self._custom.pop(key).async_stop()

    # DHCP

    @callback
    def _follow_dhcp(self) -> None:
        """Hear of requests for addresses; Home Assistant's own use of `dhcp` is not documented."""
        is_needed = any(isinstance(matcher, Dhcp) for matcher in self._of_files())
        is_wanted = is_needed and "dhcp" in self._hass.config.components
        if is_wanted and self._end_dhcp is None:
            # what it requires may not be installed where it is not set up
            from homeassistant.components.dhcp import helpers  # noqa: PLC0415

            self._end_dhcp = helpers.async_register_dhcp_callback_internal(
                self._hass, self._requested
            )
            self._requested(helpers.async_get_address_data_internal(self._hass))
        elif not is_wanted and self._end_dhcp is not None:
            self._end_dhcp()
            self._end_dhcp = None

    @callback
    def _requested(self, requests: Mapping[str, DHCPAddressData]) -> None:
        for mac, data in tuple(requests.items()):
            self._offer_of_file(dhcp_sighting(data["ip"], mac, data["hostname"]))

    @callback
    def _offer_of_file(self, sighting: Sighting) -> None:
        """Offer what the driver of a file recognizes; Home Assistant has passed on the rest."""
        for candidate in route(self._hass, sighting):
            if self._registry.origin(candidate.driver.id).file is not None:
                start_discovery_flow(self._hass, candidate)
