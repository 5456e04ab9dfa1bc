"""Garden valve: GET and POST /valve over HTTP, and `valve` events at /events for each change."""

from lan_edge import Driver, Mdns, Profile, Sse, SseOptions, Switch, handles, id_at, register


@register
class GardenValve(Driver[Sse]):
    id = "garden_valve"
    discovery = (Mdns("_garden-valve._tcp.local.", unique_id="{txt[serial]}"),)
    profile = Profile(Switch)
    options = SseOptions(events="/events", silence=45)

    async def identify(self) -> str:
        return id_at(await self.io.get_json("/valve"), "serial")

    async def refresh(self) -> None:
        self.report(await self.io.get_json("/valve"))

    def on_message(self, message: Sse.Event) -> None:
        if message.type == "valve":
            self.report(message.json())

    def report(self, valve: object) -> None:
        self.emit_field(Switch.switch, valve, "open")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/valve", {"open": True})

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/valve", {"open": False})
