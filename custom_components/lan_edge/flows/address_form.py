"""The form fields for an address, and the checks of the address that was entered."""

from collections.abc import Sequence
from functools import partial
import socket
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import TextSelector

from lan_edge import Address, EdgeError, location_address

from ..const import CONF_SEEN_AS
from ..discovery.asking import async_recognize
from ..discovery.entries import AnyDriver
from ..runtime import async_load_device, async_load_domain_data, domain_data, driver_of
from ..vol import Optional, Required
from .entered_address import EnteredAddressError, parse_entered
from .listener_form import PORT_FIELD
from .new_identity import OTHER_DEVICE
from .own_ports import own_ports

MAX_RESOLVED = 8
"""Addresses of a host that are tried."""
ADDRESS_FIELDS = {Required(CONF_HOST): TextSelector(), Optional(CONF_PORT): PORT_FIELD}


async def async_resolve(hass: HomeAssistant, user_input: dict[str, Any]) -> tuple[Address, ...]:
    """Return the entered address with each IP address of its host; raise EnteredAddressError.

    Only IP addresses are stored, as a name may no longer resolve later. A port in its own field
    counts, else the one that was entered with the host.
    """
    host, port = parse_entered(user_input[CONF_HOST])
    try:
        results = await hass.loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as err:
        raise EnteredAddressError("unknown_host", host) from err
    port = int(user_input.get(CONF_PORT) or port)
    resolved = dict.fromkeys(Address(str(result[4][0]), port) for result in results)
    addresses = [address for each in resolved if (address := location_address(f"http://{each}"))]
    if not addresses:
        raise EnteredAddressError("no_device_address", next(iter(resolved)).host)
    return tuple(addresses[:MAX_RESOLVED])


async def async_check_not_own(
    hass: HomeAssistant, driver: AnyDriver, addresses: Sequence[Address]
) -> None:
    """Raise EnteredAddressError if Home Assistant itself answers at one of the addresses."""
    hosts = domain_data(hass).registry.hosts
    usual = (driver.options or driver.transport.options_type()).port
    if any(hosts.is_hub(address.host) for address in addresses):
        own = await hass.async_add_executor_job(own_ports)
        for address in addresses:
            if hosts.is_hub(address.host) and (address.port or usual) in own:
                raise EnteredAddressError("own_address", str(address))


async def async_check_address(
    hass: HomeAssistant, entry: ConfigEntry[Any], address: Address
) -> None:
    """Raise EdgeError unless an entry's device answers at an address."""
    device = await async_load_device(hass, entry)
    await device.check(address, partial(async_recognize_entry, hass, entry, address))


async def async_find_answering(
    hass: HomeAssistant, entry: ConfigEntry[Any], addresses: Sequence[Address]
) -> Address:
    """Return the first of some addresses where an entry's device answers.

    Raises EdgeError: that another device may be at one of them, else what came of the last one.
    """
    await async_load_domain_data(hass)
    await async_check_not_own(hass, driver_of(hass, entry), addresses)
    errors: list[EdgeError] = []
    for address in addresses:
        try:
            await async_check_address(hass, entry, address)
        except EdgeError as err:
            errors.append(err)
        else:
            return address
    raise next((err for err in errors if isinstance(err, OTHER_DEVICE)), errors[-1])


async def async_recognize_entry(
    hass: HomeAssistant, entry: ConfigEntry[Any], address: Address
) -> None:
    """Raise IdentityError if another device than that of an entry says that it is at an address."""
    if seen_as := entry.data[CONF_SEEN_AS]:
        await async_recognize(hass, driver_of(hass, entry), address, seen_as)
