"""Yeelight: JSON lines over TCP with `props` notifications; discovered by a search on port 1982.

Source: the "Yeelight WiFi Light Inter-Operation Specification" (Yeelink, 2015), in public
transcriptions, not in the vendor's PDF. It leaves open:
- how to identify a light over its connection: get_prop does not return an id, so only the id from
  discovery says which light it is;
- the narrower colour temperatures of some models, and that set_bright in moonlight changes nl_br:
  both are from public libraries and users' reports;
- which properties a model lacks: without `support` from discovery, a light is assumed to lack ct
  or hue if it returns empty text for it.
"""

from contextlib import suppress
from dataclasses import dataclass, field
import math
from typing import Annotated, Any

from lan_edge import (
    ArgumentError,
    Attribute,
    Capability,
    ColorControl,
    ColorTemperature,
    Driver,
    Identity,
    JsonRpc,
    JsonRpcOptions,
    Label,
    Mode,
    Profile,
    Range,
    RefusedError,
    ReplyError,
    Ssdp,
    Switch,
    SwitchLevel,
    degrees,
    handles,
    hue_and_saturation,
    register,
)

PROPS = ("power", "bright", "color_mode", "ct", "rgb", "hue", "sat", "active_mode", "nl_br")
IN_RGB, IN_WHITE = "1", "2"  # color_mode; 3 is hue and saturation
ACTIVE = {"0": "daylight", "1": "moonlight"}  # active_mode
MODES = {"daylight": 1, "moonlight": 5}  # for set_power; 1 is "on, and white"
SHORTEST_FADE = 30  # milliseconds
MAX_RGB = 0xFFFFFF
KELVINS = {
    "": (1700, 6500),  # for all models, in the specification
    "ceil": (2700, 6500),
    "ceild": (3000, 6500),
    "ceiling17": (3000, 5700),
    "ceiling5": (2700, 5700),
    "colorc": (2700, 6500),
    "ct": (2700, 6500),
    "lamp1": (2700, 5000),
    "lamp15": (2700, 6500),
    "lamp4": (2600, 5000),
    "strip2": (2700, 6500),
    "strip4": (2700, 6500),
    "strip6": (2700, 6500),
}


@dataclass(frozen=True)
class YeelightSettings:
    fade: Annotated[float, Range(0, 30), Label(unit="s")] = 0.3  # unless the command has its own


@dataclass
class YeelightMemory:
    support: str = ""  # the methods of the light; from discovery, as is the firmware
    firmware: str = ""
    props: dict[str, str] = field(default_factory=dict[str, str])


