"""OpenSprinkler 2.2.1: https://opensprinkler.github.io/OpenSprinkler-Firmware/2.2.1/221_4_api."""

from hashlib import md5
from typing import Any, ClassVar, override

from aiohttp import web

from .device import PublishedDevice

SUCCESS, UNAUTHORIZED, MISSING, OUT_OF_RANGE = 1, 2, 16, 17


class OpenSprinkler(PublishedDevice):
    """A controller with eight stations, of which the third runs."""

    password = "opendoor"
    initial: ClassVar[dict[str, Any]] = {"en": 1, "rd": 0, "sn": [0, 0, 1, 0, 0, 0, 0, 0]}

    @override
    async def answer(self, request: web.Request) -> Any:
        hashed = md5(self.password.encode(), usedforsecurity=False).hexdigest()
        if request.query.get("pw") != hashed:
            return {"result": UNAUTHORIZED, "item": ""}
        match request.path:
            case "/jc":
                return {
                    "devt": 1764428400,
                    "nbrd": 1,
                    "en": self.state["en"],
                    "sn1": 1,
                    "sn2": 0,
                    "rd": self.state["rd"],
                    "rdst": 0,
                    "RSSI": -58,
                    "mac": "30:83:98:AA:BB:CC",
                    "dname": "Garden",
                    "curr": 210,
                    "sbits": [4, 0],
                }
            case "/js":
                return {"sn": self.state["sn"], "nstations": 8}
            case "/jo":
                return {"fwv": 221, "tz": 52, "hwv": 30, "fwm": 4}
            case _:
                await self.note(request)
                return {"result": self._command(request.path, dict(request.query)), "item": ""}

    def _command(self, path: str, query: dict[str, str]) -> int:
        if path == "/cv":
            if "en" in query:
                self.put(en=int(query["en"]))
            if "rd" in query:
                self.put(rd=int(int(query["rd"]) > 0))
            if query.get("rsn") == "1":
                self.put(sn=[0] * 8)
            return SUCCESS
        if path != "/cm" or not {"sid", "en"} <= query.keys():
            return MISSING
        return self._station(int(query["sid"]), query)

    def _station(self, sid: int, query: dict[str, str]) -> int:
        is_on = query["en"] == "1"
        if is_on and not 0 < int(query.get("t", "0")) <= 64800:
            return OUT_OF_RANGE
        if not is_on and not self.state["sn"][sid]:
            return OUT_OF_RANGE  # it is not in the queue
        stations = [*self.state["sn"]]
        stations[sid] = int(is_on)
        self.put(sn=stations)
        return SUCCESS
