"""Lights of WiZ with white of different temperatures, and with colour."""

from typing import ClassVar

from lan_edge import (
    ColorControl,
    ColorTemperature,
    Identity,
    Json,
    Mode,
    Profile,
    ReplyError,
    Switch,
    SwitchLevel,
    handles,
    red_green_blue,
    register,
)

from .driver import Wiz
from .pilot import SCENES, WHITE_SCENES, color_of, is_without_color

KELVINS = (2200, 6500)


@register
class WizWhite(Wiz):
    profile = Profile(Switch, SwitchLevel, ColorTemperature, Mode)
    scenes: ClassVar[tuple[int, ...]] = WHITE_SCENES

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return "TW" in identity.model or WizColor.can_handle(identity)

    async def read_config(self) -> None:
        await super().read_config()
        self.emit(ColorTemperature.color_temperature_range, self.memory.kelvins or KELVINS)

    def report(self, pilot: Json) -> None:
        super().report(pilot)
        kelvins = pilot if pilot.get("temp") != 0 else {}  # 0 is none
        self.emit_field(ColorTemperature.color_temperature, kelvins, "temp")

    def hear(self, pilot: Json, *, is_whole: bool = False) -> bool:
        is_known = super().hear(pilot, is_whole=is_whole)
        return is_known and (is_whole or not is_without_color(pilot))

    @handles(ColorTemperature.set_color_temperature)
    async def set_color_temperature(self, temperature: int) -> None:
        await self.call("setPilot", state=True, temp=temperature)


@register
class WizColor(WizWhite):
    profile = Profile(Switch, SwitchLevel, ColorControl, ColorTemperature, Mode)
    scenes = tuple(SCENES)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return "RGB" in identity.model

    def report(self, pilot: Json) -> None:
        super().report(pilot)
        try:
            hue, saturation = color_of(pilot)
        except ReplyError as err:
            self.reject(ColorControl.hue, str(err))
            hue = saturation = None
        self.emit(ColorControl.hue, hue)
        self.emit(ColorControl.saturation, saturation)

    @handles(ColorControl.set_color)
    async def set_color(self, hue: float, saturation: float) -> None:
        r, g, b = red_green_blue(hue, saturation)
        await self.call("setPilot", state=True, r=r, g=g, b=b, c=0, w=0)
