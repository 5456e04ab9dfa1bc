"""Sonoff switch: in DIY mode; commands as JSON over HTTP, its state in its mDNS record."""

from lan_edge import Driver, Http, Mdns, Profile, RefusedError, Sighting, Switch, handles, register


@register
class SonoffSwitch(Driver[Http]):
    id = "sonoff_switch"
    discovery = (
        Mdns("_ewelink._tcp.local.", unique_id="{txt[id]}", where={"txt[type]": "diy_plug"}),
    )
    profile = Profile(Switch)

    async def identify(self) -> str:
        return (await self.ask("info")).get("deviceid", "")

    def on_sighting(self, sighting: Sighting) -> None:
        data = sighting.json("{txt[data1]}{txt[data2]}{txt[data3]}{txt[data4]}")
        self.emit_field(Switch.switch, data, "switch", convert=Switch.switch.parse)

    async def ask(self, what: str, **data: str) -> dict[str, str]:
        body = {"deviceid": self.identity.unique_id, "data": data}
        reply: dict[str, dict[str, str]] = (await self.io.post(f"/zeroconf/{what}", body)).json()
        if reply["error"]:
            raise RefusedError(f"{what}: error {reply['error']}")
        return reply.get("data", {})

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.ask("switch", switch="on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.ask("switch", switch="off")
