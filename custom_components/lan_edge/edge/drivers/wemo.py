"""Belkin WeMo: UPnP; BinaryState in `basicevent`, power and energy in `insight`.

Sources: recorded answers of real devices in the tests of pywemo, also for the device types.
"""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from lan_edge import (
    Attribute,
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
    number,
    register,
    word_of,
)

TYPE = "urn:Belkin:device:"
BASIC = "urn:Belkin:service:basicevent:1"
INSIGHT = "urn:Belkin:service:insight:1"
KINDS = ("controllee", "lightswitch", "dimmer", "insight", "sensor", "outdoor")
STATES = {"0": False, "1": True, "8": True}  # 8: on, but the load draws next to nothing
MOTION = {"0": False, "1": True}
MILLIWATT_MINUTES = 60e6  # in a kilowatt hour
PARAMS = ("BinaryState", "", "", "", "", "", "", "power", "energy")
"""The names of the fields of InsightParams that are shown."""


@register
class Wemo(Driver[Upnp]):
    id = "wemo"
    name = "Belkin WeMo"
    discovery = tuple(
        Ssdp(
            BASIC,
            search=True,
            unique_id="{usn.uuid}",
            where={"upnp[deviceType]": f"{TYPE}{kind}:1"},
        )
        for kind in KINDS
    )
    profile = Profile(main=Component((Switch,), category="outlet"))
    # a WeMo has few threads, so connections are not kept open
    options = UpnpOptions(port=49153, description="/setup.xml", headers={"Connection": "close"})
    private = ("UDN", "friendlyName", "macAddress", "serialNumber")
    binary_state: ClassVar[tuple[Attribute[bool], Mapping[str, bool]]] = (Switch.switch, STATES)

    async def identify(self) -> str:
        about = await self.io.description()
        self.check_kind(about.get("deviceType", ""))
        self.describe(
            name=about.get("friendlyName"),
            manufacturer=about.get("manufacturer"),
            model=about.get("modelName"),
            firmware=about.get("firmwareVersion"),
            serial_number=about.get("serialNumber"),
            mac=about.get("macAddress"),
        )
        return about["UDN"].removeprefix("uuid:")

    def check_kind(self, device_type: str) -> None:
        """Raise ReplyError for another kind of WeMo, which BinaryState does not switch."""
        kind = device_type.strip().removeprefix(TYPE).partition(":")[0]
        if device_type.strip().startswith(TYPE) and kind.lower() not in KINDS:
            raise ReplyError(t"a WeMo of the kind {kind[:40]} is not supported")

    async def connected(self) -> None:
        await self.io.subscribe(BASIC)

    def on_message(self, message: Upnp.Event) -> None:
        if (state := message.variables.get("BinaryState")) is not None:
            self.emit_state(state)
            if self.get(self.binary_state[0]) is None:
                self.refresh_soon()

    async def refresh(self) -> None:
        await self.read_state()

    async def read_state(self) -> Mapping[str, str]:
        reply = await self.io.action(BASIC, "GetBinaryState")
        self.emit_state(reply["BinaryState"])
        return reply

    def emit_state(self, state: str) -> None:
        attribute, states = self.binary_state
        field = {"BinaryState": state.partition("|")[0]}  # meters may follow
        self.emit_field(attribute, field, "BinaryState", convert=partial(word_of, states))

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
        return identity.unique_id.lower().startswith("lightswitch-")


@register
class WemoDimmer(Wemo):
    profile = Profile(Switch, SwitchLevel)
    fades = False
    pushed = (Switch.switch,)  # only the first model (Dimmer-1_0) reports its brightness

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.unique_id.lower().startswith("dimmer-")

    async def refresh(self) -> None:
        level = SwitchLevel.level
        self.emit_field(level, await self.read_state(), "brightness", convert=level.parse)

    def on_message(self, message: Upnp.Event) -> None:
        super().on_message(message)
        level, variables = SwitchLevel.level, message.variables
        self.emit_field(level, variables, "Brightness", convert=level.parse, unchanged=True)
        if "Brightness" not in variables or self.get(level) is None:
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
        return identity.unique_id.lower().startswith("insight-")

    async def connected(self) -> None:
        await super().connected()
        await self.io.subscribe(INSIGHT)

    async def refresh(self) -> None:
        params = await self.optional(self.read_params, PowerMeter, EnergyMeter)
        if params is None or params["BinaryState"] not in STATES:
            await self.read_state()
        if params is not None:
            self.emit_params(params)

    async def read_params(self) -> dict[str, str]:
        reply = await self.io.action(INSIGHT, "GetInsightParams")
        return params_in(reply["InsightParams"])

    def on_message(self, message: Upnp.Event) -> None:
        if (params := message.variables.get("InsightParams")) is not None:
            self.emit_params(params_in(params))
        else:
            super().on_message(message)
            self.refresh_soon()  # it no longer reports its meter when it is off

    def emit_params(self, params: Mapping[str, str]) -> None:
        if params["BinaryState"] in STATES:
            self.emit_state(params["BinaryState"])
        self.emit_field(PowerMeter.power, params, "power", convert=watts)
        self.emit_field(EnergyMeter.energy, params, "energy", convert=kilowatt_hours)


def params_in(text: str) -> dict[str, str]:
    """Return the fields of InsightParams, by name."""
    return dict(zip(PARAMS, text.split("|"), strict=False))


def watts(milliwatts: str) -> float:
    """Return the power."""
    return number(milliwatts, t"the power", 0) / 1000


def kilowatt_hours(milliwatt_minutes: str) -> float:
    """Return the energy."""
    return number(milliwatt_minutes, t"the energy", 0) / MILLIWATT_MINUTES


@register
class WemoMotion(Wemo):
    profile = Profile(MotionSensor)  # no Switch: its BinaryState cannot be set
    binary_state = (MotionSensor.motion, MOTION)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.unique_id.lower().startswith("sensor-")
