"""Metering plug: JSON over HTTP on port 8080; GET and PUT /api/relay, GET /api/meter."""

from lan_edge import Driver, Http, HttpOptions, Mdns, PowerMeter, Profile, Switch, handles, register


@register
class MeteringPlug(Driver[Http]):
    id = "metering_plug"
    discovery = (Mdns("_metering-plug._tcp.local.", unique_id="{txt[mac]}"),)
    profile = Profile(Switch, PowerMeter)
    options = HttpOptions(port=8080, base="/api")

    async def identify(self) -> str:
        info = await self.io.get_json("/info")
        self.describe(model=info["model"], firmware=info["firmware"])
        return str(info["mac"])

    async def refresh(self) -> None:
        relay = await self.io.get_json("/relay")
        meter = await self.io.get_json("/meter", unit="W")
        self.emit(Switch.switch, relay["on"])
        self.emit(PowerMeter.power, meter["power"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.put("/relay", {"on": True})

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.put("/relay", {"on": False})
