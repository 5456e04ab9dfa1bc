"""TP-Link Kasa: JSON in an XOR cipher on port 9999; TCP with a length prefix, UDP for discovery.

TP-Link has not published the protocol. Sources: softScheck's "Reverse Engineering the TP-Link
HS110" and its list of commands (cipher, framing, plugs); the documentation of tplink-smarthome-api
(children, meters, dimmers), of tplink-lightbulb (bulbs) and of python-kasa (models; a connection
may be kept open). Not documented, but assumed: where a strip gives only the last two digits of an
outlet's id, the strip's own id comes before them.
Newer firmware of some models uses another protocol (KLAP), which this driver does not support.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from lan_edge import (
    MAIN,
    Attribute,
    Capability,
    ColorControl,
    ColorTemperature,
    Component,
    CurrentMeasurement,
    Driver,
    EnergyMeter,
    FrameRequests,
    FramesOptions,
    Identity,
    Json,
    JsonCodec,
    PowerMeter,
    Profile,
    RefusedError,
    ReplyError,
    Switch,
    SwitchLevel,
    UdpProbe,
    VoltageMeasurement,
    degrees,
    handles,
    list_at,
    mac_address,
    object_at,
    optional_object,
    register,
    text_at,
)

PORT, KEY, MAX_OUTLETS = 9999, 171, 64
OUTLET = "outlet"
WALL_SWITCHES = ("HS200", "HS210", "KS200")
DIMMERS = ("ES20M", "HS220", "KP405", "KS220", "KS230")
BULBS = ("KB", "KL", "LB")
LIGHT_STRIPS = ("KL400", "KL420", "KL430")
KELVINS = {  # by model, or by model and region; from python-kasa 0.12 (`TPLINK_KELVIN`)
    "KB130": (2500, 9000),
    "KL120": (2700, 5000),
    "KL120(EU)": (2700, 6500),
    "KL125": (2500, 6500),
    "KL130": (2500, 9000),
    "KL135": (2500, 9000),
    "KL400L5": (2500, 9000),
    "KL420L5": (2500, 9000),
    "KL430": (2500, 9000),
    "LB120": (2700, 6500),
    "LB130": (2500, 9000),
    "LB230": (2500, 9000),
}
METERS: tuple[tuple[type[Capability], Attribute[float], str, str], ...] = (
    # the names in older firmware, and in newer firmware, which uses thousandths of the unit
    (PowerMeter, PowerMeter.power, "power", "power_mw"),
    (EnergyMeter, EnergyMeter.energy, "total", "total_wh"),
    (VoltageMeasurement, VoltageMeasurement.voltage, "voltage", "voltage_mv"),
    (CurrentMeasurement, CurrentMeasurement.current, "current", "current_ma"),
)

type Readings = dict[type[Capability], tuple[Attribute[float], Any]]


class Cipher(JsonCodec):
    """JSON in which each byte is XORed with the encrypted byte before it."""

    def encode(self, message: Any) -> bytes:
        sent = bytearray([KEY])
        for byte in super().encode(message):
            sent.append(byte ^ sent[-1])
        return bytes(sent[1:])

    def decode(self, data: bytes) -> Any:
        pairs = zip(data, bytes([KEY]) + data, strict=False)
        return super().decode(bytes(byte ^ before for byte, before in pairs))


def answer(reply: Any, module: str, method: str) -> Json:
    """Return the result of a method; raise RefusedError, or ReplyError if there is none."""
    for path in ((module,), (module, method)):
        status = optional_object(reply, *path)
        if status.get("err_code", 0):
            raise RefusedError(f"{method}: {status.get('err_msg', status['err_code'])!s:.100}")
    return object_at(reply, module, method)


def unique_id(sysinfo: Json) -> str:
    """Return the MAC address, which is in one of two fields, or else TP-Link's own id."""
    mac = sysinfo.get("mac") or sysinfo.get("mic_mac")
    return mac_address(str(mac)) or str(sysinfo.get("deviceId", "")).lower()


def read_probe(data: bytes) -> Json:
    """Return the content of the reply to a probe; {} if the device reports no id."""
    sysinfo = answer(Cipher().decode(data), "system", "get_sysinfo")
    return {"id": unique_id(sysinfo), **sysinfo} if unique_id(sysinfo) else {}


def switched(state: Any) -> Any:
    """Return 0 and 1 as bool; anything else unchanged, for `emit` to refuse."""
    return bool(state) if state in (0, 1) else state


