"""evcc, its REST API: https://docs.evcc.io/docs/integrations/rest-api."""

import re
from typing import Any, ClassVar, override

from aiohttp import web

from .device import PublishedDevice

_QUERY = re.compile(r"\.loadpoints\[(\d+)-1\]")
_COMMAND = re.compile(r"/api/loadpoints/(\d+)/(mode|mincurrent|maxcurrent|limitsoc)/(\w+)")
_FIELDS = {"mincurrent": "minCurrent", "maxcurrent": "maxCurrent", "limitsoc": "limitSoc"}
MODES = {"off", "now", "minpv", "pv"}


class Evcc(PublishedDevice):
    """One with two charging points; the state is that of the second."""

    initial: ClassVar[dict[str, Any]] = {
        "title": "Carport",
        "mode": "pv",
        "connected": True,
        "charging": True,
        "enabled": True,
        "chargePower": 7400.0,
        "chargedEnergy": 12400.5,
        "vehicleSoc": 64,
        "minCurrent": 6,
        "maxCurrent": 16,
        "limitSoc": 80,
    }

    @override
    async def answer(self, request: web.Request) -> Any:
        if (request.method, request.path) == ("GET", "/api/state"):
            wanted = _QUERY.fullmatch(request.query.get("jq", ""))
            if wanted is None:
                raise web.HTTPBadRequest
            return self.state if wanted[1] == "2" else None
        command = _COMMAND.fullmatch(request.path)
        if request.method != "POST" or command is None:
            raise web.HTTPNotFound
        await self.note(request)
        return {"result": self._set(command[2], command[3])}

    def _set(self, name: str, value: str) -> Any:
        if name == "mode":
            if value not in MODES:
                raise web.HTTPBadRequest
            self.put(mode=value)
            return value
        self.put(**{_FIELDS[name]: int(value)})
        return int(value)
