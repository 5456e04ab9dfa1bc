"""Belkin WeMo: UPnP; BinaryState in `basicevent`, power and energy in `insight`."""

from lan_edge import (
    Component,
    Driver,
    EnergyMeter,
    Identity,
    MotionSensor,
    PowerMeter,
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

BASIC = "urn:Belkin:service:basicevent:1"
INSIGHT = "urn:Belkin:service:insight:1"
KINDS = ("controllee", "lightswitch", "dimmer", "insight", "sensor")
STATES = {"0": False, "1": True, "8": True}  # 8: on, but the load draws next to nothing
MOTION = {"0": False, "1": True}
MILLIWATT_MINUTES = 60e6  # in a kilowatt hour


@register
class Wemo(Driver[Upnp]):
    id = "wemo"
    name = "Belkin WeMo"
    discovery = tuple(
        Ssdp(
            BASIC,
            search=True,
            unique_id="{usn.uuid}",
            where={"upnp[deviceType]": f"urn:Belkin:device:{kind}:1"},
        )
        for kind in KINDS
    )
    profile = Profile(main=Component((Switch,), category="outlet"))
    # a WeMo has few threads, so connections are not kept open
    options = UpnpOptions(port=49153, description="/setup.xml", headers={"Connection": "close"})
    private = ("UDN", "friendlyName", "macAddress", "serialNumber")

    async def identify(self) -> str:
        return (await self.io.description())["UDN"].removeprefix("uuid:")

    async def connected(self) -> None:
        description = await self.io.description()
        self.describe(
            name=description["friendlyName"],
            manufacturer=description["manufacturer"],
            model=description["modelName"],
            firmware=description.get("firmwareVersion", ""),
            serial_number=description.get("serialNumber", ""),
            mac=description.get("macAddress", ""),
        )
        await self.io.subscribe(BASIC)

    def on_message(self, message: Upnp.Event) -> None:
        match message.variables:
            case {"BinaryState": state}:
                self.emit_state(state.split("|")[0])
            case _:
                pass

    async def refresh(self) -> None:
        self.emit_state((await self.io.action(BASIC, "GetBinaryState"))["BinaryState"])

    def emit_state(self, state: str) -> None:
        if state not in STATES:
            raise ReplyError(f"BinaryState is {state[:20]!r}")
        self.emit(Switch.switch, STATES[state])

    # SetBinaryState replies "Error" if nothing changes, so only the state that is read counts

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.action(BASIC, "SetBinaryState", BinaryState=1)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.action(BASIC, "SetBinaryState", BinaryState=0)


@register
class WemoLightSwitch(Wemo):
    profile = Profile(Switch)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.unique_id.startswith("Lightswitch-")


@register
class WemoDimmer(Wemo):
    profile = Profile(Switch, SwitchLevel)
    pushed = (Switch.switch,)  # only the first model (Dimmer-1_0) reports its brightness

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.unique_id.startswith("Dimmer-")

    async def refresh(self) -> None:
        state = await self.io.action(BASIC, "GetBinaryState")
        self.emit_state(state["BinaryState"])
        self.emit(SwitchLevel.level, SwitchLevel.level.parse(state["brightness"]))

    def on_message(self, message: Upnp.Event) -> None:
        super().on_message(message)
        if (level := message.variables.get("Brightness")) is not None:
            self.emit(SwitchLevel.level, SwitchLevel.level.parse(level))
        else:
            self.refresh_soon()  # whoever turned it on may have dimmed it

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        if level:  # it ignores a brightness of 0, and has no rate
            await self.io.action(BASIC, "SetBinaryState", BinaryState=1, brightness=level)
        else:
            await self.turn_off()


@register
class WemoInsight(Wemo):
    profile = Profile(main=Component((Switch, PowerMeter, EnergyMeter), category="outlet"))

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.unique_id.startswith("Insight-")

    async def connected(self) -> None:
        await super().connected()
        await self.io.subscribe(INSIGHT)

    async def refresh(self) -> None:
        reply = await self.io.action(INSIGHT, "GetInsightParams")
        self.emit_params(reply["InsightParams"])

    def on_message(self, message: Upnp.Event) -> None:
        if (params := message.variables.get("InsightParams")) is not None:
            self.emit_params(params)
        else:
            super().on_message(message)
            self.refresh_soon()  # it no longer reports its meter when it is off

    def emit_params(self, params: str) -> None:
        match params.split("|"):
            case [state, _, _, _, _, _, _, milliwatts, today, *_]:
                self.emit_state(state)
                self.emit(PowerMeter.power, PowerMeter.power.parse(milliwatts) / 1000)
                energy = EnergyMeter.energy.parse(today) / MILLIWATT_MINUTES
                self.emit(EnergyMeter.energy, energy)
            case _:
                raise ReplyError(f"InsightParams is {params[:60]!r}")


@register
class WemoMotion(Wemo):
    profile = Profile(MotionSensor)  # no Switch: its BinaryState cannot be set

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.unique_id.startswith("Sensor-")

    def emit_state(self, state: str) -> None:
        if state not in MOTION:
            raise ReplyError(f"BinaryState is {state[:20]!r}")
        self.emit(MotionSensor.motion, MOTION[state])
