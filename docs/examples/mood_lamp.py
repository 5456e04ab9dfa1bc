"""Mood lamp: JSON lines over TCP; `set` takes on, level, colour and fade at once."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from lan_edge import (
    Attribute,
    Capability,
    ColorControl,
    Driver,
    JsonRpc,
    Label,
    LightIntent,
    Profile,
    Range,
    Switch,
    SwitchLevel,
    command,
    handles,
    id_at,
    register,
)

Flames = Annotated[int, Range(0, 10)]


class Candle(Capability, id="moodLamp.candle"):
    flicker = Attribute(int, minimum=0, maximum=10)

    @command(sets="flicker")
    def set_flicker(self, flicker: Flames) -> None: ...


class AfterPowerCut(StrEnum):
    OFF = "off"
    ON = "on"
    LAST = "last"


@dataclass(frozen=True)
class MoodSettings:
    fade: Annotated[float, Range(0, 30), Label("Fade", "How long a change takes.", "s")] = 0.5
    after_power_cut: Annotated[AfterPowerCut, Label(help="Its state then.")] = AfterPowerCut.LAST


@register
class MoodLamp(Driver[JsonRpc]):
    id = "mood_lamp"
    profile = Profile(Switch, SwitchLevel, ColorControl, Candle)
    settings: MoodSettings

    async def identify(self) -> str:
        return id_at(await self.io.call("info"), "serial")

    async def refresh(self) -> None:
        await self.io.call("get")

    def on_message(self, message: JsonRpc.Message) -> None:
        partly = message.method != "get"  # a push tells what has changed
        for key, attribute in STATE.items():
            self.emit_field(attribute, message.data, key, unchanged=partly)

    async def settings_changed(self, old: MoodSettings) -> None:
        if self.settings.after_power_cut != old.after_power_cut:
            await self.io.call("set", power_cut=self.settings.after_power_cut)

    @handles(LightIntent)
    async def change(self, intent: LightIntent) -> None:
        changes = intent.asked()
        fade = changes.pop("transition", self.settings.fade)
        await self.io.call("set", fade=fade, **changes)

    @handles(Candle.set_flicker)
    async def set_flicker(self, flicker: int) -> None:
        await self.io.call("set", flicker=flicker)


STATE: dict[str, Attribute[Any]] = {
    "on": Switch.switch,
    "level": SwitchLevel.level,
    "hue": ColorControl.hue,
    "saturation": ColorControl.saturation,
    "flicker": Candle.flicker,
}
