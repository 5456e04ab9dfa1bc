"""Moonraker in front of Klipper: https://moonraker.readthedocs.io/en/latest/external_api/."""

import re
from typing import Any, ClassVar, override

from aiohttp import web

from .device import PublishedDevice

_SCRIPT = re.compile(r"SET_HEATER_TEMPERATURE HEATER=(extruder|heater_bed) TARGET=(\d+)")
_PRINT = {"pause": "paused", "resume": "printing", "cancel": "cancelled"}


class Moonraker(PublishedDevice):
    """A printer that prints."""

    api_key = "0123456789abcdef0123456789abcdef"
    initial: ClassVar[dict[str, Any]] = {
        "klippy": "ready",
        "print_stats": {"state": "printing", "filename": "boat.gcode", "print_duration": 812.4},
        "virtual_sdcard": {"progress": 0.314, "is_active": True},
        "extruder": {"temperature": 214.8, "target": 215.0, "power": 0.4},
        "heater_bed": {"temperature": 59.9, "target": 60.0, "power": 0.2},
    }

    def __init__(self) -> None:
        super().__init__()
        self.trusts_all = False

    @override
    def check_login(self, request: web.Request) -> None:
        if not self.trusts_all and request.headers.get("X-Api-Key") != self.api_key:
            raise web.HTTPUnauthorized

    @override
    async def answer(self, request: web.Request) -> Any:
        match request.method, request.path:
            case "GET", "/printer/info":
                version = {"software_version": "v0.12.0-85-gd785b396", "hostname": "printer"}
                return {"result": {"state": self.state["klippy"], **version}}
            case "POST", "/printer/objects/query":
                return self._query((await request.json())["objects"])
            case "POST", path:
                await self.note(request)
                return await self._command(path, request)
            case _:
                raise web.HTTPNotFound

    def _query(self, objects: dict[str, Any]) -> Any:
        if self.state["klippy"] != "ready":
            error = {"code": 503, "message": "Klippy Host not connected"}
            return web.json_response({"error": error}, status=503)
        status = {
            name: {f: v for f, v in self.state[name].items() if fields is None or f in fields}
            for name, fields in objects.items()
            if name in self.state
        }
        return {"result": {"eventtime": 578243.578, "status": status}}

    async def _command(self, path: str, request: web.Request) -> Any:
        if path == "/printer/gcode/script":
            script = _SCRIPT.fullmatch((await request.json())["script"])
            if script is None:
                return web.json_response({"error": {"code": 400}}, status=400)
            self._change(script[1], target=float(script[2]))
        elif (state := _PRINT.get(path.removeprefix("/printer/print/"))) is not None:
            self._change("print_stats", state=state)
        elif path == "/printer/emergency_stop":
            self.put(klippy="shutdown")
        elif path == "/printer/firmware_restart":
            self.put(klippy="ready")
        else:
            raise web.HTTPNotFound
        return {"result": "ok"}

    def _change(self, name: str, **values: Any) -> None:
        self.put(**{name: {**self.state[name], **values}})
