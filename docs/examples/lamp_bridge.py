"""Lamp bridge: JSON over HTTP, at most ten requests a second; GET /lamps, PUT /lamps/<id>."""

from lan_edge import (
    Component,
    Driver,
    Http,
    HttpOptions,
    Mdns,
    Pace,
    Profile,
    Switch,
    handles,
    id_at,
    object_at,
    register,
    text_at,
)


@register
class LampBridge(Driver[Http]):
    id = "lamp_bridge"
    discovery = (Mdns("_lamp-bridge._tcp.local.", unique_id="{txt[id]}"),)
    profile = Profile()
    parts = (Switch,)
    options = HttpOptions(port=8080, pace=Pace(most=10, per_host=True))

    async def identify(self) -> str:
        return id_at(await self.io.get_json("/bridge"), "id")

    async def refresh(self) -> None:
        lamps = object_at(await self.io.get_json("/lamps"))
        named = {key: text_at(lamp, "name") or key for key, lamp in lamps.items()}
        parts = {key: Component((Switch,), name, child=True) for key, name in named.items()}
        self.set_profile(Profile(**parts))
        for key, lamp in lamps.items():
            self.emit_field(Switch.switch, lamp, "on", key)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.put(f"/lamps/{self.component}", {"on": True})

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.put(f"/lamps/{self.component}", {"on": False})
