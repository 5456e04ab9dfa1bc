"""What the integration keeps in Home Assistant beside its entries: one object for all devices."""

import asyncio
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from lan_edge import (
    Address,
    Candidate,
    Device,
    Driver,
    Listener,
    ListenerSettings,
    Record,
    Registry,
    Runtime,
    load_drivers,
)

from .actions.failures import Failures
from .const import CONF_DRIVER, CONF_SECRETS, DOMAIN
from .reporting.issues import port_issue
from .storage import listener_store, load_record, stored_listener_settings

REMOVAL_TIMEOUT = 5.0
"""Seconds for a removed device to come online, so that it can be told."""


@dataclass(slots=True)
class DomainData:
    """What all devices of one Home Assistant share."""

    registry: Registry
    runtime: Runtime
    is_discovering: bool = False
    """Whether the listeners and searches have been started."""
    latest: dict[str, Candidate] = field(default_factory=dict[str, Candidate])
    """The newest sighting of each device that has no entry, for its discovery card."""
    missed: dict[str, tuple[Address, ...]] = field(default_factory=dict[str, tuple[Address, ...]])
    """Where devices were sighted whose entry was not loaded just then, by the entry's id."""
    failures: WeakKeyDictionary[HomeAssistantError, Failures] = field(
        default_factory=WeakKeyDictionary[HomeAssistantError, Failures]
    )
    """The failed actions whose errors somebody still holds."""


_DATA: HassKey[DomainData] = HassKey(DOMAIN)


@callback
def domain_data(hass: HomeAssistant) -> DomainData:
    """Return the data, which `async_domain_data` has made."""
    return hass.data[_DATA]


@singleton(_DATA, async_=True)
async def async_domain_data(hass: HomeAssistant) -> DomainData:
    """Return the data; it is made at the first call."""
    registry = Registry()
    await hass.async_add_import_executor_job(load_drivers, registry)
    stored = await listener_store(hass).async_load() or {}
    listener = Listener(stored_listener_settings(stored))
    data = DomainData(registry, Runtime(listener=listener))

    async def close(_event: Event) -> None:
        await data.runtime.close()

    listener.changed = partial(port_issue, hass, listener)
    # after the devices, which say goodbye when Home Assistant stops
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)
    return data


async def async_configure_listener(hass: HomeAssistant, settings: ListenerSettings) -> None:
    """Change and store the listener's settings; devices are told."""
    await listener_store(hass).async_save(asdict(settings))
    await domain_data(hass).runtime.listener.configure(settings)


@callback
def driver_of(hass: HomeAssistant, entry: ConfigEntry[Any]) -> type[Driver[Any]]:
    """Return the driver of an entry's device; raise DriverError if it is gone."""
    return domain_data(hass).registry.driver(entry.data[CONF_DRIVER])


@callback
def device_of(
    hass: HomeAssistant, entry: ConfigEntry[Any], record: Record, *, with_secrets: bool = True
) -> Device:
    """Return a handle on an entry's device; raise DriverError if its driver is gone."""
    secrets = entry.data.get(CONF_SECRETS) if with_secrets else None
    return Device(
        driver_of(hass, entry),
        record,
        settings=entry.options,
        secrets=secrets,
        runtime=domain_data(hass).runtime,
    )


async def async_stored_device(
    hass: HomeAssistant, entry: ConfigEntry[Any], *, with_secrets: bool = True
) -> Device:
    """Return another handle on an entry's device, from what is stored; raise DriverError.

    The entry need not be set up, nor any other: a disabled one can be changed and removed.
    """
    await async_domain_data(hass)
    record = await load_record(hass, entry)
    return device_of(hass, entry, record, with_secrets=with_secrets)


async def async_say_removed(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Let the driver of a removed entry tell its device, if it has something to tell."""
    device = await async_stored_device(hass, entry)
    if type(device.driver).removed is Driver.removed:
        return
    online = asyncio.Event()
    device.observer.on_available = online.set
    device.start()
    with suppress(TimeoutError):
        async with asyncio.timeout(REMOVAL_TIMEOUT):
            await online.wait()
    await device.remove()
