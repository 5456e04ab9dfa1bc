"""JSON bulb: JSON lines over TCP; `info`, `get` and `set`, and a `state` push for each change."""

from lan_edge import Driver, JsonRpc, Profile, Ssdp, Switch, SwitchLevel, handles, id_at, register

TARGET = "urn:lan-edge-org:device:JsonBulb:1"


@register
class JsonBulb(Driver[JsonRpc]):
    id = "json_bulb"
    discovery = (Ssdp(TARGET, unique_id="{usn.uuid}", port="{headers[x-port]}"),)
    profile = Profile(Switch, SwitchLevel)

    async def identify(self) -> str:
        return id_at(await self.io.call("info"), "id")

    async def refresh(self) -> None:
        await self.io.call("get")

    def on_message(self, message: JsonRpc.Message) -> None:
        if message.method in {"get", "state"}:
            self.emit_field(Switch.switch, message.data, "on")
            self.emit_field(SwitchLevel.level, message.data, "level")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        await self.io.call("set", level=level, fade=rate or 0)
