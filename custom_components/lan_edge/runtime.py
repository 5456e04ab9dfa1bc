"""The data that all devices share, in `hass.data`, and the creation of devices with it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from ipaddress import ip_network
from math import inf
import os
from typing import Any

from homeassistant.components import network
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey
from zeroconf import ServiceInfo

from lan_edge import (
    Address,
    Beacons,
    Candidate,
    Device,
    Driver,
    DriverFolder,
    EdgeError,
    FileStatus,
    Identity,
    Listener,
    ListenerSettings,
    Origin,
    Record,
    Registry,
    Runtime,
    Sighting,
    description_folder,
    load_descriptions,
    load_drivers,
)

from .const import CONF_DRIVER, CONF_SECRETS, DOMAIN, SIGNAL_LISTENER
from .reporting.failures import ActionFailures
from .reporting.issues import (
    async_create_driver_issue,
    async_update_driver_file_issues,
    async_update_port_issue,
)
from .service_entry import device_entries
from .storage import (
    address_of,
    async_load_stored,
    listener_store,
    parse_listener_settings,
    record_of,
)

# At start, Home Assistant imports one thing at a time: what is imported only when devices are set
# up waits for all other integrations.
load_drivers(_imported := Registry())
load_descriptions(_imported, needed=())
type Asked = tuple[asyncio.Task[Identity] | EdgeError, float]
"""The question who a device is, or why it failed, and until when this holds, in loop time."""
type Sighted = tuple[Address, ...]
"""The addresses in a sighting of a device."""

DRIVERS_FOLDER = "drivers"
"""The folder of the user's driver files, in that of LAN Edge in the configuration."""
DEVICES_FOLDER = "devices"
"""The folder of the user's described devices, beside it."""
DEVICES_BESIDE_HUB = "LAN_EDGE_DEVICES_BESIDE_HUB"
"""The environment variable with which tests and scripts/develop run devices on the same machine."""
MAX_ASKING = 8
"""Devices that are asked for their ids at the same time."""
MAX_PREFIX = 31
"""From this length on, a network of IPv4 has no broadcast address."""
REMOVAL_TIMEOUT = 5.0
"""Seconds that a removed device has to come online, so that its driver can notify it."""


@dataclass(slots=True)
class DomainData:
    """What all devices of a Home Assistant instance share; all that we keep in `hass.data`."""

    registry: Registry
    runtime: Runtime
    driver_folder: DriverFolder
    """The user's driver files."""
    description_folder: DriverFolder
    """The user's described devices."""
    beacons: Beacons = field(default_factory=Beacons)
    """Listens while discovery runs."""
    announced: ServiceInfo | None = None
    """What tells devices where to call, by mDNS."""
    announcing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while that is changed."""
    is_discovering: bool = False
    """Whether the listeners and searches have been started."""
    latest: dict[str, Candidate] = field(default_factory=dict[str, Candidate])
    """The last sighting of each device without an entry, by the device's unique id."""
    latest_size: int = 0
    """The bytes of memory that these take."""
    offered_at: dict[str, float] = field(default_factory=dict[str, float])
    """When a device without an entry was last offered to the user, by its unique id."""
    missed: dict[str, list[Sighted]] = field(default_factory=dict[str, "list[Sighted]"])
    """The last sightings of a device while its entry was not loaded, by entry id."""
    services: dict[str, tuple[str, Sighting]] = field(
        default_factory=dict[str, tuple[str, Sighting]]
    )
    """The last sighting by mDNS of devices with an entry, by the service's name in lower case.

    Each is after the id of the entry.
    """
    unproven: dict[str, tuple[Address, ...]] = field(default_factory=dict[str, tuple[Address, ...]])
    """Where a device had been sighted, if anywhere, when its entry was unloaded, offline."""
    asked_at: dict[str, float] = field(default_factory=dict[str, float])
    """When the device of an entry was last asked for its id by discovery, in loop time.

    Infinity: it is being asked, or about to be.
    """
    wanted: set[str] = field(default_factory=set[str])
    """The ids of the entries whose devices are to be searched for."""
    searched_at: float = -inf
    """When the last search for such devices began, in loop time."""
    asking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_ASKING))
    """Limits how many devices are asked at a time."""
    strangers: dict[tuple[str, Address], Asked] = field(
        default_factory=dict[tuple[str, Address], Asked]
    )
    """Who was asked at an address by a driver."""
    failures: ActionFailures = field(default_factory=ActionFailures)

    @property
    def folders(self) -> tuple[DriverFolder, DriverFolder]:
        """The folders with files of the user's: of drivers, and of described devices."""
        return self.driver_folder, self.description_folder

    @property
    def files(self) -> list[FileStatus]:
        """The files in these folders, also those that cannot be used."""
        return [status for folder in self.folders for status in folder.files.values()]


_DATA: HassKey[DomainData] = HassKey(DOMAIN)


@callback
def domain_data(hass: HomeAssistant) -> DomainData:
    """Return the shared data, which `async_load_domain_data` must have created."""
    return hass.data[_DATA]


