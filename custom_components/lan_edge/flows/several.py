"""Adding several of the devices that are offered, at once, by confirming their discovery flows."""

import asyncio
from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow

from ..discovery.new_devices import offers

MAX_AT_ONCE = 8
"""Devices that are contacted at the same time."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the devices that the user picked, by their names."""

    added: list[str] = field(default_factory=list[str])
    waiting: list[str] = field(default_factory=list[str])
    """Those that are still offered: they ask for something, or did not answer."""


async def async_add_several(hass: HomeAssistant, unique_ids: list[str]) -> Added:
    """Add the devices with these ids that are offered; a device that pairs asks in its own flow."""
    limit = asyncio.Semaphore(MAX_AT_ONCE)
    result = Added()

    async def add(flow: ConfigFlowResult) -> None:
        name = flow["context"]["title_placeholders"]["name"]
        async with limit:
            try:
                outcome = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
            except UnknownFlow:  # it was added or ignored meanwhile
                return
        is_added = outcome["type"] is FlowResultType.CREATE_ENTRY
        (result.added if is_added else result.waiting).append(name)

    offered = offers(hass)
    await asyncio.gather(*(add(offered[key]) for key in unique_ids if key in offered))
    return result
