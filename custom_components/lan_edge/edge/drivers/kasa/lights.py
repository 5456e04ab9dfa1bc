"""Bulbs of Kasa."""

from typing import Any, ClassVar

from lan_edge import (
    Capability,
    ColorControl,
    ColorTemperature,
    EnergyMeter,
    Identity,
    Json,
    PowerMeter,
    Profile,
    Switch,
    SwitchLevel,
    degrees,
    handles,
    optional_object,
    register,
)

from .driver import Kasa
from .protocol import (
    flag,
    scaled,
    switched,
)

BULBS = ("KB", "KL", "LB")
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
