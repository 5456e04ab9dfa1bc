"""Radiator valve: JSON lines over TCP; it sleeps, and wakes every hour for some seconds."""

from lan_edge import (
    Driver,
    JsonRpc,
    Profile,
    Ssdp,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint,
    handles,
    id_at,
    register,
)


@register
class RadiatorValve(Driver[JsonRpc]):
    id = "radiator_valve"
    discovery = (Ssdp("urn:example-com:device:Valve:1", unique_id="{usn.uuid}", port="5577"),)
    profile = Profile(TemperatureMeasurement, ThermostatHeatingSetpoint)
    sleeps = 3 * 3600

    async def identify(self) -> str:
        return id_at(await self.io.call("info"), "serial")

    async def refresh(self) -> None:
        await self.io.call("get")

    def on_message(self, message: JsonRpc.Message) -> None:
        if message.method in {"get", "set"}:
            self.emit_field(TemperatureMeasurement.temperature, message.data, "celsius")
            self.emit_field(ThermostatHeatingSetpoint.heating_setpoint, message.data, "target")

    @handles(ThermostatHeatingSetpoint.set_heating_setpoint)
    async def set_target(self, setpoint: float) -> None:
        await self.io.call("set", target=setpoint)
