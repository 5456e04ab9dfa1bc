"""WARP Charger by Tinkerforge: https://docs.warp-charger.com/en/docs/interfaces/mqtt_http/."""

from hashlib import md5
import re
from typing import Any, ClassVar, override

from aiohttp import web

from .device import PublishedDevice

NONCE = "dcd98b7102dd2f0e"


class WarpCharger(PublishedDevice):
    """A charger that charges; it asks for a login if it has a `password`."""

    user = "someone"
    initial: ClassVar[dict[str, Any]] = {"charger_state": 3, "allowed": 16000, "external": 16000}

    def __init__(self) -> None:
        super().__init__()
        self.password = ""
        self.has_meter = True

    @override
    def check_login(self, request: web.Request) -> None:
        if self.password and not self._is_proven(request):
            challenge = f'Digest realm="warp", nonce="{NONCE}", qop="auth", algorithm=MD5'
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": challenge})

    def _is_proven(self, request: web.Request) -> bool:
        header = request.headers.get("Authorization", "")
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', header))
        first = _hash(f"{self.user}:warp:{self.password}")
        second = _hash(f"{request.method}:{given.get('uri')}")
        middle = f"{NONCE}:{given.get('nc')}:{given.get('cnonce')}:auth"
        return given.get("response") == _hash(f"{first}:{middle}:{second}")

    @override
    async def answer(self, request: web.Request) -> Any:
        match request.method, request.path:
            case "GET", "/evse/state":
                return {
                    "iec61851_state": 2,
                    "charger_state": self.state["charger_state"],
                    "contactor_state": 3,
                    "contactor_error": 0,
                    "allowed_charging_current": self.state["allowed"],
                    "error_state": 0,
                    "lock_state": 0,
                }
            case "GET", "/evse/external_current":
                return {"current": self.state["external"]}
            case "GET", "/meter/values" if self.has_meter:
                return {"power": 6740.5, "energy_rel": 12.25, "energy_abs": 4636.321}
            case "PUT" | "POST", "/evse/external_current" | "/evse/external_current_update":
                await self.note(request)
                current = (await request.json())["current"]
                self.put(external=current, allowed=min(current, 32000))
            case "PUT" | "POST", "/evse/start_charging" | "/evse/stop_charging":
                if await self.note(request) != "null":
                    raise web.HTTPBadRequest
                self.put(charger_state=3 if "start" in request.path else 1)
            case _:
                raise web.HTTPNotFound
        return web.Response(text="")


def _hash(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
