"""The form fields for an address, and the checks of the address that was entered."""

from functools import partial
import socket
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import TextSelector

from lan_edge import Address, location_address

from ..const import CONF_SEEN_AS
from ..discovery.asking import async_recognize
from ..runtime import async_load_device, driver_of
from ..vol import Optional, Required
from .entered_address import EnteredAddressError, parse_entered
from .listener_form import PORT_FIELD

ADDRESS_FIELDS = {Required(CONF_HOST): TextSelector(), Optional(CONF_PORT): PORT_FIELD}


async def async_resolve(hass: HomeAssistant, user_input: dict[str, Any]) -> Address:
    """Return the entered address with the IP address of its host; raise EnteredAddressError.

    Only IP addresses are stored, as a name may no longer resolve later. A port in its own field
    counts, else the one that was entered with the host.
    """
    host, port = parse_entered(user_input[CONF_HOST])
    try:
        results = await hass.loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as err:
        raise EnteredAddressError("unknown_host", host) from err
    resolved = Address(str(results[0][4][0]), int(user_input.get(CONF_PORT) or port))
    if (address := location_address(f"http://{resolved}")) is None:
        raise EnteredAddressError("no_device_address", str(resolved))
    return address


async def async_check_address(
    hass: HomeAssistant, entry: ConfigEntry[Any], address: Address
) -> None:
    """Raise EdgeError unless an entry's device answers at an address."""
    device = await async_load_device(hass, entry)
    await device.check(address, partial(async_recognize_entry, hass, entry, address))


async def async_recognize_entry(
    hass: HomeAssistant, entry: ConfigEntry[Any], address: Address
) -> None:
    """Raise IdentityError if another device than that of an entry says that it is at an address."""
    if seen_as := entry.data[CONF_SEEN_AS]:
        await async_recognize(hass, driver_of(hass, entry), address, seen_as)
