"""A driver whose devices may lack something, which adds capabilities by itself as well."""

from typing import override

from lan_edge import (
    Address,
    Component,
    Driver,
    EnergyMeter,
    Http,
    PowerMeter,
    Profile,
    Switch,
    TemperatureMeasurement,
    connect,
    handles,
)
from tests.emulators.rest_switch import RestSwitchEmulator


class Plug(Driver[Http]):
    id = "plug"
    profile = Profile(
        main=Component((Switch, PowerMeter), may_lack=(PowerMeter,)),
        meter=Component((EnergyMeter,), optional=True),
    )
    parts = (TemperatureMeasurement,)
    told: tuple[str, ...] = ()

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_text("/switch") == "on")
        self.add_capabilities(TemperatureMeasurement)
        self.emit(TemperatureMeasurement.temperature, 21.0)
        self.emit(PowerMeter.power, 5.0 if "power" in self.told else None)
        self.emit(EnergyMeter.energy, 7.0 if "energy" in self.told else None, "meter")

    @handles(Switch.on)
    async def on(self) -> None:
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def off(self) -> None:
        await self.io.post("/switch", "off")


async def test_what_it_adds_does_not_take_what_it_may_lack() -> None:
    async with (
        RestSwitchEmulator() as emulator,
        connect(Plug, Address(emulator.host, emulator.port)) as device,
    ):
        has = device.profile.components
        assert [*has] == ["main"]
        assert has["main"].capabilities == (Switch, TemperatureMeasurement)
        assert isinstance(device.driver, Plug)
        assert [*device.driver.known_components] == ["main", "meter"]
        device.driver.told = ("power", "energy")
        await device.commands.refresh()
        has = device.profile.components
        assert [*has] == ["main", "meter"]
        assert device.profile is device.profile  # made once, not for each command and entity
        assert device.state.get(PowerMeter.power) == 5
        assert device.state.get(EnergyMeter.energy, "meter") == 7
        assert device.state.get(TemperatureMeasurement.temperature) == 21
