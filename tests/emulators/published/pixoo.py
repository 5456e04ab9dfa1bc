"""Divoom Pixoo 64: http://doc.divoom-gz.com/web/#/12."""

import json
from typing import Any, ClassVar, override

from aiohttp import web

from .device import PublishedDevice

FIELDS = {
    "Channel/OnOffScreen": ("OnOff", "LightSwitch"),
    "Channel/SetBrightness": ("Brightness", "Brightness"),
    "Channel/SetIndex": ("SelectIndex", "SelectIndex"),
    "Device/SetMirrorMode": ("Mode", "MirrorFlag"),
    "Device/SetTime24Flag": ("Mode", "Time24Flag"),
    "Device/SetDisTempMode": ("Mode", "TemperatureMode"),
    "Device/SetScreenRotationAngle": ("Mode", "GyrateAngle"),
}
"""The commands, each with its argument and the setting that it changes."""


class Pixoo(PublishedDevice):
    """A display; its answers are JSON that claims to be HTML."""

    initial: ClassVar[dict[str, Any]] = {
        "Brightness": 100,
        "RotationFlag": 1,
        "ClockTime": 60,
        "GalleryTime": 60,
        "CurClockId": 1,
        "Time24Flag": 1,
        "TemperatureMode": 0,
        "GyrateAngle": 0,
        "MirrorFlag": 0,
        "LightSwitch": 1,
        "SelectIndex": 3,
    }

    @override
    async def answer(self, request: web.Request) -> Any:
        if (request.method, request.path) != ("POST", "/post"):
            raise web.HTTPNotFound
        found = await self._carry_out(json.loads(await request.text()), request)
        kept = {name: value for name, value in found.items() if name not in self.left_out}
        return web.Response(text=json.dumps(kept), content_type="text/html")

    async def _carry_out(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        command = body["Command"]
        if command == "Channel/GetAllConf":
            kept = {k: v for k, v in self.state.items() if k != "SelectIndex"}
            return {"error_code": 0, **kept}
        if command == "Channel/GetIndex":
            return {"error_code": 0, "SelectIndex": self.state["SelectIndex"]}
        await self.note(request)
        if command not in FIELDS:
            return {"error_code": "Request data illegal json"}
        argument, setting = FIELDS[command]
        self.put(**{setting: body[argument]})
        return {"error_code": 0}
