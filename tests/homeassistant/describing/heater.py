"""A heater by HTTP that has words of its own: it says OFF for what it is told as Off."""

from typing import Any, Self

from aiohttp import web


class Heater:
    """It takes JSON by POST, and refuses what is none."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.state: Any = {
            "set_temperature": 21,
            "operation_mode": "Heat",
            "lock_active": "No lock",
            "fan": 2,
            "power": 900,
        }
        self.sent: list[Any] = []
        """What it was sent."""
        self.ending = ""
        """What it adds to its words."""
        self.late = 0
        """How many readings after a command still have what was before it."""
        self.fails_late = False
        """Whether it answers only the first of these."""
        self.counts = False
        """Whether it has a clock and a counter, which change at each reading."""
        self.fails_once = False
        """Whether it does not answer the next reading."""
        self._before: dict[str, Any] = {}
        self._left = 0
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/status", self._report)
        app.router.add_get("/window", self._window)
        app.router.add_post("/{key}", self._set)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _report(self, _request: web.Request) -> web.Response:
        if self.counts:
            self.state["uptime"] += 1
            self.state["clock"] = f"10:00:{self.state['uptime']:02}"
        if self.fails_once:
            self.fails_once = False
            raise web.HTTPServiceUnavailable
        if self._left > 0:
            self._left -= 1
            if self.fails_late and self._left < self.late - 1:
                raise web.HTTPServiceUnavailable
            return web.json_response(self._before)
        return web.json_response(self.state)

    async def _window(self, _request: web.Request) -> web.Response:
        return web.json_response({"open": False})

    async def _set(self, request: web.Request) -> web.Response:
        key, sent = request.match_info["key"], await request.json()
        self.sent.append(sent)
        self._before, self._left = dict(self.state), self.late
        value = sent["value"]
        match key:
            case "operation_mode":
                value = value.upper() + self.ending
                self.state["power"] = 0
            case "lock_active":
                value = f"Child lock{self.ending}" if value else "No lock"
            case "fan":
                value += 10
        self.state[key] = value
        return web.json_response({"status": "ok"})