def scaled(number: Any, factor: float) -> Any:
    """Return a number in another unit; anything else unchanged, for `emit` to refuse."""
    return number * factor if type(number) in {int, float} else number


@dataclass
class KasaMemory:
    outlets: dict[str, str] = field(default_factory=dict[str, str])  # component to TP-Link's id


@register
class Kasa(Driver[FrameRequests]):
    id = "kasa"
    help = "The protocol of some newer models and firmware (KLAP) is not supported."
    memory: KasaMemory
    discovery = (
        UdpProbe(
            PORT,
            Cipher().encode({"system": {"get_sysinfo": {}}}),
            read=read_probe,
            unique_id="{reply[id]}",
            name="{reply[alias]}",
            manufacturer="TP-Link",
            model="{reply[model]}",
        ),
    )
    profile = Profile(main=Component((Switch,), category=OUTLET))
    parts = tuple(capability for capability, *_ in METERS)
    options = FramesOptions(port=PORT, codec=Cipher)
    private = ("alias", "deviceId", "fwId", "hwId", "oemId")
    meter: ClassVar[str] = "emeter"

    async def identify(self) -> str:
        sysinfo = await self.sysinfo()
        if not (own_id := unique_id(sysinfo)):
            raise ReplyError("the device reports no ID")
        self.describe(
            name=str(sysinfo.get("alias", "")),
            manufacturer="TP-Link",
            model=str(sysinfo.get("model", "")),
            firmware=str(sysinfo.get("sw_ver", "")),
            mac=mac_address(own_id),
        )
        return own_id

    async def refresh(self) -> None:
        sysinfo = await self.sysinfo()
        if "children" in sysinfo:
            await self.refresh_outlets(sysinfo)
            return
        readings = await self.read_meter() if self.has_meter(sysinfo) else {}
        main = type(self).profile.components[MAIN]
        has = (*self.capabilities(sysinfo), *readings)
        self.set_profile(Profile(main=replace(main, capabilities=has)))
        self.report(sysinfo)
        self.report_meter(readings)

    async def refresh_outlets(self, sysinfo: Json) -> None:
        outlets = {f"outlet_{n}": o for n, o in enumerate(children_of(sysinfo), 1)}
        self.memory.outlets = {name: str(outlet["id"])[:64] for name, outlet in outlets.items()}
        metered = self.has_meter(sysinfo)
        readings = {n: await self.read_meter(n) if metered else {} for n in outlets}
        parts = {
            name: Component(
                (Switch, *readings[name]),
                str(outlet.get("alias", "")),
                child=True,
                category=OUTLET,
            )
            for name, outlet in outlets.items()
        }
        self.set_profile(Profile(**parts))
        for name, outlet in outlets.items():
            self.emit(Switch.switch, switched(outlet.get("state")), name)
            self.report_meter(readings[name], name)

    # reading

    def has_meter(self, sysinfo: Json) -> bool:
        return "ENE" in str(sysinfo.get("feature", ""))

    def capabilities(self, sysinfo: Json) -> list[type[Capability]]:
        del sysinfo
        return [Switch]

    def report(self, sysinfo: Json) -> None:
        self.emit(Switch.switch, switched(sysinfo.get("relay_state")))

    def report_meter(self, readings: Readings, component: str = MAIN) -> None:
        for attribute, value in readings.values():
            self.emit(attribute, value, component)

    async def sysinfo(self) -> Json:
        return await self.call("system", "get_sysinfo")

    async def read_meter(self, component: str = MAIN) -> Readings:
        return dict(readings_of(await self.call(self.meter, "get_realtime", component)))

    # commands

    async def call(self, module: str, method: str, part: str = MAIN, /, **arguments: Any) -> Json:
        outlet = self.memory.outlets.get(part)
        context: Json = {"context": {"child_ids": [outlet]}} if outlet else {}
        question = {**context, module: {method: arguments}}
        return answer(await self.io.ask(question, again=True), module, method)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.call("system", "set_relay_state", self.component, state=1)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.call("system", "set_relay_state", self.component, state=0)


