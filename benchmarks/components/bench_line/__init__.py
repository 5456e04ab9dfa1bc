"""The yardstick: the smallest integration with one persistent connection per device."""

import asyncio
from collections.abc import Callable
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
import orjson

PORT = 5577
TIMEOUT = 5.0

type LineConfigEntry = ConfigEntry[Line]


class Line(asyncio.Protocol):
    """One connection: replies by their number, pushes to the entity."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        """Create it without pending requests."""
        self.state: dict[str, Any] = {}
        self.connected = True
        self.changed: Callable[[], None] = lambda: None
        self.lost: Callable[[], None] = lambda: None
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._rest = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self.transport = transport

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.connected = False
        self.changed()
        self.lost()

    @override
    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            message = orjson.loads(line)
            if "method" in message:
                if message["params"] != self.state:
                    self.state = message["params"]
                    self.changed()
            elif (waiting := self._waiting.pop(message["id"], None)) and not waiting.done():
                waiting.set_result(message["result"])

    async def ask(self, method: str, **params: Any) -> Any:
        """Send a request; return its result."""
        self._number += 1
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = waiting
        request = {"id": self._number, "method": method, "params": params}
        self.transport.write(orjson.dumps(request) + b"\n")
        async with asyncio.timeout(TIMEOUT):
            return await waiting


async def async_setup_entry(hass: HomeAssistant, entry: LineConfigEntry) -> bool:
    """Connect, read the state, and set up the entity."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(TIMEOUT):
            _, line = await loop.create_connection(Line, entry.data["host"], PORT)
        line.state = await line.ask("get")
    except (OSError, TimeoutError) as err:
        raise ConfigEntryNotReady from err
    entry.runtime_data = line
    await hass.config_entries.async_forward_entry_setups(entry, [Platform.LIGHT])
    line.lost = lambda: hass.config_entries.async_schedule_reload(entry.entry_id)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: LineConfigEntry) -> bool:
    """Close the connection."""
    entry.runtime_data.lost = lambda: None
    entry.runtime_data.transport.abort()
    return await hass.config_entries.async_unload_platforms(entry, [Platform.LIGHT])
