"""Devices that call Home Assistant: offered when an unknown one does, and told where to call.

Only while a driver has such devices the listener is open for unknown ones, and Home Assistant
announces itself by mDNS as `_lan-edge._tcp`, with the paths that are called in the TXT record.
"""

from collections.abc import Callable
from functools import partial
import logging

from homeassistant.components import zeroconf
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.instance_id import async_get as async_get_instance_id
from zeroconf import ServiceInfo

from lan_edge import Calls, EdgeError, call_sighting

from ..const import DOMAIN, SIGNAL_LISTENER
from ..runtime import DomainData, async_source_addresses, domain_data
from .routing import route_or_offer

_LOGGER = logging.getLogger(__name__)

SERVICE_TYPE = "_lan-edge._tcp.local."


async def async_welcome_callers(hass: HomeAssistant) -> None:
    """Listen for the calls of unknown devices, and announce where to call, if a driver wants it.

    Has to be called again when there are other drivers.
    """
    data = domain_data(hass)
    try:
        await data.runtime.listener.welcome(
            {name: partial(_stranger_called, hass, name) for name in _called(data)}
        )
    except EdgeError as err:
        _LOGGER.warning("devices cannot call Home Assistant: %s", err)
    await async_announce_listener(hass)


@callback
def async_follow_listener(hass: HomeAssistant) -> Callable[[], None]:
    """Announce at once where to call when that changes; return what ends it."""

    @callback
    def changed() -> None:
        hass.async_create_background_task(async_announce_listener(hass), f"{DOMAIN} announcement")

    return async_dispatcher_connect(hass, SIGNAL_LISTENER, changed)


def _called(data: DomainData) -> list[str]:
    """Return the names of the paths that devices without an entry may call."""
    return sorted({matcher.path_name for matcher in data.registry.matchers(Calls)})


@callback
def _stranger_called(hass: HomeAssistant, name: str, unique_id: str, source: str) -> None:
    route_or_offer(hass, call_sighting(name, unique_id, source))


async def async_announce_listener(hass: HomeAssistant) -> None:
    """Announce where devices are to call; nothing if no driver has such, or nobody listens."""
    data = domain_data(hass)
    async with data.announcing:
        names = _called(data) if data.runtime.listener.port else []
        await _async_announce(hass, await _service_info(hass, names) if names else None)


async def _async_announce(hass: HomeAssistant, info: ServiceInfo | None) -> None:
    data = domain_data(hass)
    if _content(info) == _content(data.announced):
        return
    shared = await zeroconf.async_get_async_instance(hass)
    former, data.announced = data.announced, info
    if info is None and former is not None:
        await shared.async_unregister_service(former)
    elif info is not None and former is not None:
        info.name = former.name  # another one may have had our first one
        await shared.async_update_service(info)
    elif info is not None:
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
    async with domain_data(hass).announcing:
        await _async_announce(hass, None)