@register
class Yeelight(Driver[JsonRpc]):
    id = "yeelight"
    help = "In the Yeelight app, turn on *LAN Control* for the light."
    settings: YeelightSettings
    memory: YeelightMemory
    discovery = (
        Ssdp(
            "wifi_bulb",
            search=True,
            search_port=1982,
            unique_id="{headers[id]}",
            name="{headers[name]}",
            manufacturer="Yeelight",
            model="{headers[model]}",
            fields={"support": "{headers[support]}", "firmware": "{headers[fw_ver]}"},
        ),
    )
    profile = Profile(Switch, SwitchLevel, ColorControl, ColorTemperature, Mode)
    options = JsonRpcOptions(port=55443, delimiter=b"\r\n")
    private = ("name",)

    async def connected(self) -> None:
        self.describe(manufacturer="Yeelight", firmware=self.memory.firmware)

    async def refresh(self) -> None:
        await self.io.call("get_prop", *PROPS)

    async def ping(self) -> str:
        with suppress(RefusedError):  # over its 60 commands a minute, but alive
            await self.refresh()
        return ""

    # reading

    def on_message(self, message: JsonRpc.Message) -> None:
        if message.method == "props":
            self.memory.props |= {k: str(v)[:64] for k, v in message.data.items() if k in PROPS}
        elif message.method == "get_prop" and message.items:
            values = (str(value)[:64] for value in message.items)
            self.memory.props = dict(zip(PROPS, values, strict=False))
            if self.memory.props.get("power") in {"on", "off"}:  # otherwise it is not a valid reply
                self.set_profile(self.profile_of(self.memory.props))
        else:
            return
        self.report(self.memory.props)

    def profile_of(self, props: dict[str, str]) -> Profile:
        """Return what the light can do, according to discovery and its properties."""
        methods = self.memory.support.split()
        capabilities: list[type[Capability]] = [Switch, SwitchLevel]
        if "set_hsv" in methods if methods else props.get("hue"):
            capabilities.append(ColorControl)
        if "set_ct_abx" in methods if methods else props.get("ct"):
            capabilities.append(ColorTemperature)
        if props.get("active_mode"):
            capabilities.append(Mode)
        return Profile(*capabilities)

    def report(self, props: dict[str, str]) -> None:
        night = props.get("active_mode") == "1"
        self.emit_text(Switch.switch, props.get("power"))
        self.emit_text(SwitchLevel.level, props.get("nl_br" if night else "bright"))
        if self.has(Mode):
            self.emit(Mode.supported_modes, tuple(MODES))
            if props.get("active_mode") in ACTIVE:
                self.emit(Mode.mode, ACTIVE[props["active_mode"]])
        if self.has(ColorTemperature):
            self.emit(ColorTemperature.color_temperature_range, self.kelvins())
            if props.get("color_mode") == IN_WHITE:
                self.emit_text(ColorTemperature.color_temperature, props.get("ct"))
        if self.has(ColorControl):
            self.report_color(props)

    def report_color(self, props: dict[str, str]) -> None:
        if props.get("color_mode") == IN_WHITE:
            self.emit(ColorControl.saturation, 0.0)
            return
        if props.get("color_mode") == IN_RGB:
            hue, saturation = color_of(as_number(props.get("rgb")))
        else:
            hue, saturation = as_number(props.get("hue")) / 3.6, as_number(props.get("sat"))
        self.emit(ColorControl.hue, hue)
        self.emit(ColorControl.saturation, saturation)

    def emit_text(self, attribute: Attribute[Any], text: str | None) -> None:
        if text:
            try:
                self.emit(attribute, attribute.parse(text))
            except ReplyError as err:
                self.reject(attribute, str(err))

    def kelvins(self) -> tuple[int, int]:
        model = self.identity.model
        return KELVINS[max((m for m in KELVINS if model.startswith(m)), key=len)]

    # commands; while a light is off, it refuses all but set_power

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set_power", "on", *effect(self.settings.fade))

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set_power", "off", *effect(self.settings.fade))

    async def ensure_on(self) -> None:
        if not self.get(Switch.switch):
            await self.turn_on()

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        fade = effect(self.settings.fade if rate is None else rate)
        if not level:
            await self.io.call("set_power", "off", *fade)
            return
        await self.ensure_on()
        await self.io.call("set_bright", level, *fade)

    @handles(ColorControl.set_color)
    async def set_color(self, hue: float, saturation: float) -> None:
        await self.ensure_on()
        fade = effect(self.settings.fade)
        await self.io.call("set_hsv", degrees(hue), round(saturation), *fade)

    @handles(ColorTemperature.set_color_temperature)
    async def set_color_temperature(self, temperature: int) -> None:
        await self.ensure_on()
        await self.io.call("set_ct_abx", temperature, *effect(self.settings.fade))

    @handles(Mode.set_mode)
    async def set_mode(self, mode: str) -> None:
        if mode not in MODES:
            raise ArgumentError(f"{mode[:20]!r} is not one of {', '.join(MODES)}")
        await self.io.call("set_power", "on", *effect(self.settings.fade), MODES[mode])


@register
class YeelightMono(Yeelight):
    profile = Profile(Switch, SwitchLevel)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith("mono")

    def profile_of(self, props: dict[str, str]) -> Profile:
        return self.profile


@register
class YeelightCeiling(Yeelight):
    profile = Profile(Switch, SwitchLevel, ColorTemperature, Mode)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith("ceil")


def effect(seconds: float) -> tuple[str, int]:
    """Return a command's arguments for the effect and its duration in milliseconds."""
    milliseconds = round(seconds * 1000)
    return ("smooth", max(milliseconds, SHORTEST_FADE)) if milliseconds else ("sudden", 0)


def as_number(text: str | None) -> float:
    """Return a text as a number; NaN, which no attribute accepts, if it is not one."""
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan


def color_of(rgb: float) -> tuple[float, float]:
    """Return the hue and saturation of a 24-bit colour; NaN if it is not one."""
    is_color = 0 <= rgb <= MAX_RGB
    return hue_and_saturation(*int(rgb).to_bytes(3)) if is_color else (math.nan, math.nan)
