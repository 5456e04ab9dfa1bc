"""Zendure SolarFlow, zenSDK: https://github.com/Zendure/zenSDK."""

from typing import Any, ClassVar, override

from aiohttp import web

from .device import PublishedDevice

WRITABLE = {
    "acMode",
    "inputLimit",
    "outputLimit",
    "socSet",
    "minSoc",
    "gridReverse",
    "inverseMaxPower",
    "smartMode",
}


class ZendureSolarFlow(PublishedDevice):
    """A battery that is being charged by the sun."""

    serial = "WOB1NHMAMXXXXX3"
    initial: ClassVar[dict[str, Any]] = {
        "heatState": 0,
        "packInputPower": 0,
        "outputPackPower": 310,
        "outputHomePower": 200,
        "remainOutTime": 540,
        "packState": 1,
        "packNum": 2,
        "electricLevel": 67,
        "gridInputPower": 0,
        "solarInputPower": 510,
        "solarPower1": 250,
        "solarPower2": 260,
        "pass": 0,
        "hyperTmp": 3011,
        "acMode": 2,
        "inputLimit": 0,
        "outputLimit": 200,
        "socSet": 1000,
        "minSoc": 100,
        "gridReverse": 0,
        "smartMode": 0,
    }

    @override
    async def answer(self, request: web.Request) -> Any:
        match request.method, request.path:
            case "GET", "/properties/report":
                return self.report()
            case "POST", "/properties/write":
                await self.note(request)
                return self.write(await request.json())
            case _:
                raise web.HTTPNotFound

    def report(self) -> dict[str, Any]:
        """Return all that it tells."""
        return {
            "timestamp": 1749110672,
            "messageId": 7,
            "sn": self.serial,
            "version": 2,
            "product": "solarFlow800",
            "properties": self.state,
            "packData": [{"sn": "CO4HXXXXX", "socLevel": 67, "state": 1, "maxTemp": 2981}],
        }

    def write(self, body: Any) -> dict[str, Any]:
        """Write properties; raise HTTPBadRequest for others, and for those of another one."""
        properties = body.get("properties", {})
        if body.get("sn") != self.serial or not properties.keys() <= WRITABLE:
            raise web.HTTPBadRequest
        self.put(**properties)
        return {"success": True, "code": 200, "sn": self.serial}
