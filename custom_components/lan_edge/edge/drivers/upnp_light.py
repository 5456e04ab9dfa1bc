"""UPnP light: BinaryLight:1 and DimmableLight:1, by SOAP and events of SwitchPower and Dimming.

Source: UPnP Forum, Lighting Controls V 1.0 (SwitchPower:1, Dimming:1).
"""

from collections.abc import Mapping
from functools import partial

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
)

POWER = "urn:schemas-upnp-org:service:SwitchPower:1"
DIMMING = "urn:schemas-upnp-org:service:Dimming:1"
KINDS = ("BinaryLight", "DimmableLight")
WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@register
class UpnpLight(Driver[Upnp]):
    id = "upnp_light"
    discovery = tuple(
        Ssdp(f"urn:schemas-upnp-org:device:{kind}:1", unique_id="{usn.uuid}") for kind in KINDS
    )
    profile = Profile(Switch, SwitchLevel)
    options = UpnpOptions(description="", again=True)  # every maker has its own path
    private = ("UDN", "friendlyName", "serialNumber")

    async def identify(self) -> str:
        description = await self.io.description()
        self.describe(
            name=description.get("friendlyName"),
            manufacturer=description.get("manufacturer"),
            model=description.get("modelName"),
            serial_number=description.get("serialNumber"),
        )
        return description["UDN"].removeprefix("uuid:")

    async def connected(self) -> None:
        self.dims = await self.io.has(DIMMING)
        self.set_profile(Profile(Switch, SwitchLevel) if self.dims else Profile(Switch))
        await self.io.subscribe(POWER)
        if self.dims:
            await self.io.subscribe(DIMMING)

    async def refresh(self) -> None:
        state = {"Status": await self.read(POWER, "GetStatus")}
        if self.dims:
            read_level = partial(self.read, DIMMING, "GetLoadLevelStatus")
            state["LoadLevelStatus"] = await self.optional(read_level, SwitchLevel)
        self.report(state)

    async def read(self, service: str, action: str) -> str | None:
        """Return the only result of an action; the spelling of its name varies."""
        return next(iter((await self.io.action(service, action)).values()), None)

    def on_message(self, message: Upnp.Event) -> None:
        self.report(message.variables)

    def report(self, state: Mapping[str, str | None]) -> None:
        self.emit_field(Switch.switch, state, "Status", convert=is_on, unchanged=True)
        level = SwitchLevel.level
        self.emit_field(level, state, "LoadLevelStatus", convert=level.parse, unchanged=True)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.action(POWER, "SetTarget", newTargetValue=1)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.action(POWER, "SetTarget", newTargetValue=0)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        if not level:
            await self.turn_off()
        else:  # the level does not turn it on
            await self.io.action(DIMMING, "SetLoadLevelTarget", newLoadlevelTarget=level)
            await self.turn_on()


def is_on(status: str) -> bool:
    """Return whether a status, in any of the spellings of UPnP's boolean, means on."""
    return WORDS[status.lower()]
