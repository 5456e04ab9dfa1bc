"""Yeelight: JSON lines over TCP with `props` notifications; discovered by a search on port 1982.

Source: the "Yeelight WiFi Light Inter-Operation Specification" (Yeelink, 2015), in public
transcriptions, not in the vendor's PDF. What it leaves open is from public libraries and users'
reports:
- how to identify a light over its connection: get_prop does not return an id, so only the id from
  discovery says which light it is;
- the range of white of each model: python-yeelight 0.7.16 (`_MODEL_SPECS`), and python-miio
  (`yeelight/light/specs.yaml`) for the models that it lacks, and for color2;
- that set_bright in moonlight changes nl_br, and that lights such as bslamp2 report no active_mode:
  there nl_br is above 0 in moonlight only (Home Assistant's `yeelight`);
- lights with a background light: `power` is on if either light is, `main_power` is that of the main
  one, and some report a wrong `bg_power` for less than half a second (Home Assistant's `yeelight`);
- which properties a model lacks: without `support` from discovery, a light is assumed to lack
  what it has never reported.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

from lan_edge import (
    MAIN,
    Attribute,
    Capability,
    ColorControl,
    ColorTemperature,
    Component,
    Driver,
    Identity,
    JsonRpc,
    JsonRpcOptions,
    Label,
    LightIntent,
    Mode,
    Profile,
    Range,
    RefusedError,
    ReplyError,
    Ssdp,
    Stored,
    Switch,
    SwitchLevel,
    color_number,
    degrees,
    handles,
    register,
)

from .props import (
    BACKGROUND,
    BACKGROUND_PROPS,
    IN_WHITE,
    KELVINS,
    MODES,
    PROPS,
    WIDEST,
    color_of,
    effect,
    makes_sense,
    method_of,
    mode_of,
    text_of,
)

COLORS: tuple[tuple[type[Capability], tuple[str, ...], tuple[str, ...]], ...] = (
    # each with the methods and the properties of which one is enough
    (ColorControl, ("set_hsv", "set_rgb"), ("hue", "rgb")),
    (ColorTemperature, ("set_ct_abx",), ("ct",)),
)
SETTLED = 1.0  # seconds until a power that was pushed is told as it is


@dataclass(frozen=True)
class YeelightSettings:
    fade: Annotated[
        float,
        Range(0, 30),
        Label(
            "Fade", "How long the light takes to change, unless a transition is given.", unit="s"
        ),
    ] = 0.3


@dataclass
class YeelightMemory:
    support: str = ""  # the methods of the light; from discovery, as is the firmware
    firmware: str = ""
    props: dict[str, str] = field(default_factory=dict[str, str])  # those that it reports
    is_answered: bool = False  # whether the last read told if the light is on
    refused: set[str] = field(default_factory=set[str])  # properties that it does not let us read
    is_read: Annotated[bool, Stored()] = False  # whether the profile is what it has reported


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
        self.memory.refused.clear()

    async def refresh(self) -> None:
        self.memory.is_answered = False
        names = tuple(name for name in PROPS if name not in self.memory.refused)
        try:
            await self.io.call("get_prop", *names)
        except RefusedError:
            await self.io.call("get_prop", "power")  # refused, too: it is not about the names
            await self.read_each(names)
        for name in sorted(self.memory.refused):
            await self.optional(partial(self.read_again, name))
        if not self.memory.is_answered:
            raise ReplyError(t"the light does not report whether it is on")
        self.set_profile(self.profile_now())
        self.memory.is_read = True
        self.report()

    async def read_each(self, names: tuple[str, ...]) -> None:
        """Read properties of which the light refuses one, and find out which one it is."""
        middle = len(names) // 2
        for part in (names[:middle], names[middle:]):
            try:
                await self.io.call("get_prop", *part)
            except RefusedError as err:
                if "quota" in str(err):
                    raise
                if len(part) > 1:
                    await self.read_each(part)
                else:
                    self.memory.refused.update(part)
                    self.keep(dict.fromkeys(part, ""))

    async def read_again(self, name: str) -> None:
        """Read a property that the light has refused."""
        await self.io.call("get_prop", name)
        self.memory.refused.discard(name)

    async def ping(self) -> str:
        with suppress(RefusedError, ReplyError):  # over its 60 commands a minute, but alive
            await self.refresh()
        return ""

    # reading

    async def read_settled(self) -> None:
        await self.ping()

    def on_message(self, message: JsonRpc.Message) -> None:
        if message.method == "props":
            self.learn({k: text_of(v) for k, v in message.data.items() if k in PROPS})
            self.report()
        elif message.method == "get_prop":
            texts = (*map(text_of, message.items), *("" for _ in PROPS))  # it may tell too few
            props = dict(zip(message.positions, texts, strict=False))
            if "power" not in props or {props["power"], props.get("main_power")} & {"on", "off"}:
                self.memory.is_answered |= "power" in props
                self.keep(props)

    def learn(self, news: dict[str, str]) -> None:
        """Take what the light has pushed, which is only what has changed."""
        if "power" in news and "main_power" in self.memory.props and "main_power" not in news:
            if news["power"] == "off":  # both lights
                news["main_power"] = "off"
            self.refresh_soon()
        if "bg_power" in news:
            self.refresh_soon()  # some models push a wrong one, and answer it for a while
            self.after(SETTLED, self.read_settled)
        self.keep(news)

    def keep(self, props: dict[str, str]) -> None:
        for name, text in props.items():
            if text:
                self.memory.props[name] = text
            else:
                self.memory.props.pop(name, None)

    def profile_now(self) -> Profile:
        """Return what the light can do, according to discovery and its properties."""
        main: list[type[Capability]] = [Switch, SwitchLevel, *self.colors_of(MAIN)]
        if mode_of(self.memory.props) or (self.memory.is_read and self.has(Mode)):
            main.append(Mode)
        if not self.can(Switch, BACKGROUND, ("set_power",), ("power",)):
            return Profile(*main)
        background: list[type[Capability]] = [Switch, *self.colors_of(BACKGROUND)]
        if self.can(SwitchLevel, BACKGROUND, ("set_bright",), ("bright",)):
            background.append(SwitchLevel)
        part = Component(tuple(background), "Background light", category="light")
        return Profile(*main, **{BACKGROUND: part})

    def colors_of(self, component: str) -> list[type[Capability]]:
        return [each for each, *needs in COLORS if self.can(each, component, *needs)]

    def can(
        self,
        capability: type[Capability],
        component: str,
        methods: tuple[str, ...],
        props: tuple[str, ...],
    ) -> bool:
        """Return whether a light lists one of the methods, or reports one of the properties.

        What the main light does not list, it cannot do. The methods of a background light are at
        the end of the list, which may be cut. What was reported once may be missing later.
        """
        listed, reported = self.memory.support.split(), self.props_of(component)
        if any(method_of(component, method) in listed for method in methods):
            return True
        if listed and component == MAIN:
            return False
        has_been = self.memory.is_read and self.has(capability, component)
        return has_been or any(makes_sense(reported.get(prop)) for prop in props)

    def props_of(self, component: str) -> dict[str, str]:
        """Return the properties of a light, under the names that they have for the main light."""
        props = self.memory.props
        if component == BACKGROUND:
            return {name: props[own] for name, own in BACKGROUND_PROPS.items() if own in props}
        return props | ({"power": props["main_power"]} if "main_power" in props else {})

    def report(self) -> None:
        for component in (MAIN, BACKGROUND):
            if self.has(Switch, component):
                self.report_light(component, self.props_of(component))

    def report_light(self, component: str, props: dict[str, str]) -> None:
        mode = mode_of(props)
        self.emit_text(Switch.switch, props, "power", component)
        if self.has(SwitchLevel, component):
            level = "nl_br" if mode == "moonlight" else "bright"
            self.emit_text(SwitchLevel.level, props, level, component)
        if self.has(Mode, component):
            self.emit(Mode.supported_modes, tuple(MODES), component)
            self.emit(Mode.mode, mode, component)
        has_color = self.has(ColorControl, component)
        if self.has(ColorTemperature, component):
            white = props if props.get("color_mode") == IN_WHITE or not has_color else {}
            self.emit(ColorTemperature.color_temperature_range, self.kelvins(component), component)
            self.emit_text(ColorTemperature.color_temperature, white, "ct", component)
        if has_color:
            self.report_color(component, props)

    def report_color(self, component: str, props: dict[str, str]) -> None:
        try:
            hue, saturation = color_of(props)
        except ReplyError as err:
            self.reject(ColorControl.hue, str(err), component)
            hue = saturation = None
        self.emit(ColorControl.hue, hue, component)
        self.emit(ColorControl.saturation, saturation, component)

    def emit_text(
        self, attribute: Attribute[Any], props: dict[str, str], name: str, component: str
    ) -> None:
        self.emit_field(attribute, props, name, component, convert=attribute.parse)

    def kelvins(self, component: str) -> tuple[int, int]:
        return WIDEST if component == BACKGROUND else KELVINS.get(self.identity.model, WIDEST)

    # commands; while a light is off, it refuses all but set_power

    async def call(self, method: str, *params: str | int) -> None:
        """Call a method for the light that the command is for."""
        await self.io.call(method_of(self.component, method), *params)

    @handles(LightIntent)
    async def change(self, intent: LightIntent) -> None:
        fade = effect(self.settings.fade if intent.transition is None else intent.transition)
        if intent.on is False or intent.level == 0:
            await self.call("set_power", "off", *fade)
            return
        mode = () if intent.effect is None else (MODES[intent.effect],)
        changes = list(self.changes(intent))
        if mode or not changes or not self.get(Switch.switch, self.component):
            await self.call("set_power", "on", *fade, *mode)
        for method, *values in changes:
            await self.call(method, *values, *fade)

    def changes(self, intent: LightIntent) -> Iterator[tuple[str, *tuple[int, ...]]]:
        """Yield the methods, with their values, for what is wanted of a light that is on."""
        if intent.hue is not None and intent.saturation is not None:
            yield self.color_change(intent.hue, intent.saturation)
        if intent.temperature is not None:
            yield "set_ct_abx", intent.temperature
        if intent.level is not None:
            yield "set_bright", intent.level

    def color_change(self, hue: float, saturation: float) -> tuple[str, *tuple[int, ...]]:
        listed = self.memory.support.split()
        hsv, rgb = (method_of(self.component, method) for method in ("set_hsv", "set_rgb"))
        if hsv in listed or (rgb not in listed and self.props_of(self.component).get("hue")):
            return "set_hsv", degrees(hue), round(saturation)
        return "set_rgb", color_number(hue, saturation)


@register
class YeelightMono(Yeelight):
    profile = Profile(Switch, SwitchLevel)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith("mono")

    def profile_now(self) -> Profile:
        return self.profile


@register
class YeelightCeiling(Yeelight):
    profile = Profile(Switch, SwitchLevel, ColorTemperature, Mode)
    parts = (ColorControl,)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith("ceil")
