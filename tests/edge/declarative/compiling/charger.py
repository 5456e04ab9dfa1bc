"""A charger by HTTP with a bit of everything, and the text that describes it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from lan_edge import Address

TOKEN = "t0ken/of the=charger"
TEXT = """\
description: 1
id: example_charger
name: Charger
products: [{manufacturer: Example, model: C1}]
requirements: Switch on the local API in its app.
parameters:
  token: {kind: secret, label: Access token, required: false}
  phases: {kind: choice, label: Phases, choices: {"1": One, "3": Three}, default: "3"}
settings:
  limit: {kind: number, label: Limit, default: 16, minimum: 6, maximum: 32, unit: A}
talks: http
login: {header: {X-Token: "{token}"}}
requests:
  status: {get: /api/status, query: {filter: "alw,amp", phases: "{phases}"}}
  meter: {get: /api/meter, optional: true}
  about: {get: /api/about}
identity: {from: about, path: serial}
device: {model: {from: about, path: type}, firmware: {from: about, path: fw}}
components:
  main:
    switch:
      switch: {from: status, path: alw}
      "on": {get: /api/set, query: {alw: 1}}
      "off":
        - {get: /api/set, query: {amp: 6}}
        - {get: /api/set, query: {alw: 0}, wait: 0.5}
    powerMeter:
      power: {from: meter, path: "nrg[1]"}
    thermostatMode:
      supportedThermostatModes: {fixed: [heat, "off"]}
      thermostatMode: {from: status, path: mode, map: {0: "off", 1: heat}}
      setThermostatMode: {get: /api/set, query: {mode: "{mode}"}}
    own:
      current:
        number: [6, 32]
        name: Charging current
        unit: A
        step: 1
        from: status
        path: amp
        set: {get: /api/set, query: {amp: "{value}"}}
      share:
        number: [0, 200]
        unit: "%"
        from: status
        path: amp
        template: "value * 100 / limit"
      car: {choice: {1: Idle, 2: Charging}, from: status, path: car}
      lock:
        choice: {0: Never, 1: At night}
        from: status
        path: lck
        set: {post: /api/set, json: {lck: "{value}"}}
      label: {text: true, from: status, path: name, set: {get: "/api/name/{value}"}}
      boost: {switch: true, from: status, path: bst, set: {post: /api/set, json: {bst: "{value}"}}}
      note:
        text: true
        assumed: true
        set: {post: /api/note, json: {to: "{identity}", text: "{value}"}}
      reboot: {button: {get: /api/set, query: {rst: 1}}, name: Restart}
  socket_2:
    name: Second socket
    child: true
    switch:
      switch: {from: status, path: alw2}
      "on": {get: /api/set, query: {alw2: 1}}
      "off": {get: /api/set, query: {alw2: 0}}
"""


class Charger:
    """The charger; its `state` is what it reports."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {
            "alw": False,
            "alw2": True,
            "amp": 16,
            "car": 1,
            "mode": 0,
            "lck": 0,
            "name": "Mine",
            "bst": False,
        }
        self.token = TOKEN
        self.serial = "C-1"
        self.meter: dict[str, Any] | None = {"nrg": [0, 1250.5]}
        self.asked: list[str] = []
        """The requests, without those that read."""
        self.queries: list[dict[str, str]] = []
        """The queries of those that read the status."""
        self.refused = 0
        self.address = Address("")

    @asynccontextmanager
    async def there(self) -> AsyncGenerator[Charger]:
        """Be there for the length of a block."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.address = Address("127.0.0.1", runner.addresses[0][1])
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        if self.token and request.headers.get("X-Token") != self.token:
            self.refused += 1
            raise web.HTTPUnauthorized
        match request.path:
            case "/api/status":
                self.queries.append(dict(request.query))
                return web.json_response(self.state)
            case "/api/about":
                return web.json_response({"serial": self.serial, "type": "C1", "fw": "0.42"})
            case "/api/meter" if self.meter is not None:
                return web.json_response(self.meter)
            case "/api/set":
                return await self._set(request)
            case "/api/note":
                self.asked.append(f"POST /api/note {await request.text()}")
                return web.json_response({})
            case path if path.startswith("/api/name/"):
                self.asked.append(f"{request.method} {request.raw_path}")
                self.state["name"] = path.removeprefix("/api/name/")
                return web.json_response({})
            case _:
                raise web.HTTPNotFound

    async def _set(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.asked.append(f"{request.method} {request.raw_path} {body}".strip())
        wanted: dict[str, Any] = {key: int(value) for key, value in request.query.items()}
        wanted |= await request.json() if body else {}
        for flag in {"alw", "alw2"} & wanted.keys():
            wanted[flag] = bool(wanted[flag])
        self.state |= wanted
        return web.json_response({})
