"""GUPnP light: a UPnP DimmableLight, such as the light of GUPnP's tools; events report changes.

Its protocol: http://upnp.org/specs/ha/UPnP-ha-SwitchPower-v1-Service.pdf and
http://upnp.org/specs/ha/UPnP-ha-Dimming-v1-Service.pdf
"""

from lan_edge import (
    Driver,
    Profile,
    Ssdp,
    Switch,
    SwitchLevel,
    Upnp,
    UpnpOptions,
    handles,
    register,
    word_of,
)

POWER = "urn:schemas-upnp-org:service:SwitchPower:1"
DIMMING = "urn:schemas-upnp-org:service:Dimming:1"
BOOLEANS = {"0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}


@register
class GupnpLight(Driver[Upnp]):
    id = "gupnp_light"
    discovery = (Ssdp("urn:schemas-upnp-org:device:DimmableLight:1", unique_id="{usn.uuid}"),)
    profile = Profile(Switch, SwitchLevel)
    options = UpnpOptions(description="")
    fades = False

    async def identify(self) -> str:
        about = await self.io.description()
        self.describe(manufacturer=about.get("manufacturer"), model=about.get("modelName"))
        return about["UDN"].removeprefix("uuid:")

    async def connected(self) -> None:
        await self.io.subscribe(POWER)
        await self.io.subscribe(DIMMING)

    async def refresh(self) -> None:
        power = await self.io.action(POWER, "GetStatus")
        level = await self.io.action(DIMMING, "GetLoadLevelStatus")
        self.emit_parsed(Switch.switch, power["ResultStatus"], convert=boolean)
        self.emit_parsed(SwitchLevel.level, level["retLoadlevelStatus"])

    def on_message(self, message: Upnp.Event) -> None:
        status = message.variables.get
        if text := status("Status"):
            self.emit_parsed(Switch.switch, text, convert=boolean)
        if text := status("LoadLevelStatus"):
            self.emit_parsed(SwitchLevel.level, text)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.action(POWER, "SetTarget", newTargetValue=1)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.action(POWER, "SetTarget", newTargetValue=0)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int) -> None:
        await self.io.action(DIMMING, "SetLoadLevelTarget", newLoadlevelTarget=level)


def boolean(text: str) -> bool:
    """Return what a UPnP boolean means."""
    return word_of(BOOLEANS, text)