def children_of(sysinfo: Json) -> list[Json]:
    """Return a strip's outlets with their complete ids, in the order of these ids."""
    own = text_at(sysinfo, "deviceId")
    outlets = [object_at(child) for child in list_at(sysinfo, "children")[: MAX_OUTLETS + 1]]
    is_known = own and all(isinstance(outlet.get("id"), str) for outlet in outlets)
    if not is_known or len(outlets) > MAX_OUTLETS:
        raise ReplyError("the strip does not list its outlets")
    for outlet in outlets:
        outlet["id"] = outlet["id"] if len(outlet["id"]) > len("00") else own + outlet["id"]
    return sorted(outlets, key=lambda outlet: str(outlet["id"]))


def readings_of(meter: Json) -> Iterator[tuple[type[Capability], tuple[Attribute[float], Any]]]:
    """Yield the readings of a meter, in the units of the attributes."""
    for capability, attribute, name, in_thousandths in METERS:
        if name in meter:
            yield capability, (attribute, meter[name])
        elif in_thousandths in meter:
            yield capability, (attribute, scaled(meter[in_thousandths], 1 / 1000))


@register
class KasaWallSwitch(Kasa):
    profile = Profile(Switch)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith(WALL_SWITCHES)


@register
class KasaDimmer(Kasa):
    profile = Profile(Switch, SwitchLevel)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith(DIMMERS)

    def capabilities(self, sysinfo: Json) -> list[type[Capability]]:
        return [Switch, SwitchLevel]

    def report(self, sysinfo: Json) -> None:
        super().report(sysinfo)
        level: Any = sysinfo.get("brightness")
        self.emit(SwitchLevel.level, level)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        if level:  # it rejects 0, does not turn on by itself, and fades at its own speed
            await self.call("smartlife.iot.dimmer", "set_brightness", brightness=level)
            await self.turn_on()
        else:
            await self.turn_off()


@register
class KasaBulb(Kasa):
    profile = Profile(Switch, SwitchLevel, ColorControl, ColorTemperature, PowerMeter)
    meter = "smartlife.iot.common.emeter"
    service: ClassVar[str] = "smartlife.iot.smartbulb.lightingservice"
    method: ClassVar[str] = "transition_light_state"

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith(BULBS)

    def has_meter(self, sysinfo: Json) -> bool:
        return True

    def capabilities(self, sysinfo: Json) -> list[type[Capability]]:
        flags = {"is_color": ColorControl, "is_variable_color_temp": ColorTemperature}
        return [Switch, SwitchLevel, *(c for flag, c in flags.items() if sysinfo.get(flag))]

    def report(self, sysinfo: Json) -> None:
        state = object_at(sysinfo, "light_state")
        self.emit(Switch.switch, switched(state.get("on_off")))
        state = optional_object(state, "dft_on_state") | state  # its state when it is turned on
        if "brightness" in state:
            self.emit(SwitchLevel.level, state["brightness"])
        has = self.capabilities(sysinfo)
        kelvins = state.get("color_temp")
        if ColorTemperature in has:
            if (limits := self.kelvins()) is not None:
                self.emit(ColorTemperature.color_temperature_range, limits)
            if kelvins:
                self.emit(ColorTemperature.color_temperature, kelvins)
        if ColorControl in has:
            self.emit(ColorControl.hue, scaled(state.get("hue"), 1 / 3.6))
            saturation: Any = 0 if kelvins else state.get("saturation")
            self.emit(ColorControl.saturation, saturation)

    def kelvins(self) -> tuple[int, int] | None:
        model = self.identity.model
        return KELVINS.get(model) or KELVINS.get(model.partition("(")[0])

    async def set_light(self, rate: float | None = None, **state: int) -> None:
        if rate is not None:
            state["transition_period"] = round(rate * 1000)
        await self.call(self.service, self.method, **state)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.set_light(on_off=1, ignore_default=0)  # as set in the Kasa app

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.set_light(on_off=0)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        if level:
            await self.set_light(rate, on_off=1, ignore_default=1, brightness=level)
        else:
            await self.set_light(rate, on_off=0)

    @handles(ColorControl.set_color)
    async def set_color(self, hue: float, saturation: float) -> None:
        color = {"hue": degrees(hue), "saturation": round(saturation), "color_temp": 0}
        await self.set_light(on_off=1, ignore_default=1, **color)

    @handles(ColorTemperature.set_color_temperature)
    async def set_color_temperature(self, temperature: int) -> None:
        await self.set_light(on_off=1, ignore_default=1, color_temp=temperature)


@register
class KasaLightStrip(KasaBulb):
    service = "smartlife.iot.lightStrip"
    method = "set_light_state"

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith(LIGHT_STRIPS)
