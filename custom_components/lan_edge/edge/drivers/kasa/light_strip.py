"""Light strips of Kasa, with the effects that they have shown."""

from contextlib import suppress
from functools import partial
import json
from typing import Any, ClassVar

from lan_edge import (
    ArgumentError,
    Capability,
    ColorControl,
    ColorTemperature,
    EnergyMeter,
    Identity,
    Json,
    Mode,
    SwitchLevel,
    handles,
    object_at,
    optional_object,
    register,
    text_at,
)

from .lights import KasaBulb
from .protocol import (
    effect_of,
)

MAX_EFFECTS, MAX_EFFECT = 16, 2048
FULL = 100
LIGHT_STRIPS = ("KL400", "KL420", "KL430")


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
            raise ArgumentError(t"{name} is not an effect that the strip has shown")
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
