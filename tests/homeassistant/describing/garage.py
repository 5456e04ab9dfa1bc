"""The opener of a garage door by HTTP, which says only in its answers whether it has worked."""

from typing import Any, Self

from aiohttp import web


class Garage:
    """It answers each command with status 200: result 1, or 2 if the key is wrong."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.key = "opendoor"
        self.door = 0
        """1 while it is open."""
        self.worked: dict[str, Any] = {"result": 1}
        """What it answers to a command that has worked."""
        self.reported: dict[str, Any] = {}
        """What it reports besides."""
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/jc", self._report)
        app.router.add_get("/cc", self._move)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _report(self, _request: web.Request) -> web.Response:
        return web.json_response({"door": self.door, "vehicle": 0, **self.reported})

    async def _move(self, request: web.Request) -> web.Response:
        if request.query.get("dkey") != self.key:
            return web.json_response({"result": 2})
        self.door = int("open" in request.query)
        return web.json_response(self.worked)
