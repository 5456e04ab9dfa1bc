"""Garden pump: JSON over UDP on port 38200; reports its state in a masked beacon on port 38201."""

import json
from typing import Any

from lan_edge import (
    Driver,
    JsonCodec,
    Profile,
    Sighting,
    Switch,
    Udp,
    UdpBeacon,
    UdpOptions,
    handles,
    id_at,
    register,
)


def unmask(data: bytes) -> Any:
    """Return the values in a beacon."""
    return json.loads(bytes(byte ^ 0x5A for byte in data))


@register
class GardenPump(Driver[Udp]):
    id = "garden_pump"
    discovery = (
        UdpBeacon(
            38201,
            read=unmask,
            unique_id=r"{beacon[serial].find(^GP-(\w+))}",
            name="Pump {beacon[serial][-4:]}",
            port="{beacon[port]}",
        ),
    )
    profile = Profile(Switch)
    options = UdpOptions(port=38200, codec=JsonCodec)

    async def identify(self) -> str:
        return id_at(await self.io.ask({"cmd": "who"}), "serial").removeprefix("GP-")

    def on_sighting(self, sighting: Sighting) -> None:
        self.emit(Switch.switch, sighting.json("{beacon[running]}"))

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.ask({"cmd": "run"})

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.ask({"cmd": "stop"})
