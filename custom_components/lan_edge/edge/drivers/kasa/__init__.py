"""TP-Link Kasa: JSON in an XOR cipher on port 9999; TCP with a length prefix, UDP for discovery.

TP-Link has not published the protocol. Sources: softScheck's "Reverse Engineering the TP-Link
HS110" and its list of commands (cipher, framing, plugs); the documentation of tplink-smarthome-api
(children, meters, dimmers), of tplink-lightbulb (bulbs) and of python-kasa (models; a connection
may be kept open; which fields they report); DaveGut's Hubitat driver (an effect that a light strip
has shown can be read from it and set again). Not documented, but assumed: where a strip gives only
the last two digits of an outlet's id, the strip's own id comes before them; an effect that is set
turns the strip on.
Newer firmware of some models uses another protocol (KLAP), which this driver does not support.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
import json
from typing import Annotated, Any, ClassVar

from lan_edge import (
    MAIN,
    ArgumentError,
    Capability,
    ColorControl,
    ColorTemperature,
    Component,
    Driver,
    EnergyMeter,
    FrameRequests,
    FramesOptions,
    Identity,
    Json,
    Mode,
    PowerMeter,
    Profile,
    ReplyError,
    Stored,
    Switch,
    SwitchLevel,
    UdpProbe,
    degrees,
    handles,
    mac_address,
    object_at,
    optional_object,
    register,
    text_at,
)

from .protocol import (
    MAX_OUTLETS,
    METERS,
    PORT,
    Cipher,
    answer,
    children_of,
    effect_of,
    flag,
    read_probe,
    readings_of,
    scaled,
    switched,
    unique_id,
)

MAX_EFFECTS, MAX_EFFECT = 16, 2048
FULL = 100
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


@dataclass
class KasaMemory:
    outlets: Annotated[tuple[str, ...], Stored()] = ()
    """TP-Link's ids of a strip's outlets: the first is that of outlet_1."""
    effects: Annotated[tuple[str, ...], Stored()] = ()
    """The effects that a light strip has shown, as it describes them in JSON."""
    abilities: Annotated[tuple[str, ...], Stored()] = ()
    """The fields that have told what the device can do; one may be missing later."""


@register
class Kasa(Driver[FrameRequests]):
    id = "kasa"
    help = "Some newer models and firmware versions use a protocol (KLAP) that is not supported."
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
            name=text_at(sysinfo, "alias"),
            manufacturer="TP-Link",
            model=text_at(sysinfo, "model"),
            firmware=text_at(sysinfo, "sw_ver"),
            mac=mac_address(own_id),
        )
        return own_id

    async def refresh(self) -> None:
        sysinfo = await self.sysinfo()
        is_strip = "children" in sysinfo and "relay_state" not in sysinfo
        if is_strip or children_of(sysinfo) or self.memory.outlets:
            await self.refresh_outlets(sysinfo)
        else:
            await self.refresh_main(sysinfo)

    async def refresh_main(self, sysinfo: Json) -> None:
        meter = await self.read_meter(sysinfo)
        main = type(self).profile.components[MAIN]
        has = (*self.capabilities(sysinfo), *self.metered(sysinfo, meter))
        self.set_profile(Profile(main=replace(main, capabilities=has)))
        self.report(sysinfo)
        self.report_meter(meter)

    async def refresh_outlets(self, sysinfo: Json) -> None:
        outlets = self.number_outlets(children_of(sysinfo))
        if not self.memory.outlets:
            raise ReplyError("the strip does not list its outlets")
        meters = {part: await self.read_meter(sysinfo, part) for part in outlets}
        has: tuple[type[Capability], ...] = (Switch, *self.metered(sysinfo, {}))
        parts = {
            part: Component(has, text_at(outlet, "alias"), child=True, category=OUTLET)
            for part, outlet in outlets.items()
        }
        self.set_profile(Profile(**parts))
        for part, outlet in outlets.items():
            self.emit(Switch.switch, switched(outlet.get("state")), part)
            self.report_meter(meters[part], part)

    # reading

    def has_meter(self, sysinfo: Json) -> bool:
        features: Any = sysinfo.get("feature")
        return self.can("feature", "ENE" in features if isinstance(features, str) else None)

    def can(self, name: str, reported: bool | None) -> bool:
        """Return whether the device can do something: as reported now, or else as reported last."""
        known = self.memory.abilities
        if reported is not None and reported != (name in known):
            others = tuple(each for each in known if each != name)
            self.memory.abilities = (*others, name) if reported else others
        return name in self.memory.abilities

    def metered(self, sysinfo: Json, meter: Json) -> list[type[Capability]]:
        """Return what the meter measures, whether or not it answers at the moment."""
        del meter
        return [capability for capability, *_ in METERS] if self.has_meter(sysinfo) else []

    def capabilities(self, sysinfo: Json) -> list[type[Capability]]:
        del sysinfo
        return [Switch]

    def report(self, sysinfo: Json) -> None:
        self.emit(Switch.switch, switched(sysinfo.get("relay_state")))

    def report_meter(self, meter: Json, part: str = MAIN) -> None:
        for capability, attribute, value in readings_of(meter):
            if self.has(capability, part):
                self.emit(attribute, value, part)

    async def sysinfo(self) -> Json:
        return await self.call("system", "get_sysinfo")

    async def read_meter(self, sysinfo: Json, part: str = MAIN) -> Json:
        if not self.has_meter(sysinfo):
            return {}
        read = partial(self.call, self.meter, "get_realtime", part)
        return await self.optional(read, *self.metered(sysinfo, {}), component=part) or {}

    def number_outlets(self, outlets: dict[str, Json]) -> dict[str, Json]:
        """Return the outlets by component; each keeps its number, also while others are missing."""
        known = self.memory.outlets
        numbered = (*known, *(own_id for own_id in outlets if own_id not in known))
        if len(numbered) > MAX_OUTLETS:
            numbered = tuple(outlets)
        self.memory.outlets = numbered
        return {part: outlets[own_id] for part, own_id in self.outlets.items() if own_id in outlets}

    @property
    def outlets(self) -> dict[str, str]:
        """TP-Link's id of each outlet, by component."""
        return {f"outlet_{n}": own_id for n, own_id in enumerate(self.memory.outlets, 1)}

    # commands

    async def call(self, module: str, method: str, part: str = MAIN, /, **arguments: Any) -> Json:
        outlet = self.outlets.get(part)
        context: Json = {"context": {"child_ids": [outlet]}} if outlet else {}
        question = {**context, module: {method: arguments}}
        return answer(await self.io.ask(question, again=True), module, method)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.call("system", "set_relay_state", self.component, state=1)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.call("system", "set_relay_state", self.component, state=0)


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


