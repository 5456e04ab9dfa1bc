"""OpenDTU, its web API: https://www.opendtu.solar/firmware/web_api/."""

from base64 import b64encode
import json
from typing import Any, ClassVar, override

from aiohttp import web

from .device import PublishedDevice

SERIALS = ("114180000001", "114180000002")


class OpenDtu(PublishedDevice):
    """One with two inverters; the state is that of the second."""

    password = "openDTU42"
    initial: ClassVar[dict[str, Any]] = {
        "limit": 100.0,
        "producing": True,
        "reachable": True,
        "power": 140.8,
    }

    def __init__(self) -> None:
        super().__init__()
        self.asks_always = False
        """Whether reading without a login is switched off."""

    @override
    def check_login(self, request: web.Request) -> None:
        pair = b64encode(f"admin:{self.password}".encode()).decode()
        is_needed = self.asks_always or request.method == "POST"
        if is_needed and request.headers.get("Authorization") != f"Basic {pair}":
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Basic realm="OpenDTU"'})

    @override
    async def answer(self, request: web.Request) -> Any:
        match request.method, request.path:
            case "GET", "/api/livedata/status":
                return self._live(request.query.get("inv", ""))
            case "POST", "/api/limit/config":
                await self.note(request)
                return self._limit(json.loads(str((await request.post())["data"])))
            case _:
                raise web.HTTPNotFound

    def _live(self, serial: str) -> dict[str, Any]:
        inverters = [self._summary(each) for each in SERIALS]
        if serial:
            inverters = [i | self._details() for i in inverters if i["serial"] == serial]
        total = {"Power": {"v": 500.5, "u": "W", "d": 1}}
        return {"inverters": inverters, "total": total, "hints": {"radio_problem": False}}

    def _summary(self, serial: str) -> dict[str, Any]:
        is_second = serial == SERIALS[1]
        return {
            "serial": serial,
            "name": "Shed" if is_second else "Roof",
            "order": 0,
            "data_age": 3,
            "poll_enabled": True,
            "reachable": self.state["reachable"],
            "producing": self.state["producing"],
            "limit_relative": self.state["limit"] if is_second else 100,
            "limit_absolute": 800,
        }

    def _details(self) -> dict[str, Any]:
        def of(value: float, unit: str) -> dict[str, Any]:
            return {"v": value, "u": unit, "d": 1}

        ac = {
            "Power": of(self.state["power"], "W"),
            "Voltage": of(231.5, "V"),
            "Current": of(0.61, "A"),
            "Frequency": of(50.01, "Hz"),
        }
        inverter = {
            "YieldDay": of(812, "Wh"),
            "YieldTotal": of(2515.606, "kWh"),
            "Temperature": of(21.5, "°C"),
            "Efficiency": of(95.1, "%"),
        }
        return {"AC": {"0": ac}, "DC": {}, "INV": {"0": inverter}, "events": 2}

    def _limit(self, data: Any) -> dict[str, str]:
        if not {"serial", "limit_type", "limit_value"} <= data.keys():
            return {"type": "warning", "message": "Values are missing!"}
        if data["serial"] == SERIALS[1] and data["limit_type"] == 1:
            self.put(limit=data["limit_value"])
        return {"type": "success", "message": "Settings saved!"}
