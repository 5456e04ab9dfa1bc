"""Sockets of WiZ, some of which measure."""

from lan_edge import (
    Component,
    Identity,
    Json,
    PowerMeter,
    Profile,
    RefusedError,
    Switch,
    register,
)

from .driver import Wiz
from .pilot import is_int, watts


@register
class WizSocket(Wiz):
    profile = Profile(main=Component((Switch,), category="outlet"))

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return "SOCKET" in identity.model

    async def read_config(self) -> None:
        """Read the power, which newer firmware reports with its state."""
        if self.memory.reads_power:
            meter = await self.optional(self.read_power, PowerMeter)
            self.report_power(meter or {}, "power")

    async def read_power(self) -> Json:
        try:
            return await self.call("getPower")
        except RefusedError:
            if self.has(PowerMeter):
                raise
            self.memory.reads_power = False
            return {}

    def hear(self, pilot: Json, *, is_whole: bool = False) -> bool:
        if "pc" in pilot:
            self.memory.reads_power = False
            self.report_power(pilot, "pc")
        return super().hear(pilot, is_whole=is_whole)

    def report_power(self, message: Json, name: str) -> None:
        if is_int(message.get(name)):
            self.set_profile(Profile(main=Component((Switch, PowerMeter), category="outlet")))
        if self.has(PowerMeter):
            self.emit_field(PowerMeter.power, message, name, convert=watts)
