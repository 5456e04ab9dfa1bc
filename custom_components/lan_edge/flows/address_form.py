"""An address that somebody types: its fields, where it leads, and whether the device is there."""

import socket
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import TextSelector

from lan_edge import Address, location_address

from ..runtime import async_load_device
from ..vol import Optional, Required
from .listener_form import PORT_FIELD

MAX_NAME = 253
"""The longest name of a host, in characters (RFC 1035)."""
ADDRESS_FIELDS = {Required(CONF_HOST): TextSelector(), Optional(CONF_PORT): PORT_FIELD}


class UnknownHostError(Exception):
    """What was typed is no name or address of a device."""


async def resolved(hass: HomeAssistant, typed: dict[str, Any]) -> Address:
    """Return the typed address with an IP address; names may stop to resolve later.

    Raises UnknownHostError.
    """
    host = typed[CONF_HOST].strip()
    if len(host) > MAX_NAME:
        raise UnknownHostError("a name that none can have")
    try:
        found = await hass.loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as err:
        raise UnknownHostError(f"{host}: {err}") from err
    address = Address(str(found[0][4][0]), int(typed.get(CONF_PORT) or 0))
    if location_address(f"http://{address}") is None:
        raise UnknownHostError(f"{address}: no device has such an address")
    return address


async def prove(hass: HomeAssistant, entry: ConfigEntry[Any], address: Address) -> None:
    """See that an entry's device answers at an address; raise EdgeError."""
    await (await async_load_device(hass, entry)).check(address)
