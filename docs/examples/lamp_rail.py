"""Lamp rail: JSON lines over TCP; `set` takes the numbers of lamps, and what they are to become."""

from lan_edge import (
    Component,
    Driver,
    JsonRpc,
    LightIntent,
    Profile,
    Switch,
    SwitchLevel,
    handles_many,
    id_at,
    objects_at,
    register,
)

LAMPS = {f"lamp_{number}": number for number in range(1, 7)}


@register
class LampRail(Driver[JsonRpc]):
    id = "lamp_rail"
    profile = Profile(
        **{
            key: Component((Switch, SwitchLevel), f"Lamp {number}", category="Light")
            for key, number in LAMPS.items()
        }
    )

    async def identify(self) -> str:
        return id_at(await self.io.call("info"), "serial")

    async def refresh(self) -> None:
        await self.io.call("get")

    def on_message(self, message: JsonRpc.Message) -> None:
        for lamp in objects_at(message.data, "lamps"):
            component = f"lamp_{lamp.get('number')}"
            self.emit_field(Switch.switch, lamp, "on", component)
            self.emit_field(SwitchLevel.level, lamp, "level", component)

    @handles_many(LightIntent)
    async def change(self, components: tuple[str, ...], intent: LightIntent) -> None:
        numbers = [LAMPS[component] for component in components]
        await self.io.call("set", lamps=numbers, **intent.asked())
