"""Devices that call Home Assistant: offered when an unknown one does, and told where to call.

Only while a driver has such devices the listener is open for unknown ones, and Home Assistant
announces itself by mDNS as `_lan-edge._tcp`, with the paths that are called in the TXT record.
"""

from functools import partial
import logging

from homeassistant.components import zeroconf
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.instance_id import async_get as async_get_instance_id
from zeroconf import ServiceInfo

from lan_edge import Calls, EdgeError, call_sighting

from ..runtime import async_source_addresses, domain_data
from .routing import route_or_offer

_LOGGER = logging.getLogger(__name__)

SERVICE_TYPE = "_lan-edge._tcp.local."


async def async_welcome_callers(hass: HomeAssistant) -> None:
    """Listen for the calls of unknown devices, and announce where to call, if a driver wants it.

    Has to be called again when there are other drivers, or the listener has another port.
    """
    data = domain_data(hass)
    names = sorted({matcher.path_name for matcher in data.registry.matchers(Calls)})
    try:
        await data.runtime.listener.welcome(
            {name: partial(_stranger_called, hass, name) for name in names}
        )
    except EdgeError as err:
        _LOGGER.warning("devices cannot call Home Assistant: %s", err)
        names = []
    await _async_announce(hass, names)


@callback
def _stranger_called(hass: HomeAssistant, name: str, unique_id: str, source: str) -> None:
    route_or_offer(hass, call_sighting(name, unique_id, source))


async def _async_announce(hass: HomeAssistant, names: list[str]) -> None:
    """Announce where devices of these names are to call; without one, announce nothing."""
    data = domain_data(hass)
    info = await _service_info(hass, names) if names else None
    if _content(info) == _content(data.announced):
        return
    shared = await zeroconf.async_get_async_instance(hass)
    former, data.announced = data.announced, info
    if former is not None:
        await shared.async_unregister_service(former)
    if info is not None:
        await shared.async_register_service(info, allow_name_change=True)


def _content(info: ServiceInfo | None) -> object:
    """Return what is announced: services of the same name count as equal."""
    return info and (info.port, info.properties, info.parsed_addresses())


async def _service_info(hass: HomeAssistant, names: list[str]) -> ServiceInfo:
    listener = domain_data(hass).runtime.listener
    settings, identity = listener.settings, await async_get_instance_id(hass)
    addresses = [settings.advertised_host] if settings.advertised_host else []
    return ServiceInfo(
        SERVICE_TYPE,
        f"Home Assistant {identity[:8]}.{SERVICE_TYPE}",
        port=settings.advertised_port or listener.port,
        properties={"path": " ".join(f"/{name}/" for name in names)},
        parsed_addresses=addresses or [str(ip) for ip in await async_source_addresses(hass)],
        server=f"lan-edge-{identity[:8]}.local.",
    )


async def async_stop_announcing(hass: HomeAssistant) -> None:
    """Take the announcement back."""
    await _async_announce(hass, [])