@register
class KasaBulb(Kasa):
    profile = Profile(Switch, SwitchLevel, ColorControl, ColorTemperature, PowerMeter)
    parts: ClassVar[tuple[type[Capability], ...]] = (EnergyMeter,)
    meter = "smartlife.iot.common.emeter"
    service: ClassVar[str] = "smartlife.iot.smartbulb.lightingservice"
    method: ClassVar[str] = "transition_light_state"

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith(BULBS)

    def has_meter(self, sysinfo: Json) -> bool:
        return True

    def metered(self, sysinfo: Json, meter: Json) -> list[type[Capability]]:
        """Return power, and energy of those that report it: some report 0 V and 0 A as well."""
        has_energy = "total_wh" in meter or self.has(EnergyMeter)
        return [PowerMeter, EnergyMeter] if has_energy else [PowerMeter]

    def capabilities(self, sysinfo: Json) -> list[type[Capability]]:
        flags = {"is_color": ColorControl, "is_variable_color_temp": ColorTemperature}
        has = [c for name, c in flags.items() if self.can(name, flag(sysinfo.get(name)))]
        return [Switch, SwitchLevel, *has]

    def report(self, sysinfo: Json) -> None:
        state = optional_object(sysinfo, "light_state")
        self.emit(Switch.switch, switched(state.get("on_off")))
        state = optional_object(state, "dft_on_state") | state  # its state when it is turned on
        self.emit(SwitchLevel.level, self.level_of(sysinfo, state))
        kelvins = state.get("color_temp")
        if self.has(ColorTemperature):
            if (limits := self.kelvins()) is not None:
                self.emit(ColorTemperature.color_temperature_range, limits)
            self.emit(ColorTemperature.color_temperature, kelvins or None)  # 0: it shows a colour
        if self.has(ColorControl):
            self.emit(ColorControl.hue, scaled(state.get("hue"), 1 / 3.6))
            self.emit(ColorControl.saturation, 0 if kelvins else state.get("saturation"))

    def level_of(self, sysinfo: Json, state: Json) -> Any:
        del sysinfo
        return state.get("brightness")

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
    parts = (EnergyMeter, Mode)
    fades = False
    service = "smartlife.iot.lightStrip"
    method = "set_light_state"
    lighting_effect: ClassVar[str] = "smartlife.iot.lighting_effect"
    running = ""  # the effect that it shows, as far as is known

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith(LIGHT_STRIPS)

    async def refresh_main(self, sysinfo: Json) -> None:
        if (name := effect_of(sysinfo)) and name not in self.effects:
            await self.learn_effect()
        await super().refresh_main(sysinfo)

    async def learn_effect(self) -> None:
        """Keep the effect that is shown: a strip takes only complete descriptions of effects."""
        read = partial(self.call, self.lighting_effect, "get_lighting_effect")
        effect = await self.optional(read, Mode) or {}
        effect.pop("err_code", None)
        description = json.dumps(effect)
        if text_at(effect, "name") and len(description) <= MAX_EFFECT:
            self.memory.effects = (*self.memory.effects, description)[-MAX_EFFECTS:]

    @property
    def effects(self) -> dict[str, Json]:
        """The effects that can be set, by name."""
        known: list[Json] = []
        for description in self.memory.effects:
            with suppress(ValueError):
                known.append(object_at(json.loads(description)))
        return {text_at(effect, "name"): effect for effect in known}

    def capabilities(self, sysinfo: Json) -> list[type[Capability]]:
        return [*super().capabilities(sysinfo), *([Mode] if self.effects else [])]

    def report(self, sysinfo: Json) -> None:
        super().report(sysinfo)
        self.running = effect_of(sysinfo)
        if self.has(Mode):
            known = tuple(self.effects)
            self.emit(Mode.supported_modes, known)
            self.emit(Mode.mode, self.running if self.running in ("", *known) else None)

    def level_of(self, sysinfo: Json, state: Json) -> Any:
        effect = optional_object(sysinfo, "lighting_effect_state")
        return super().level_of(sysinfo, effect if effect_of(sysinfo) else state)

    async def set_effect(self, name: str, **changes: int) -> None:
        if (effect := self.effects.get(name)) is None:
            raise ArgumentError(f"{name} is not an effect that the strip has shown")
        await self.call(self.lighting_effect, "set_lighting_effect", **effect | changes)
        self.running = name if changes["enable"] else ""

    @handles(Mode.set_mode)
    async def set_mode(self, mode: str) -> None:
        await self.set_effect(mode, enable=1, brightness=self.get(SwitchLevel.level) or FULL)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        if level and self.running in self.effects:  # it has a brightness of its own
            await self.set_effect(self.running, enable=1, brightness=level)
        else:
            await super().set_level(level)

    @handles(ColorControl.set_color)
    async def set_color(self, hue: float, saturation: float) -> None:
        await super().set_color(hue, saturation)
        self.running = ""  # a colour ends an effect

    @handles(ColorTemperature.set_color_temperature)
    async def set_color_temperature(self, temperature: int) -> None:
        if self.running in self.effects:  # white does not end it
            await self.set_effect(self.running, enable=0)
        await super().set_color_temperature(temperature)
