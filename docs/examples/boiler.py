"""Boiler: JSON lines over TLS on port 4434, with the key on its label instead of a certificate."""

from lan_edge import (
    Ask,
    Driver,
    JsonRpc,
    JsonRpcOptions,
    Profile,
    RefusedError,
    Switch,
    Tls,
    Trust,
    handles,
    id_at,
    register,
)


@register
class Boiler(Driver[JsonRpc]):
    id = "boiler"
    profile = Profile(Switch)

    def transport_options(self) -> JsonRpcOptions:
        key = bytes.fromhex(self.secrets["key"])
        tls = Tls(trust=Trust.PSK, psk=key, psk_identity="hub", least_version="1.2")
        return JsonRpcOptions(port=4434, tls=tls)

    async def pair(self, ask: Ask) -> None:
        key = await ask.text("key", "The key on the label", self.check_key)
        self.set_secret("key", key)

    async def check_key(self, text: str) -> None:
        try:
            bytes.fromhex(text)
        except ValueError:
            raise RefusedError("the key has digits and letters from a to f only") from None

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
