"""Power center: JSON lines over TCP; it lists the modules that are plugged into it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, override

from lan_edge import (
    Json,
    JsonRpc,
    Part,
    PartReading,
    PartsDriver,
    Profile,
    Switch,
    TemperatureMeasurement,
    handles,
    id_at,
    objects_at,
    register,
    text_at,
)


@dataclass(frozen=True)
class Relay(Part):
    told: Json = field(default_factory=dict[str, Any])

    @override
    def readings(self) -> Iterator[PartReading]:
        yield PartReading.field(Switch.switch, self.told, "on")

    def turned(self, *, on: bool) -> Json:
        return {"module": self.component, "on": on}


@dataclass(frozen=True)
class Thermometer(Part):
    told: Json = field(default_factory=dict[str, Any])

    @override
    def readings(self) -> Iterator[PartReading]:
        yield PartReading.field(TemperatureMeasurement.temperature, self.told, "celsius")

    @property
    @override
    def is_available(self) -> bool:
        return self.told.get("broken") is not True


KINDS = {"relay": Relay, "thermometer": Thermometer}


@dataclass
class Plugged:
    modules: list[Json] = field(default_factory=list[Json])


@register
class PowerCenter(PartsDriver[JsonRpc]):
    id = "power_center"
    profile = Profile()
    parts = (Switch, TemperatureMeasurement)
    memory: Plugged

    @override
    async def identify(self) -> str:
        return id_at(await self.io.call("info"), "serial")

    @override
    async def refresh(self) -> None:
        self.memory.modules = objects_at(await self.io.call("modules"))
        self.show_parts(self.consists_of())

    @override
    def consists_of(self) -> Iterator[Part]:
        for told in self.memory.modules:
            if kind := KINDS.get(text_at(told, "kind")):
                yield kind(id_at(told, "id"), text_at(told, "name"), told)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", **self.part(Relay).turned(on=True))

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", **self.part(Relay).turned(on=False))
