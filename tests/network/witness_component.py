"""A component in Home Assistant that tells how late its event loop is, and what it has open."""

import asyncio
from pathlib import Path
import time
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant

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
    @websocket_api.async_response
    async def take(
        hass: HomeAssistant, connection: websocket_api.ActiveConnection, message: dict[str, Any]
    ) -> None:
        shared: Any = hass.data.get("lan_edge")
        told = {
            "ticks": list(late),
            "files": await hass.async_add_executor_job(_open_files),
            "tasks": len(asyncio.all_tasks()),
            "turned_away": dict(shared.runtime.listener.rejections) if shared else {},
        }
        late.clear()
        connection.send_result(message["id"], told)

    hass.async_create_background_task(watch(), DOMAIN)
    websocket_api.async_register_command(hass, take)
    return True


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