@singleton(_DATA, async_=True)
async def async_load_domain_data(hass: HomeAssistant) -> DomainData:
    """Return the shared data; the first call creates it and imports the drivers."""
    registry = Registry()
    registry.hosts.is_proven = partial(_is_proven, hass, registry)
    registry.hosts.beside_hub = DEVICES_BESIDE_HUB in os.environ
    await async_update_hosts(hass, registry)
    needed = {entry.data[CONF_DRIVER] for entry in device_entries(hass)}
    for load in (load_drivers, partial(load_descriptions, needed=needed)):
        for failure in await hass.async_add_executor_job(load, registry):
            async_create_driver_issue(hass, failure)
    driver_folder = DriverFolder(registry, hass.config.path(DOMAIN, DRIVERS_FOLDER))
    descriptions = description_folder(registry, hass.config.path(DOMAIN, DEVICES_FOLDER))
    stored = await listener_store(hass).async_load() or {}
    listener = Listener(parse_listener_settings(stored))
    data = DomainData(registry, Runtime(listener=listener), driver_folder, descriptions)
    for folder in data.folders:
        await folder.reload()
    async_update_driver_file_issues(hass, data.files)

    async def close(_event: Event) -> None:
        for folder in data.folders:
            await folder.close()
        await data.runtime.close()

    listener.changed = partial(_listener_changed, hass, listener)
    # not at EVENT_HOMEASSISTANT_STOP: drivers run `goodbye` then, and may need the listener for it
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)
    return data


@callback
def _listener_changed(hass: HomeAssistant, listener: Listener) -> None:
    async_update_port_issue(hass, listener)
    async_dispatcher_send(hass, SIGNAL_LISTENER)


async def async_update_hosts(hass: HomeAssistant, registry: Registry) -> None:
    """Tell the registry the current IP addresses of Home Assistant, and the networks around."""
    adapters = await network.async_get_adapters(hass)
    addresses = [ip for adapter in adapters for ip in (*adapter["ipv4"], *adapter["ipv6"])]
    registry.hosts.own = {ip["address"] for ip in addresses}
    networks = {ip_network((ip["address"], ip["network_prefix"]), strict=False) for ip in addresses}
    registry.hosts.networks = networks
    four = [each for each in networks if each.version == 4 and each.prefixlen < MAX_PREFIX]  # noqa: PLR2004
    ends = (ip for each in four for ip in (each.network_address, each.broadcast_address))
    registry.hosts.everybody = {str(ip) for ip in ends}


async def async_source_addresses(hass: HomeAssistant) -> list[str]:
    """Return the IPv4 addresses of Home Assistant, one for each of its networks."""
    sources = await network.async_get_enabled_source_ips(hass)
    return [str(ip) for ip in sources if ip.version == 4 and not ip.is_loopback]  # noqa: PLR2004


@callback
def _is_proven(hass: HomeAssistant, registry: Registry, driver_id: str, address: Address) -> bool:
    driver = registry.driver(driver_id)
    options = driver.options or driver.transport.options_type()
    places = (address, replace(address, port=0)) if address.port == options.port else (address,)
    return any(
        entry.data[CONF_DRIVER] == driver_id and address_of(entry) in places
        for entry in device_entries(hass)
    )


async def async_configure_listener(hass: HomeAssistant, settings: ListenerSettings) -> None:
    """Store the listener's settings and apply them; devices are given the new address."""
    await listener_store(hass).async_save(asdict(settings))
    await domain_data(hass).runtime.listener.configure(settings)


@callback
def driver_of(hass: HomeAssistant, entry: ConfigEntry[Any]) -> type[Driver[Any]]:
    """Return the driver of an entry's device; raise DriverError if it no longer exists."""
    return domain_data(hass).registry.driver(entry.data[CONF_DRIVER])


@callback
def overriding_file(hass: HomeAssistant, driver_id: str) -> str:
    """Return the user's file with the driver that is used instead of a bundled one, if any."""
    registry = domain_data(hass).registry
    origin = registry.origin(driver_id) if driver_id in registry.drivers else Origin()
    return origin.file.path if origin.file and origin.overridden else ""


@callback
def create_device(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    record: Record,
    *,
    with_secrets: bool = True,
    settings: Mapping[str, Any] | None = None,
) -> Device:
    """Create the `Device` of an entry; raise DriverError if its driver no longer exists.

    `settings` are used instead of those of the entry.
    """
    secrets = entry.data.get(CONF_SECRETS) if with_secrets else None
    return Device(
        driver_of(hass, entry),
        record,
        settings=entry.options if settings is None else settings,
        secrets=secrets,
        runtime=domain_data(hass).runtime,
    )


async def async_load_device(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    *,
    with_secrets: bool = True,
    settings: Mapping[str, Any] | None = None,
) -> Device:
    """Create another `Device` for an entry from its stored data; raise DriverError.

    Neither this entry nor any other has to be set up: disabled entries can be reconfigured and
    removed, too.
    """
    await async_load_domain_data(hass)
    record = record_of(entry, await async_load_stored(hass, entry))
    return create_device(hass, entry, record, with_secrets=with_secrets, settings=settings)


async def async_notify_removed(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Let the driver notify its device that the entry was removed; raise DriverError."""
    device = await async_load_device(hass, entry)
    if type(device.driver).removed is Driver.removed:
        return
    online = asyncio.Event()
    device.observer.on_available = online.set
    device.start()
    with suppress(TimeoutError):
        async with asyncio.timeout(REMOVAL_TIMEOUT):
            await online.wait()
    await device.remove()
