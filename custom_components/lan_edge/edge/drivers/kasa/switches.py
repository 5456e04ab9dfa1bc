"""Wall switches and dimmers of Kasa."""

from lan_edge import (
    Capability,
    Identity,
    Json,
    Profile,
    Switch,
    SwitchLevel,
    handles,
    register,
)

from .driver import Kasa

WALL_SWITCHES = ("HS200", "HS210", "KS200")
DIMMERS = ("ES20M", "HS220", "KP405", "KS220", "KS230")


@register
class KasaWallSwitch(Kasa):
    profile = Profile(Switch)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith(WALL_SWITCHES)


@register
class KasaDimmer(Kasa):
    profile = Profile(Switch, SwitchLevel)
    fades = False

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith(DIMMERS)

    def capabilities(self, sysinfo: Json) -> list[type[Capability]]:
        return [Switch, SwitchLevel]

    def report(self, sysinfo: Json) -> None:
        super().report(sysinfo)
        self.emit(SwitchLevel.level, sysinfo.get("brightness"))

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        if level:  # it rejects 0, and does not turn on by itself
            await self.call("smartlife.iot.dimmer", "set_brightness", brightness=level)
            await self.turn_on()
        else:
            await self.turn_off()
