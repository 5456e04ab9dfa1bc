"""A device by HTTP with a shade and a heater, which answers all its values at once."""

from typing import Any, Self

from aiohttp import web


class House:
    """A shade by its position, 0 when it is open, and a heater in °F with words for its modes."""

    host = "127.0.0.1"
    token = ""
    """What its state is given for; empty: it is given to all."""
    key = ""
    """The field `dkey` of each query; empty: none is needed."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {
            "pos": 100,
            "set": 68,
            "room": 66.2,
            "mode": 0,
            "moves": False,
        }
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/state", self._report)
        app.router.add_get("/set", self._set)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _report(self, request: web.Request) -> web.Response:
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            raise web.HTTPUnauthorized
        self._require_key(request)
        return web.json_response(self.state)

    def _require_key(self, request: web.Request) -> None:
        if request.query.get("dkey", "") != self.key:
            raise web.HTTPUnauthorized

    async def _set(self, request: web.Request) -> web.Response:
        self._require_key(request)
        for key, text in request.query.items():
            if key == "dkey":
                continue
            self.state[key] = float(text) if "." in text else int(text)
        return web.json_response({"ok": True})
