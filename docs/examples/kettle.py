"""Kettle: JSON-RPC 2.0 over TCP on port 9123; `Kettle.Changed` reports every change."""

from lan_edge import (
    Driver,
    JsonRpc,
    JsonRpcOptions,
    Mdns,
    Profile,
    Switch,
    TemperatureMeasurement,
    handles,
    register,
)


@register
class Kettle(Driver[JsonRpc]):
    id = "kettle"
    discovery = (Mdns("_kettle._tcp.local.", unique_id="{txt[serial]}"),)
    profile = Profile(Switch, TemperatureMeasurement)
    options = JsonRpcOptions(port=9123, version=True)

    async def identify(self) -> str:
        return str((await self.io.call("Kettle.Info"))["serial"])

    async def refresh(self) -> None:
        await self.io.call("Kettle.Status")

    def on_message(self, message: JsonRpc.Message) -> None:
        if "heating" in message.data:
            self.emit(Switch.switch, message.data["heating"])
        if "celsius" in message.data:
            self.emit(TemperatureMeasurement.temperature, message.data["celsius"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("Kettle.Heat", heating=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("Kettle.Heat", heating=False)
