"""Heater: JSON lines over TLS on port 4433, with a self-signed certificate."""

from lan_edge import Driver, JsonRpc, JsonRpcOptions, Profile, Switch, Tls, handles, id_at, register


@register
class Heater(Driver[JsonRpc]):
    id = "heater"
    profile = Profile(Switch)
    options = JsonRpcOptions(port=4433, tls=Tls())

    async def identify(self) -> str:
        return id_at(await self.io.call("info"), "id")

    async def refresh(self) -> None:
        await self.io.call("get")

    def on_message(self, message: JsonRpc.Message) -> None:
        self.emit_field(Switch.switch, message.data, "on", unchanged=True)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)
