"""Event lamp: GET and POST /lamp over HTTP, and `lamp` events at /events for each change."""

from typing import Any, override

from lan_edge import (
    Driver,
    Mdns,
    Profile,
    Sse,
    SseOptions,
    Switch,
    SwitchLevel,
    handles,
    register,
)


@register
class SseLamp(Driver[Sse]):
    id = "sse_lamp"
    discovery = (Mdns("_sse-lamp._tcp.local.", unique_id="{txt[serial]}"),)
    profile = Profile(Switch, SwitchLevel)
    options = SseOptions(events="/events", silence=45)

    @override
    async def identify(self) -> str:
        return str((await self.io.get_json("/lamp"))["serial"])

    @override
    async def refresh(self) -> None:
        self.take(await self.io.get_json("/lamp"))

    @override
    def on_message(self, message: Sse.Event) -> None:
        if message.type == "lamp":
            self.take(message.json())

    def take(self, told: dict[str, Any]) -> None:
        self.emit(Switch.switch, told["on"])
        self.emit(SwitchLevel.level, told["level"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/lamp", {"on": True})

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/lamp", {"on": False})

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:  # noqa: ARG002
        await self.io.post("/lamp", {"on": True, "level": level})
