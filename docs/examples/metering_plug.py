"""Metering plug: JSON over HTTP on port 8080; GET and PUT /api/relay, GET /api/meter."""

from lan_edge import (
    Driver,
    Http,
    HttpOptions,
    Json,
    Mdns,
    PowerMeter,
    Profile,
    Switch,
    handles,
    id_at,
    object_at,
    register,
    text_at,
)


@register
class MeteringPlug(Driver[Http]):
    id = "metering_plug"
    discovery = (Mdns("_metering-plug._tcp.local.", unique_id="{txt[mac]}"),)
    profile = Profile(Switch, PowerMeter)
    options = HttpOptions(port=8080, base="/api")

    async def identify(self) -> str:
        info = await self.io.get_json("/info")
        self.describe(model=text_at(info, "model"), firmware=text_at(info, "firmware"))
        return id_at(info, "mac")

    async def refresh(self) -> None:
        self.emit_field(Switch.switch, await self.io.get_json("/relay"), "on")
        meter = await self.optional(self.read_meter, PowerMeter)
        self.emit_field(PowerMeter.power, meter, "power")

    async def read_meter(self) -> Json:
        return object_at(await self.io.get_json("/meter", unit="W"))

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.put("/relay", {"on": True})

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.put("/relay", {"on": False})
