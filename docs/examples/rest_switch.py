"""REST switch: GET and POST /switch with the body "on" or "off"."""

from lan_edge import Driver, Http, Mdns, Profile, Switch, handles, register


@register
class RestSwitch(Driver[Http]):
    id = "rest_switch"
    discovery = (Mdns("_relay._tcp.local.", unique_id="{txt[id]}"),)
    profile = Profile(Switch)

    async def refresh(self) -> None:
        self.emit(Switch.switch, Switch.switch.parse(await self.io.get_text("/switch")))

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/switch", "on", again=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/switch", "off", again=True)
