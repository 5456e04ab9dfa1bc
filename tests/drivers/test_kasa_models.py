"""TP-Link Kasa: all models of the old protocol, and what real ones answer, at our emulator."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from lan_edge import (
    MAIN,
    Address,
    ArgumentError,
    Capability,
    ColorControl,
    ColorTemperature,
    CurrentMeasurement,
    Device,
    EnergyMeter,
    FrameRequests,
    Identity,
    LightIntent,
    Mode,
    OfflineError,
    PowerMeter,
    Record,
    Switch,
    SwitchLevel,
    VoltageMeasurement,
)
from lan_edge.device import optional_readings
from lan_edge.drivers.kasa import Kasa, KasaBulb, KasaDimmer, KasaLightStrip, KasaWallSwitch
from tests.emulators.kasa_models import (
    BULB,
    EFFECTS,
    MODELS,
    REFUSED,
    STRIP,
    KasaEmulator,
    Shape,
)

from .house import driven, shows, until

METERS: tuple[type[Capability], ...] = (
    PowerMeter,
    EnergyMeter,
    VoltageMeasurement,
    CurrentMeasurement,
)
WALL_SWITCHES = {"HS200", "HS210", "KS200", "KS200M"}
NO_METER = {"err_code": -1}
REALTIME = "emeter.get_realtime"


@pytest.fixture(autouse=True)
def impatient_kasa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kasa, "options", replace(Kasa.options, timeout=0.3))
    monkeypatch.setattr(FrameRequests, "poll", 0.1)
    monkeypatch.setattr(optional_readings, "SOONEST_AGAIN", 0.5)


@asynccontextmanager
async def kasa(
    model: str, *, told: dict[str, Any] | None = None, fields: dict[str, Any] | None = None
) -> AsyncGenerator[tuple[KasaEmulator, Device]]:
    async with KasaEmulator(model=model) as emulator:
        emulator.told, emulator.fields = told or {}, fields or {}
        async with driven(Kasa, Address(emulator.host, emulator.port)) as device:
            yield emulator, device


@asynccontextmanager
async def driven_again(record: Record) -> AsyncGenerator[Device]:
    """Run a device that was known before."""
    device = Device(Kasa, record)
    device.start()
    try:
        await until(lambda: device.available)
        yield device
    finally:
        await device.stop()


def driver_for(model: str, shape: Shape) -> type[Kasa]:
    if shape.light:
        return KasaLightStrip if shape.light == STRIP else KasaBulb
    if shape.dimmer:
        return KasaDimmer
    return KasaWallSwitch if model in WALL_SWITCHES else Kasa


def capabilities_of(shape: Shape) -> set[type[Capability]]:
    """Return what a device, or each outlet of a strip, can do."""
    has: set[type[Capability]] = {Switch}
    if shape.light:
        return has | {
            SwitchLevel,
            PowerMeter,
            EnergyMeter,
            *([ColorControl] if shape.color else []),
            *([ColorTemperature] if shape.white else []),
        }
    return has | {*([SwitchLevel] if shape.dimmer else []), *(METERS if shape.meter else [])}


@pytest.mark.parametrize("odd", [None, ..., "?", {}, []])
@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("KP115", "feature"),
        ("HS300", "feature"),
        ("KL130", "is_color"),
        ("KL130", "is_variable_color_temp"),
    ],
)
async def test_what_a_device_can_do_it_can_while_it_does_not_tell(
    model: str, field: str, odd: Any
) -> None:
    async with kasa(model) as (emulator, device):
        before = device.profile
        if odd != "?" or field != "feature":  # a text is a list of features
            emulator.fields[field] = odd
        await device.commands.refresh()
        assert device.profile == before
        record = Record.from_dict(device.record.as_dict())
        async with driven_again(record) as again:
            assert again.profile == before
        emulator.fields[field] = "TIM" if field == "feature" else 0
        await device.commands.refresh()
        assert device.profile != before  # it says so


@pytest.mark.parametrize("field", ["is_color", "is_variable_color_temp"])
async def test_what_a_bulb_has_never_told_it_cannot(field: str) -> None:
    async with kasa("KL130", fields={field: None}) as (_, device):
        has = {"is_color": ColorControl, "is_variable_color_temp": ColorTemperature}
        assert has[field] not in device.profile.components[MAIN].capabilities


# all models


def test_all_that_python_kasa_has_recorded_are_there() -> None:
    assert len(MODELS) == 42


@pytest.mark.parametrize("model", MODELS)
async def test_each_model_is_online_and_what_it_is(model: str) -> None:
    shape = MODELS[model]
    async with kasa(model) as (emulator, device):
        assert type(device.driver) is driver_for(model, shape)
        parts = device.profile.components
        wanted = [f"outlet_{n}" for n in range(1, shape.outlets + 1)] or [MAIN]
        assert list(parts) == wanted
        for part in wanted:
            assert set(parts[part].capabilities) == capabilities_of(shape)
            await device.commands.execute(Switch.on, {}, part)
            assert device.state.get(Switch.switch, part) is True
        assert all(emulator.outlets.values()) if shape.outlets else emulator.state["on"]
        assert not device.counts["refused_values"]
        assert not device.counts["driver_errors"]


@pytest.mark.parametrize("model", [m for m, s in MODELS.items() if s.white])
async def test_each_model_with_white_tells_its_range(model: str) -> None:
    async with kasa(model) as (_, device):
        lowest, highest = device.state.get(ColorTemperature.color_temperature_range) or (0, 0)
        assert (lowest, highest) in {(2500, 9000), (2500, 6500), (2700, 5000)}


# meters


@pytest.mark.parametrize(
    "told",
    [{"emeter": NO_METER}, {REALTIME: REFUSED}, {REALTIME: None}, {"emeter": None}, {REALTIME: []}],
)
async def test_a_plug_whose_meter_fails_from_the_start_is_a_plug(told: dict[str, Any]) -> None:
    async with kasa("HS110", told=told) as (emulator, device):
        assert set(device.profile.components[MAIN].capabilities) == {Switch, *METERS}
        assert device.state.get(PowerMeter.power) is None
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        emulator.told = {}
        await shows(device, PowerMeter.power, 7.5)
        assert device.state.get(VoltageMeasurement.voltage) == pytest.approx(121.148)
        assert device.connection.attempts == 1


@pytest.mark.parametrize("told", [{"emeter": NO_METER}, {REALTIME: REFUSED}, {REALTIME: None}])
async def test_a_meter_that_fails_later_is_unknown(told: dict[str, Any]) -> None:
    async with kasa("KP115") as (emulator, device):
        assert device.state.get(PowerMeter.power) == 7.5
        emulator.told = told
        await shows(device, PowerMeter.power, None)
        await device.commands.execute(Switch.on, {})
        assert device.available
        assert set(device.profile.components[MAIN].capabilities) == {Switch, *METERS}


async def test_one_outlet_that_refuses_its_meter_takes_only_that() -> None:
    async with KasaEmulator(model="HS300") as emulator:
        third = list(emulator.outlets)[2]
        emulator.told = {f"{REALTIME} {third}": REFUSED}
        async with driven(Kasa, Address(emulator.host, emulator.port)) as device:
            powers = [device.state.get(PowerMeter.power, f"outlet_{n}") for n in range(1, 7)]
            assert powers == [7.5, 7.5, None, 7.5, 7.5, 7.5]
            assert all(map(device.component_available, device.profile.components))
            await device.commands.execute(Switch.on, {}, "outlet_3")
            assert emulator.outlets[third] is True
            emulator.told = {}
            await shows(device, PowerMeter.power, 7.5, "outlet_3")


async def test_no_current_is_a_current_where_there_is_a_voltage() -> None:
    async with kasa("KP115") as (_, device):
        assert device.state.get(CurrentMeasurement.current) == 0
        assert device.state.get(VoltageMeasurement.voltage) == pytest.approx(121.148)


async def test_without_a_voltage_nothing_is_measured() -> None:
    meter = {"power_mw": 1, "total_wh": 2, "voltage_mv": 0, "current_ma": 0}
    async with kasa("KP115", told={REALTIME: meter}) as (_, device):
        assert device.state.get(VoltageMeasurement.voltage) is None
        assert device.state.get(CurrentMeasurement.current) is None
        assert device.state.get(EnergyMeter.energy) == 0.002


async def test_a_bulb_that_tells_no_energy_has_none() -> None:
    realtime = "smartlife.iot.common.emeter.get_realtime"
    async with kasa("LB100", told={realtime: {"power_mw": 4400}}) as (_, device):
        capabilities = device.profile.components[MAIN].capabilities
        assert set(capabilities) == {Switch, SwitchLevel, PowerMeter}
        assert device.state.get(PowerMeter.power) == 4.4


# null, missing and odd fields


@pytest.mark.parametrize("alias", [None, ..., 5, ["x"], {}])
async def test_a_name_that_is_no_text_is_none(alias: object) -> None:
    async with kasa("HS100", fields={"alias": alias, "sw_ver": None}) as (_, device):
        assert device.identity.name == ""
        assert device.identity.firmware == ""


async def test_an_outlet_without_a_name_is_called_by_its_number() -> None:
    children = [{"id": "00", "alias": None, "state": 1}, {"id": "01", "state": 0}]
    async with kasa("KP200", fields={"children": children}) as (_, device):
        assert [part.name for part in device.profile.components.values()] == ["", ""]
        assert device.state.get(Switch.switch, "outlet_1") is True


async def test_one_odd_outlet_does_not_take_the_others() -> None:
    children = [{"id": "00", "alias": "A", "state": 1}, None, 7, {"id": 3}, {"state": 1}]
    async with kasa("KP200", fields={"children": children}) as (_, device):
        assert list(device.profile.components) == ["outlet_1"]


@pytest.mark.parametrize("mac", [None, 5, "garbage"])
async def test_a_bulb_is_known_by_whichever_mac_it_tells(mac: object) -> None:
    async with kasa("LB110", fields={"mac": mac}) as (emulator, device):
        assert device.identity.unique_id == emulator.id


@pytest.mark.parametrize("state", [None, ..., 2, "on", []])
async def test_a_state_that_is_none_is_unknown(state: object) -> None:
    async with kasa("HS100") as (emulator, device):
        emulator.fields = {"relay_state": state}
        await shows(device, Switch.switch, None)
        assert device.available


# outlets that are not listed


async def test_an_outlet_that_is_not_listed_is_unavailable_and_keeps_its_number() -> None:
    async with kasa("HS300") as (emulator, device):
        second, third = list(emulator.outlets)[1:3]
        emulator.unlisted = {second}
        await until(lambda: not device.component_available("outlet_2"))
        assert len(device.profile.components) == 6
        await device.commands.execute(Switch.on, {}, "outlet_3")
        assert emulator.outlets == {**dict.fromkeys(emulator.outlets, False), third: True}
        with pytest.raises(OfflineError, match="Plug 2 is unavailable"):
            await device.commands.execute(Switch.on, {}, "outlet_2")
        emulator.unlisted = set()
        await until(lambda: device.component_available("outlet_2"))


async def test_outlets_keep_their_numbers_over_a_restart() -> None:
    async with kasa("KP303") as (emulator, device):
        stored = device.record.as_dict()
        emulator.unlisted = set(list(emulator.outlets)[:1])
        last = list(emulator.outlets)[-1]
        again = Device(Kasa, Record.from_dict(stored))
        again.start()
        try:
            await until(lambda: again.available)
            assert not again.component_available("outlet_1")
            await again.commands.execute(Switch.on, {}, "outlet_3")
            assert emulator.outlets[last] is True
        finally:
            await again.stop()


async def test_a_strip_that_lists_no_outlet_is_no_plug() -> None:
    async with kasa("KP303") as (emulator, device):
        emulator.fields = {"children": ...}
        await until(lambda: not device.component_available("outlet_1"))
        assert list(device.profile.components) == ["outlet_1", "outlet_2", "outlet_3"]


# effects of light strips


async def test_an_effect_is_shown_with_its_brightness_and_can_be_set_again() -> None:
    async with kasa("KL430") as (emulator, device):
        assert device.state.get(SwitchLevel.level) == 50
        assert Mode not in device.profile.components[MAIN].capabilities
        await emulator.change(on=True)
        emulator.effect["enable"] = 1
        await shows(device, Mode.mode, "Harbour")
        assert device.state.get(SwitchLevel.level) == 30
        assert device.state.get(Mode.supported_modes) == ("Harbour",)
        await device.commands.execute(SwitchLevel.set_level, {"level": 70})
        assert emulator.effect == {**emulator.effect, "brightness": 70, "enable": 1}
        assert emulator.state["brightness"] == 50
        await device.commands.execute(ColorControl.set_color, {"hue": 50, "saturation": 100})
        await shows(device, Mode.mode, "")
        assert device.state.get(SwitchLevel.level) == 50
        await device.commands.execute(Mode.set_mode, {"mode": "Harbour"})
        assert emulator.effect["enable"] == 1
        set_ = [r.params for r in emulator.log if r.command == f"{EFFECTS}.set_lighting_effect"]
        assert set_[-1]["sequence"] == [[0, 100, 100]]
        assert "err_code" not in set_[-1]


async def test_an_effect_with_a_brightness_is_one_of_that_brightness() -> None:
    async with kasa("KL430") as (emulator, device):
        emulator.effect["enable"] = 1
        await shows(device, Mode.mode, "Harbour")
        await device.commands.execute(ColorControl.set_color, {"hue": 50, "saturation": 100})
        await device.commands.perform(LightIntent(on=True, effect="Harbour", level=80))
        assert emulator.effect == {**emulator.effect, "enable": 1, "brightness": 80}
        assert device.state.get(SwitchLevel.level) == 80
        colored = LightIntent(on=True, level=40, hue=10.0, saturation=90.0)
        await device.commands.perform(colored)
        assert emulator.effect["enable"] == 0
        assert emulator.state["brightness"] == 40


async def test_white_ends_an_effect() -> None:
    async with kasa("KL430") as (emulator, device):
        emulator.effect["enable"] = 1
        await shows(device, Mode.mode, "Harbour")
        temperature = {"temperature": 4000}
        await device.commands.execute(ColorTemperature.set_color_temperature, temperature)
        assert emulator.effect["enable"] == 0
        assert device.state.get(ColorTemperature.color_temperature) == 4000
        assert device.state.get(Mode.mode) == ""


async def test_an_effect_is_known_after_a_restart() -> None:
    async with kasa("KL430") as (emulator, device):
        emulator.effect["enable"] = 1
        await shows(device, Mode.mode, "Harbour")
        emulator.effect |= {"enable": 0, "name": "Another"}
        async with driven_again(Record.from_dict(device.record.as_dict())) as again:
            assert again.state.get(Mode.supported_modes) == ("Harbour",)
            await again.commands.execute(Mode.set_mode, {"mode": "Harbour"})
            assert emulator.effect["name"] == "Harbour"


@pytest.mark.parametrize("told", [REFUSED, None, [], {}])
async def test_an_effect_that_cannot_be_read_is_only_not_offered(told: object) -> None:
    async with kasa("KL430", told={f"{EFFECTS}.get_lighting_effect": told}) as (emulator, device):
        emulator.effect["enable"] = 1
        await shows(device, SwitchLevel.level, 30)
        assert Mode not in device.profile.components[MAIN].capabilities
        assert device.available


def test_an_effect_that_was_never_shown_cannot_be_set() -> None:
    driver: Any = Device(KasaLightStrip, Record(Identity(model="KL430(US)"))).driver
    with pytest.raises(ArgumentError, match="is not an effect that the strip has shown"):
        driver.set_effect("Fire", enable=1).send(None)


@pytest.mark.parametrize(
    ("model", "fades"),
    [("KL130", True), ("LB100", True), ("KL430", False), ("HS220", False), ("KS230", False)],
)
async def test_only_bulbs_take_a_time_for_a_change(model: str, fades: bool) -> None:
    async with kasa(model) as (emulator, device):
        assert device.driver.fades is fades
        await device.commands.execute(SwitchLevel.set_level, {"level": 20, "rate": 2})
        sent = [r.params for r in emulator.log if r.command.startswith(BULB)]
        assert [each.get("transition_period") for each in sent] == ([2000] if fades else [])


async def test_a_light_that_shows_a_colour_has_no_white() -> None:
    async with kasa("LB130") as (emulator, device):
        assert device.state.get(ColorTemperature.color_temperature) is None
        await emulator.change(color_temp=2700, saturation=0)
        await shows(device, ColorTemperature.color_temperature, 2700)
        assert device.state.get(ColorControl.saturation) == 0


@pytest.mark.parametrize("children", [None, [], "", {}])
@pytest.mark.parametrize("model", ["HS100", "HS220"])
async def test_what_has_no_outlets_needs_no_list_of_them(model: str, children: Any) -> None:
    async with kasa(model, fields={"children": children}) as (_, device):
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True
        assert set(device.profile.components) == {MAIN}


async def test_a_reading_that_is_null_in_one_unit_is_read_in_the_other() -> None:
    meter = {"power": None, "power_mw": 5000, "total": 2, "total_wh": None, "voltage": None}
    async with kasa("HS110", told={REALTIME: meter}) as (_, device):
        assert device.state.get(PowerMeter.power) == 5
        assert device.state.get(EnergyMeter.energy) == 2
        assert device.state.get(VoltageMeasurement.voltage) is None
        assert not device.state.rejected
