"""UPnP light: BinaryLight:1 and DimmableLight:1, by SOAP and events of SwitchPower and Dimming.

Source: UPnP Forum, Lighting Controls V 1.0 (SwitchPower:1, Dimming:1).
"""

from lan_edge import (
    Driver,
    Profile,
    ReplyError,
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
            name=description["friendlyName"],
            manufacturer=description.get("manufacturer", ""),
            model=description.get("modelName", ""),
            serial_number=description.get("serialNumber", ""),
        )
        return description["UDN"].removeprefix("uuid:")

    async def connected(self) -> None:
        self.dims = await self.io.has(DIMMING)
        self.set_profile(Profile(Switch, SwitchLevel) if self.dims else Profile(Switch))
        await self.io.subscribe(POWER)
        if self.dims:
            await self.io.subscribe(DIMMING)

    async def refresh(self) -> None:
        power = await self.io.action(POWER, "GetStatus")
        self.emit_status(next(iter(power.values()), ""))
        if self.dims:
            level = await self.io.action(DIMMING, "GetLoadLevelStatus")
            self.emit_level(next(iter(level.values()), ""))  # the spelling of its name varies

    def on_message(self, message: Upnp.Event) -> None:
        if (status := message.variables.get("Status")) is not None:
            self.emit_status(status)
        if (level := message.variables.get("LoadLevelStatus")) is not None:
            self.emit_level(level)

    def emit_status(self, status: str) -> None:
        if status.lower() not in WORDS:
            raise ReplyError(f"Status is {status[:20]!r}, not a boolean")
        self.emit(Switch.switch, WORDS[status.lower()])

    def emit_level(self, level: str) -> None:
        self.emit(SwitchLevel.level, SwitchLevel.level.parse(level))

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
