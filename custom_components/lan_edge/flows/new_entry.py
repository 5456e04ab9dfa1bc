"""The entry of a device that is added: whether it has one already, and what it is called."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import HomeAssistant, callback

from lan_edge import Candidate, Device, EdgeError

from ..const import CONF_REGISTERED_AS, DOMAIN
from ..discovery.entries import find_entry_at, is_registered
from ..discovery.new_devices import forget
from ..discovery.routing import handle_known
from ..reporting.markdown import as_code
from ..service_entry import async_ensure_service_entry, device_entries
from .candidates import entry_data, with_details
from .names import name_of, unlike


@callback
def has_entry(hass: HomeAssistant, candidate: Candidate) -> bool:
    """Return whether a device has an entry; without an id, by its address alone."""
    if handle_known(hass, candidate):
        return True
    return not candidate.match.unique_id and bool(find_entry_at(hass, candidate))


async def async_create_entry(
    flow: ConfigFlow,
    candidate: Candidate,
    device: Device,
    unique_id: str,
    settings: Mapping[str, Any],
) -> ConfigFlowResult:
    """Create the entry of a device that answered, with its settings, unless it has one.

    If its owner has to enter a URL in it, that is shown.
    """
    hass, url = flow.hass, ""
    with suppress(EdgeError):  # there may be no network at the moment: Configure shows it, too
        url = await device.callback_url(candidate.match.address)
    if has_entry(hass, candidate):  # another dialog has added it meanwhile
        return flow.async_abort(reason="already_configured")
    name = _name(flow, with_details(candidate, device.identity))
    forget(hass, candidate)
    async_ensure_service_entry(hass)
    data = entry_data(candidate, device, unique_id, name)
    if is_registered(hass, unique_id):
        data[CONF_REGISTERED_AS] = uuid4().hex
    texts: dict[str, Any] = {}
    if url:
        texts = {"description": "enter_url", "description_placeholders": {"url": as_code(url)}}
    return flow.async_create_entry(title=name, data=data, options=settings, **texts)


def _name(flow: ConfigFlow, candidate: Candidate) -> str:
    """Return the name of a candidate's entry, which no other entry has.

    What tells it apart on its card stays, in whichever order alike devices are added.
    """
    apart = name_of(candidate, is_alike=True)
    if flow.context.get("title_placeholders", {}).get("name", "").startswith(apart):
        return apart
    titles = {entry.title for entry in device_entries(flow.hass)}
    return unlike(candidate, titles, name_of)


def card_title(flow: ConfigFlow, candidate: Candidate) -> str:
    """Return the title of a candidate's card, which no other card has."""
    flows = flow.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    others = (f["context"] for f in flows if f["flow_id"] != flow.flow_id)
    return unlike(candidate, {c.get("title_placeholders", {}).get("name", "") for c in others})
