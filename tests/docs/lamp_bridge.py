"""A bridge with twenty lamps that takes so many requests in a second, and refuses all others."""

import asyncio
from typing import Any, ClassVar, override

from aiohttp import web

from .devices import WebDevice

LAMPS = [f"l{n}" for n in range(20)]


class LampBridge(WebDevice):
    id = "BRIDGE1"
    first: ClassVar[dict[str, Any]] = {}

    def __init__(self, most: int = 10) -> None:
        super().__init__()
        self.most = most
        self.lamps = {lamp: {"name": f"Lamp {lamp}", "on": False} for lamp in LAMPS}
        self.came = list[tuple[float, str]]()
        """Every request, and when it came, in loop time."""
        self.refused = 0
        self.refusal: dict[str, str] = {"Retry-After": "1"}
        """The headers of a refusal."""
        self.busy_until = 0.0
        """Until when everything is refused."""
        self.status = 429

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        now = asyncio.get_running_loop().time()
        self.came.append((now, f"{request.method} {request.path}"))
        if now < self.busy_until or sum(at > now - 1 for at, _ in self.came) > self.most:
            self.refused += 1
            return web.json_response(
                {"error": "slow down"}, status=self.status, headers=self.refusal
            )
        match request.method, request.path.split("/")[1:]:
            case "GET", ["bridge"]:
                return web.json_response({"id": self.id})
            case "GET", ["lamps"]:
                return web.json_response(self.lamps)
            case "PUT", ["lamps"]:
                body = await request.json()
                for lamp in body.pop("lamps"):
                    self.lamps[lamp].update(body)
            case "PUT", ["lamps", lamp] if lamp in self.lamps:
                self.lamps[lamp].update(await request.json())
            case _:
                raise web.HTTPNotFound
        return web.json_response({})

    @property
    def requests(self) -> list[str]:
        """What came, without the reads."""
        return [what for _, what in self.came if not what.startswith("GET")]
