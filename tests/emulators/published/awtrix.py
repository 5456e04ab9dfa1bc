"""AWTRIX 3, its HTTP API: https://blueforcer.github.io/awtrix3/#/api."""

from typing import Any, ClassVar, override

from aiohttp import web

from .device import PublishedDevice

STATS = {"bat": 91, "hum": 48, "lux": 120, "app": "Time", "wifi_signal": -61}
STATS |= {"uid": "awtrix_a07f9c", "version": "0.98", "ram": 139112, "uptime": 9000, "temp": 23}


class Awtrix(PublishedDevice):
    """A clock that shows the time; the state is its settings."""

    initial: ClassVar[dict[str, Any]] = {
        "MATP": True,
        "BRI": 128,
        "ABRI": False,
        "ATRANS": True,
        "BLOCKN": False,
        "ATIME": 7,
        "VOL": 20,
        "SOM": True,
    }

    @override
    async def answer(self, request: web.Request) -> Any:
        name = request.path.removeprefix("/api/")
        match request.method, name:
            case "GET", "stats":
                return STATS
            case "GET", "settings":
                return self.state
            case "POST", "settings":
                await self.note(request)
                self.put(**await request.json())
            case "POST", "power":
                await self.note(request)
                self.put(MATP=(await request.json())["power"])
            case "POST", "notify" | "sound":
                await self.note(request)
            case "POST", "nextapp" | "previousapp" | "notify/dismiss" | "reboot":
                await self.note(request)
            case _:
                raise web.HTTPNotFound
        return web.Response(text="OK")
