"""go-e Charger, HTTP API v2: https://github.com/goecharger/go-eCharger-API-v2."""

import json
from typing import Any, ClassVar, override

from aiohttp import web

from .device import PublishedDevice

WRITABLE = {"amp", "frc", "rst", "fna"}


class GoECharger(PublishedDevice):
    """A charger with a car that waits."""

    initial: ClassVar[dict[str, Any]] = {
        "sse": "123456",
        "typ": "go-eCharger_V4",
        "fwv": "055.7",
        "fna": "Carport",
        "alw": True,
        "amp": 16,
        "car": 2,
        "err": 0,
        "frc": 0,
        "eto": 1234567,
        "wh": 4321.5,
        # voltages of L1 to L3 and N, currents, powers of L1 to L3, N and all, power factors
        "nrg": [231, 232, 233, 1, 15.5, 15.6, 15.7, 3580, 3619, 3658, 0, 10857, 99, 99, 98, 0],
        "adi": False,
    }

    def __init__(self) -> None:
        super().__init__()
        self.accepts = range(6, 33)
        """The currents that it accepts."""

    @override
    async def answer(self, request: web.Request) -> Any:
        if request.path == "/api/status":
            names = request.query.get("filter")
            wanted = names.split(",") if names else list(self.state)
            return {name: self.state.get(name) for name in wanted}
        if request.path != "/api/set":
            raise web.HTTPNotFound
        await self.note(request)
        return {name: self._set(name, text) for name, text in request.query.items()}

    def _set(self, name: str, text: str) -> bool | str:
        if name not in WRITABLE:
            return "unknown api key"
        try:
            value = json.loads(text)
        except ValueError:
            return "could not parse value as JSON"
        if name == "amp" and value not in self.accepts:
            return "value out of range"
        if name != "rst":
            self.put(**{name: value})
            self.state["alw"] = self.state["frc"] != 1
        return True
