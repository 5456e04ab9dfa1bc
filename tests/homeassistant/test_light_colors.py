"""Lights with color: what is asked for is what is sent, and the state is that of the device."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from lan_edge import (
    ColorControl,
    ColorTemperature,
    Confirm,
    Driver,
    Profile,
    Switch,
    SwitchLevel,
    handles,
)
from lan_edge.drivers.wiz import Wiz
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import YeelightEmulator

from .entries import BULB_ID, set_up
from .json_bulb import push
from .lab import ATTRIBUTES, ObedientBulb, lab
from .own_drivers import add_driver
from .states import becomes, call, state
from .waiting import eventually

LIGHT = "0x000000000015243f"
LAMP, BACKGROUND = "light.demo_light", "light.demo_light_background_light"
DESK = "light.desk_lamp"
WIZ, FAN = "light.device", "fan.device_fan"
WHITE, COLOR = (Switch, SwitchLevel, ColorTemperature), (Switch, SwitchLevel, ColorControl)
BOTH = (*WHITE, ColorControl)


@pytest.fixture
async def lamp(hass: HomeAssistant, start_discovery: AsyncMock) -> AsyncGenerator[YeelightEmulator]:
    async with YeelightEmulator(id=LIGHT) as device:
        device.quota = device.lan_quota = 10_000
        yield device


def shown(hass: HomeAssistant, entity: str = LAMP) -> dict[str, Any]:
    now = hass.states.get(entity)
    assert now is not None
    return dict(now.attributes)


async def test_a_real_familys_light(hass: HomeAssistant, lamp: YeelightEmulator) -> None:
    await set_up(hass, "yeelight", LIGHT, lamp)
    assert state(hass, LAMP) == "off"
    assert set(shown(hass)["supported_color_modes"]) == {"hs", "color_temp"}
    for hue, saturation in ((0, 100), (120, 50), (240, 1), (359, 100), (77, 33)):
        await call(hass, "light.turn_on", LAMP, hs_color=(hue, saturation))
        await becomes(hass, LAMP, "on", hs_color=(hue, saturation), color_mode="hs")
        assert (lamp.state["hue"], lamp.state["sat"]) == (hue, saturation)
    low, high = shown(hass)["min_color_temp_kelvin"], shown(hass)["max_color_temp_kelvin"]
    assert (low, high) == (1700, 6500)
    for kelvin in (low, 2700, 4001, high):
        await call(hass, "light.turn_on", LAMP, color_temp_kelvin=kelvin)
        await becomes(hass, LAMP, "on", color_temp_kelvin=kelvin, color_mode="color_temp")
        assert lamp.state["ct"] == kelvin
    await call(hass, "light.turn_on", LAMP, rgb_color=(255, 0, 0), brightness_pct=30)
    await becomes(hass, LAMP, "on", hs_color=(0, 100), rgb_color=(255, 0, 0), brightness=76)
    assert lamp.state["bright"] == 30
    await lamp.change(hue=200, sat=40, color_mode=3)
    await becomes(hass, LAMP, "on", hs_color=(200, 40))


async def test_a_background_light_is_a_light(
    hass: HomeAssistant, start_discovery: AsyncMock
) -> None:
    async with YeelightEmulator(id=LIGHT, model="ceiling4") as device:
        device.push_delay = 0.02
        await set_up(hass, "yeelight", LIGHT, device)
        await call(hass, "light.turn_on", BACKGROUND, hs_color=(120, 50), brightness_pct=30)
        await becomes(hass, BACKGROUND, "on", hs_color=(120, 50), color_mode="hs")
        assert state(hass, LAMP) == "off"
        assert (device.state["bg_hue"], device.state["bg_bright"]) == (120, 30)
        sent = [each.command for each in device.log if each.command != "get_prop"]
        assert sent == ["bg_set_power", "bg_set_hsv", "bg_set_bright"]
        await call(hass, "light.turn_on", LAMP, color_temp_kelvin=3000)
        await call(hass, "light.turn_off", BACKGROUND)
        assert (state(hass, LAMP), state(hass, BACKGROUND)) == ("on", "off")
        await call(hass, "light.turn_on", BACKGROUND)
        await call(hass, "light.turn_off", LAMP)
        assert (state(hass, LAMP), state(hass, BACKGROUND)) == ("off", "on")


async def test_a_fan_of_wiz_and_its_light(
    hass: HomeAssistant, start_discovery: AsyncMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wiz, "options", replace(Wiz.options, local_port=0))
    async with WizEmulator("ESP03_FANDIMS_31", "1.31.32") as device:
        device.enter({"fanState": 0, "fanSpeed": 1, "fanMode": 1, "fanRevrs": 0})
        await set_up(hass, "wiz", device.id, device)
        await becomes(hass, FAN, "off", percentage=0)
        await call(hass, "fan.turn_on", FAN, percentage=50)
        await becomes(hass, FAN, "on", percentage=50, preset_mode="no_wind")
        assert (device.pilot["fanState"], device.pilot["fanSpeed"]) == (1, 3)
        await call(hass, "fan.set_preset_mode", FAN, preset_mode="natural_wind")
        await becomes(hass, FAN, "on", percentage=50, preset_mode="natural_wind")
        await call(hass, "switch.turn_on", "switch.device_fan_reverse")
        assert device.pilot["fanRevrs"] == 1
        await call(hass, "light.turn_on", WIZ, brightness_pct=40)
        await call(hass, "fan.turn_off", FAN)
        await becomes(hass, FAN, "off", percentage=0)
        assert (device.pilot["state"], device.pilot["dimming"]) == (True, 40)


async def test_a_scene_of_wiz_is_an_effect(
    hass: HomeAssistant, start_discovery: AsyncMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wiz, "options", replace(Wiz.options, local_port=0))
    async with WizEmulator() as light:
        await set_up(hass, "wiz", light.id, light)
        await becomes(hass, WIZ, "off")
        await call(hass, "light.turn_on", WIZ, hs_color=(120, 50))
        await becomes(hass, WIZ, "on", effect="off")
        wanted = {"effect": "Ocean", "brightness_pct": 40, "hs_color": (240, 90)}
        await call(hass, "light.turn_on", WIZ, **wanted)
        await becomes(hass, WIZ, "on", effect="Ocean", brightness=102)
        with pytest.raises(ServiceValidationError, match="no effect Disco"):
            await call(hass, "light.turn_on", WIZ, effect="Disco")
        await call(hass, "light.turn_on", WIZ, effect="off", color_temp_kelvin=3000)
        await becomes(hass, WIZ, "on", effect="off", color_temp_kelvin=3000)
        assert not hass.states.async_entity_ids("select")


async def test_moonlight_is_an_effect(hass: HomeAssistant, start_discovery: AsyncMock) -> None:
    async with YeelightEmulator(id=LIGHT, model="ceiling") as light:
        await set_up(hass, "yeelight", LIGHT, light)
        await becomes(hass, LAMP, "off", effect_list=["daylight", "moonlight"])
        for effect, percent in (("moonlight", 20), ("daylight", 60), ("moonlight", 80)):
            await call(hass, "light.turn_on", LAMP, effect=effect, brightness_pct=percent)
            shown = round(percent * 2.55)
            await becomes(hass, LAMP, "on", effect=effect, brightness=shown)
        assert (light.state["bright"], light.state["nl_br"]) == (60, 80)
        assert not hass.states.async_entity_ids("select")


@pytest.fixture
def colors(drivers: None, monkeypatch: pytest.MonkeyPatch) -> type[Driver[Any]]:
    """Return a driver of a lamp that does colours in its own words."""
    base = lab()
    for capability in (ColorControl, ColorTemperature):
        for attribute in capability.attributes:
            monkeypatch.setitem(ATTRIBUTES, attribute.id, attribute)

    @add_driver
    class Colors(base):  # type: ignore[valid-type,misc]
        id = "lab"
        profile = Profile(*BOTH)
        confirm = Confirm.ANSWER  # a test tells what it shows later

        @classmethod
        def can_handle(cls, identity: object) -> bool:
            del identity
            return True

        @handles(ColorControl.set_color)
        async def set_color(self, hue: float, saturation: float) -> None:
            await self.io.call("color", hue=hue, saturation=saturation)

        @handles(ColorTemperature.set_color_temperature)
        async def set_color_temperature(self, temperature: int) -> None:
            await self.io.call("white", kelvin=temperature)

    found: type[Driver[Any]] = Colors
    return found


async def tell(bulb: JsonBulbEmulator, **values: Any) -> None:
    ids = {a.name: i for i, a in ATTRIBUTES.items()}
    await push(bulb, lab=[[ids[k], v, "main"] for k, v in values.items()])


@pytest.mark.parametrize(
    ("parts", "modes"),
    [(WHITE, ["color_temp"]), (COLOR, ["hs"]), (BOTH, ["color_temp", "hs"])],
)
async def test_modes_are_what_the_device_has(
    hass: HomeAssistant, colors: type, bulb: JsonBulbEmulator, parts: Any, modes: list[str]
) -> None:
    await set_up(hass, "lab", BULB_ID, bulb)
    await bulb.change(on=True)
    await push(bulb, profile=Profile(*parts).as_dict(), on=True)
    await becomes(hass, DESK, "on")
    await eventually(lambda: sorted(shown(hass, DESK)["supported_color_modes"]) == modes)
    assert shown(hass, DESK)["color_mode"] == ("unknown" if parts is BOTH else modes[0])
    if ColorControl in parts:
        await tell(bulb, hue=50, saturation=80)
        await becomes(hass, DESK, "on", color_mode="hs", hs_color=(180, 80))
    if parts is BOTH:
        await tell(bulb, saturation=0, colorTemperature=3000)
        await becomes(hass, DESK, "on", color_mode="color_temp", color_temp_kelvin=3000)


async def test_ranges_are_the_devices(
    hass: HomeAssistant, colors: type, bulb: JsonBulbEmulator
) -> None:
    await set_up(hass, "lab", BULB_ID, bulb)
    await bulb.change(on=True)
    attributes = shown(hass, DESK)
    assert (attributes["min_color_temp_kelvin"], attributes["max_color_temp_kelvin"]) == (
        2000,
        6535,
    )
    await tell(bulb, colorTemperatureRange=[2200, 5000])
    await becomes(hass, DESK, "on", min_color_temp_kelvin=2200, max_color_temp_kelvin=5000)


async def test_every_colour_is_exact_both_ways(
    hass: HomeAssistant, colors: type, start_discovery: AsyncMock
) -> None:
    async with ObedientBulb(id=BULB_ID, name="Desk lamp") as bulb:
        await bulb.change(on=True)
        await set_up(hass, "lab", BULB_ID, bulb)
        for hue in (*range(1, 360, 23), 359.999, 360):
            wanted = (hue, round(hue / 3.6, 3))
            bulb.log.clear()
            await call(hass, "light.turn_on", DESK, hs_color=wanted)
            [sent] = [r.params for r in bulb.log if r.command == "color"]
            await tell(bulb, hue=sent["hue"], saturation=sent["saturation"])
            await becomes(hass, DESK, "on", hs_color=wanted, color_mode="hs")
        for kelvin in range(2000, 6536, 311):
            bulb.log.clear()
            await call(hass, "light.turn_on", DESK, color_temp_kelvin=kelvin)
            assert [r.params for r in bulb.log if r.command == "white"] == [{"kelvin": kelvin}]
