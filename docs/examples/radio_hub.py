"""Radio hub: JSON lines over TCP; it passes on what its sensors say, and keeps no list of them."""

from lan_edge import (
    Battery,
    Component,
    Driver,
    JsonRpc,
    Profile,
    Ssdp,
    TemperatureMeasurement,
    id_at,
    register,
)


@register
class RadioHub(Driver[JsonRpc]):
    id = "radio_hub"
    discovery = (Ssdp("urn:example-com:device:RadioHub:1", unique_id="{usn.uuid}", port="5578"),)
    profile = Profile()
    parts = (TemperatureMeasurement, Battery)

    async def identify(self) -> str:
        return id_at(await self.io.call("info"), "serial")

    def on_message(self, message: JsonRpc.Message) -> None:
        if message.method != "heard":
            return
        sensor = id_at(message.data, "sensor")
        if sensor not in self.known_components:
            new = Component(self.parts, f"Sensor {sensor}", child=True)
            self.set_profile(Profile(**self.known_components, **{sensor: new}))
        self.emit_field(TemperatureMeasurement.temperature, message.data, "celsius", sensor)
        self.emit_field(Battery.battery, message.data, "battery", sensor, unchanged=True)
