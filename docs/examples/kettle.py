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
    id_at,
    register,
)


@register
class Kettle(Driver[JsonRpc]):
    id = "kettle"
    discovery = (Mdns("_kettle._tcp.local.", unique_id="{txt[serial]}"),)
    profile = Profile(Switch, TemperatureMeasurement)
    options = JsonRpcOptions(port=9123, version=True)

    async def identify(self) -> str:
        return id_at(await self.io.call("Kettle.Info"), "serial")

    async def refresh(self) -> None:
        await self.io.call("Kettle.Status")

    def on_message(self, message: JsonRpc.Message) -> None:
        partly = message.method != "Kettle.Status"  # Kettle.Changed has what has changed
        self.emit_field(Switch.switch, message.data, "heating", unchanged=partly)
        temperature = TemperatureMeasurement.temperature
        self.emit_field(temperature, message.data, "celsius", unchanged=partly)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("Kettle.Heat", heating=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("Kettle.Heat", heating=False)
