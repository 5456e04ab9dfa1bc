"""TLS lamp: the lines of the JSON bulb over TLS, with a token and a certificate of its own."""

from typing import override

from lan_edge import (
    Ask,
    Driver,
    JsonRpc,
    JsonRpcOptions,
    Mdns,
    Profile,
    Switch,
    SwitchLevel,
    Tls,
    handles,
    register,
)


@register
class TlsLamp(Driver[JsonRpc]):
    id = "tls_lamp"
    discovery = (Mdns("_tls-lamp._tcp.local.", unique_id="{txt[id]}"),)
    profile = Profile(Switch, SwitchLevel)
    options = JsonRpcOptions(port=4433, tls=Tls())

    @override
    async def pair(self, ask: Ask) -> None:
        self.set_secret("token", await ask.text("token", "The token of its app"))

    @override
    async def identify(self) -> str:
        return str((await self.io.call("info"))["id"])

    @override
    async def connected(self) -> None:
        await self.io.call("login", token=self.secrets["token"])

    @override
    async def refresh(self) -> None:
        await self.io.call("get")

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        if {"on", "level"} <= message.data.keys():
            self.emit(Switch.switch, message.data["on"])
            self.emit(SwitchLevel.level, message.data["level"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        await self.io.call("set", level=level, fade=rate or 0)
