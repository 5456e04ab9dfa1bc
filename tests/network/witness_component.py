"""A component in Home Assistant that tells how late its event loop is, and what it takes."""

import asyncio
from pathlib import Path
import time
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant

from custom_components.lan_edge.vol import Required

DOMAIN = "witness"
TICK = 0.005
_FORGET_THE_MOST = Path("/proc/self/clear_refs")


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
            **await hass.async_add_executor_job(_taken),
            "tasks": len(asyncio.all_tasks()),
            "turned_away": dict(shared.runtime.listener.rejections) if shared else {},
        }
        late.clear()
        connection.send_result(message["id"], told)

    hass.async_create_background_task(watch(), DOMAIN)
    websocket_api.async_register_command(hass, take)
    return True


def _taken() -> dict[str, int]:
    """Return the open files, and the bytes of memory: now, and at most since the last time."""
    lines = Path("/proc/self/status").read_text().splitlines()
    kilobytes = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith(" kB")}
    _FORGET_THE_MOST.write_text("5")
    return {
        "files": sum(1 for _ in Path("/proc/self/fd").iterdir()),
        "memory": int(kilobytes["VmRSS"]) * 1024,
        "most_memory": int(kilobytes["VmHWM"]) * 1024,
    }
