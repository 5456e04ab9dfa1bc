"""Moonraker in front of Klipper: https://moonraker.readthedocs.io/en/latest/external_api/."""

import json
import re
from typing import Any, ClassVar, override

from aiohttp import web

from .device import PublishedDevice, without

_SCRIPT = re.compile(r"SET_HEATER_TEMPERATURE HEATER=(extruder|heater_bed) TARGET=(\d+)")
_PRINT = {"pause": "paused", "resume": "printing", "cancel": "cancelled"}
_KLIPPER = {"emergency_stop": "shutdown", "firmware_restart": "ready"}


class MoonrakerError(Exception):
    """What it answers with an error."""


class Moonraker(PublishedDevice):
    """A printer that prints, by JSON-RPC on a WebSocket."""

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
        self.sockets: dict[web.WebSocketResponse, dict[str, Any]] = {}
        """Its connections, each with the objects of its subscription."""

    @override
    async def answer(self, request: web.Request) -> web.WebSocketResponse:
        if request.path != "/websocket":
            raise web.HTTPNotFound
        is_allowed = self.trusts_all or request.headers.get("X-Api-Key") == self.api_key
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets[socket] = {}
        try:
            async for message in socket:
                if not self.silent:
                    await self._take(socket, json.loads(message.data), is_allowed=is_allowed)
        finally:
            del self.sockets[socket]
        return socket

    async def _take(
        self, socket: web.WebSocketResponse, message: dict[str, Any], *, is_allowed: bool
    ) -> None:
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": message["id"]}
        method, params = message["method"], message.get("params", {})
        try:
            result = await self._call(socket, method, params, is_allowed=is_allowed)
            answer["result"] = without(result, self.left_out)
        except MoonrakerError as err:
            answer["error"] = {"code": err.args[0], "message": err.args[1]}
        await socket.send_json(answer)

    async def _call(
        self,
        socket: web.WebSocketResponse,
        method: str,
        params: dict[str, Any],
        *,
        is_allowed: bool,
    ) -> Any:
        if not is_allowed:
            raise MoonrakerError(401, "Unauthorized")
        match method.split("."):
            case ["server", "info"]:
                return {"klippy_connected": True, "klippy_state": self.state["klippy"]}
            case ["printer", "info"]:
                self._require_klipper()
                version = {"software_version": "v0.12.0-85-gd785b396", "hostname": "printer"}
                return {"state": self.state["klippy"], **version}
            case ["printer", "objects", "subscribe"]:
                self._require_klipper()
                self.sockets[socket] = params["objects"]
                return {"eventtime": 578243.578, "status": self._status(params["objects"])}
            case ["printer", *what]:
                self.asked.append(f"{method} {json.dumps(params, separators=(',', ':'))}")
                await self._command(what, params)
                return "ok"
            case _:
                raise MoonrakerError(-32601, "Method not found")

    def _require_klipper(self) -> None:
        if self.state["klippy"] != "ready":
            raise MoonrakerError(503, "Klippy Host not connected")

    def _status(self, objects: dict[str, Any]) -> dict[str, Any]:
        return {
            name: {f: v for f, v in self.state[name].items() if fields is None or f in fields}
            for name, fields in objects.items()
            if name in self.state
        }

    async def _command(self, what: list[str], params: dict[str, Any]) -> None:
        match what:
            case ["gcode", "script"]:
                if (script := _SCRIPT.fullmatch(params["script"])) is None:
                    raise MoonrakerError(400, "Unknown command")
                await self.change(script[1], target=float(script[2]))
            case ["print", action] if action in _PRINT:
                await self.change("print_stats", state=_PRINT[action])
            case [action] if action in _KLIPPER:
                await self.put_klipper(_KLIPPER[action])
            case _:
                raise MoonrakerError(-32601, "Method not found")

    async def put_klipper(self, state: str) -> None:
        """Change the state of Klipper, with which all subscriptions end; tell it."""
        self.put(klippy=state)
        for socket in self.sockets:
            self.sockets[socket] = {}
            await socket.send_json({"jsonrpc": "2.0", "method": f"notify_klippy_{state}"})

    async def change(self, name: str, **values: Any) -> None:
        """Change fields of an object, unless it lies; tell those that have subscribed to it."""
        self.put(**{name: {**self.state[name], **values}})
        for socket, objects in self.sockets.items():
            if name in objects and not self.lies:
                params = [{name: values}, 578243.6]
                message = {"jsonrpc": "2.0", "method": "notify_status_update", "params": params}
                await socket.send_json(message)
