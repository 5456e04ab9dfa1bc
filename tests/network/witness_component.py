"""A component in Home Assistant that tells how late its event loop is, and what it has open."""

import asyncio
import os
import time
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback

from custom_components.lan_edge.vol import Required

DOMAIN = "witness"
TICK = 0.005


async def async_setup(hass: HomeAssistant, config: dict[str, Any]) -> bool:
    """Watch from now on."""
    late: list[tuple[float, float]] = []

    async def watch() -> None:
        while True:
            due, worked = hass.loop.time() + TICK, time.thread_time()
            await asyncio.sleep(TICK)
            late.append((hass.loop.time() - due, time.thread_time() - worked))

    @websocket_api.websocket_command({Required("type"): "witness/take"})
    @callback
    def take(
        hass: HomeAssistant, connection: websocket_api.ActiveConnection, message: dict[str, Any]
    ) -> None:
        hub: Any = hass.data.get("lan_edge_hub")
        told = {
            "ticks": list(late),
            "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208  # no more than their number
            "tasks": len(asyncio.all_tasks()),
            "turned_away": dict(hub.listener.counts) if hub else {},
        }
        late.clear()
        connection.send_result(message["id"], told)

    hass.async_create_background_task(watch(), DOMAIN)
    websocket_api.async_register_command(hass, take)
    return True
