"""Desk lamp: GET and PATCH /lamp by HTTP, and each change on the WebSocket /events."""

from lan_edge import (
    Beside,
    Driver,
    Http,
    HttpOptions,
    Json,
    Mdns,
    Profile,
    Switch,
    SwitchLevel,
    WebSocket,
    WebSocketOptions,
    handles,
    id_at,
    register,
)


@register
class DeskLamp(Driver[Http]):
    id = "desk_lamp"
    discovery = (Mdns("_desk-lamp._tcp.local.", unique_id="{txt[serial]}"),)
    profile = Profile(Switch, SwitchLevel)
    options = HttpOptions(port=8080)
    events = Beside(WebSocket, WebSocketOptions(port=8080, path="/events"))

    async def identify(self) -> str:
        return id_at(await self.io.get_json("/info"), "serial")

    async def refresh(self) -> None:
        self.on_message(await self.io.get_json("/lamp"))

    def on_message(self, message: Json) -> None:
        self.emit_field(Switch.switch, message, "on", unchanged=True)
        self.emit_field(SwitchLevel.level, message, "level", unchanged=True)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.request("PATCH", "/lamp", {"on": True})

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.request("PATCH", "/lamp", {"on": False})

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        await self.io.request("PATCH", "/lamp", {"level": level, "fade": rate or 0})
