"""A driver for tests, on the JSON bulb's protocol: it shows whatever it is told to.

A push `{"method": "state", "params": {"lab": [[attribute, value, component]]}}` emits values, one
with `profile` sets the profile, one with `told` describes the device.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, override

from lan_edge import (
    Attribute,
    Capability,
    Component,
    Driver,
    EnergyMeter,
    HealthCheck,
    Identity,
    JsonRpc,
    Kind,
    PowerMeter,
    Profile,
    Refresh,
    Switch,
    SwitchLevel,
    command,
    handles,
)
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.json_calls import Call

from .own_drivers import add_driver
from .parts import replace_profile

COMPONENTS = ("main", "relay", "aux")


class Mode(StrEnum):
    """What a filter can do."""

    QUIET = "quiet"
    TURBO = "turbo"


class Filter(Capability, id="acme.filter"):
    """A capability of a driver's own, with an attribute of every sort."""

    filter_life = Attribute(int, minimum=0, maximum=100, unit="%", kind=Kind.DIAGNOSTIC)
    mode = Attribute(Mode)
    target = Attribute(float, minimum=5, maximum=30, unit="°C", device_class="temperature")
    offset = Attribute(int)
    humidity = Attribute(float, unit="%", kind=Kind.MEASUREMENT, device_class="humidity")
    wet = Attribute(bool, device_class="moisture")
    note = Attribute(str)
    odd = Attribute(float, device_class="nonsense")
    inner = Attribute(int, kind=Kind.HIDDEN)

    @command(sets="target")
    def set_target(self, target: float) -> None:
        """Aim at a temperature."""

    @command(sets="offset")
    def set_offset(self, offset: int) -> None:
        """Shift it."""

    @command()
    def reset_filter(self) -> None:
        """Start the filter's life again."""

    @command(optional=True)
    def unhandled(self) -> None:
        """Not be carried out."""


ATTRIBUTES = {
    a.id: a
    for c in (Switch, SwitchLevel, PowerMeter, EnergyMeter, HealthCheck, Filter)
    for a in c.attributes
}

ALL = Profile(Switch, SwitchLevel, PowerMeter, EnergyMeter, Refresh, HealthCheck, Filter)
LAMP = Profile(
    Switch,
    SwitchLevel,
    relay=Component((Switch,), "Relay"),
    aux=Component((SwitchLevel,), "Aux"),
)
"""A light, a switch and a number in one device."""


class ObedientBulb(JsonBulbEmulator):
    """A bulb that takes every command, and does nothing by those that it does not know."""

    @override
    def _outcome(self, call: Call) -> tuple[dict[str, Any], dict[str, Any]]:
        if call.method in {"info", "get", "set"}:
            return super()._outcome(call)
        return {}, {}


@dataclass
class LabMemory:
    """What the driver remembers, for a test to set."""

    session: str = ""
    waits: asyncio.Future[None] | None = None


def lab(family: bool = False) -> type[Driver[JsonRpc]]:  # noqa: C901  # made of small parts
    """Register the driver; with `family`, also a sub-driver that only the first contact finds."""

    @add_driver
    class Lab(Driver[JsonRpc]):
        id = "lab"
        profile = Profile(Switch, SwitchLevel, EnergyMeter, Filter)
        memory: LabMemory

        @override
        async def identify(self) -> str:
            told = await self.io.call("info")
            self.describe(model=told["model"])
            return str(told["id"])

        @override
        async def refresh(self) -> None:
            await self.io.call("get")

        @override
        def on_message(self, message: JsonRpc.Message) -> None:
            data = message.data
            if "on" in data:
                self.emit(Switch.switch, data["on"])
            if "level" in data:
                self.emit(SwitchLevel.level, data["level"])
            self.describe(**data.get("told", {}))
            if "profile" in data:
                replace_profile(self, Profile.from_dict(data["profile"]))
            for attribute, value, component in data.get("lab", []):
                self.emit(ATTRIBUTES[attribute], value, component)

        async def set(self, **what: Any) -> None:
            """Say which component it is for by the fade."""
            await self.io.call("set", **what, fade=COMPONENTS.index(self.component))

        @handles(Switch.on)
        async def turn_on(self) -> None:
            await self.set(on=True)

        @handles(Switch.off)
        async def turn_off(self) -> None:
            await self.set(on=False)

        @handles(SwitchLevel.set_level)
        async def set_level(self, level: int, rate: float | None = None) -> None:
            del rate
            await self.set(level=level)

        @handles(EnergyMeter.reset_energy_meter)
        async def reset(self) -> None:
            await self.io.call("reset energy")

        @handles(Filter.reset_filter)
        async def reset_filter(self) -> None:
            raise KeyError("a bug")

        @handles(Filter.set_target)
        async def set_target(self, target: float) -> None:
            await self.io.call("target", value=target)

        @handles(Filter.set_offset)
        async def set_offset(self, offset: int) -> None:
            await self.io.call("offset", value=offset)

    if family:

        @add_driver
        class LabPlus(Lab):
            profile = Profile(Switch, SwitchLevel, EnergyMeter, Filter, PowerMeter)

            @classmethod
            @override
            def can_handle(cls, identity: Identity) -> bool:
                return identity.model == "JB-1"

    return Lab
