"""Lights of every kind: their states, and what reaches the driver."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import product
from typing import Any
from unittest.mock import AsyncMock

from homeassistant.components.light import (
    ColorMode,
    LightEntityFeature,
    valid_supported_color_modes,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from hypothesis import given, strategies as st
import pytest

from custom_components.lan_edge.light import DEGREES_PER_PERCENT, LEVELS, brightness_of, level_of
from lan_edge import (
    Capability,
    ColorControl,
    ColorTemperature,
    Component,
    LightIntent,
    Mode,
    Profile,
    StatelessColorTemperatureStep,
    StatelessSwitchLevelStep,
    Switch,
    SwitchLevel,
)
from tests.emulators.json_bulb import JsonBulbEmulator

from .entries import BULB_ID, device_of, set_up
from .lab import lab
from .stage import Actor, enter, stage
from .states import becomes, call, state
from .waiting import eventually

LAMP = "light.lamp"
EXTRAS = (SwitchLevel, ColorControl, ColorTemperature)
COMBINATIONS = [
    tuple(c for c, there in zip(EXTRAS, which, strict=True) if there)
    for which in product((False, True), repeat=3)
]
FULL = Profile(Switch, *EXTRAS)


@pytest.fixture
async def lamp(hass: HomeAssistant, drivers: None, start_discovery: None) -> AsyncGenerator[Actor]:
    async with Actor(id=BULB_ID, name="Lamp") as device:
        yield device


def shown(hass: HomeAssistant) -> dict[str, Any]:
    now = hass.states.get(LAMP)
    assert now is not None
    return dict(now.attributes)


def expected_modes(extras: tuple[type[Capability], ...]) -> set[ColorMode]:
    colors = {ColorControl: ColorMode.HS, ColorTemperature: ColorMode.COLOR_TEMP}
    if found := {mode for capability, mode in colors.items() if capability in extras}:
        return found
    return {ColorMode.BRIGHTNESS if SwitchLevel in extras else ColorMode.ONOFF}


@pytest.mark.parametrize("extras", COMBINATIONS, ids=lambda e: "+".join(c.id for c in e) or "plain")
async def test_every_combination_is_valid(
    hass: HomeAssistant, lamp: Actor, extras: tuple[type[Capability], ...]
) -> None:
    stage(Profile(main=Component((Switch, *extras), category="light")))
    await enter(hass, lamp)
    modes = {ColorMode(m) for m in shown(hass)["supported_color_modes"]}
    assert modes == valid_supported_color_modes(modes) == expected_modes(extras)
    lamp.show(Switch.switch, True)
    assert state(hass, LAMP) == "on"  # with nothing else told
    assert shown(hass)["color_mode"] in (modes if len(modes) == 1 else {ColorMode.UNKNOWN})
    features = shown(hass)["supported_features"]
    assert bool(features & LightEntityFeature.TRANSITION) == (SwitchLevel in extras)
    if SwitchLevel in extras:
        lamp.show(SwitchLevel.level, 50)
    await call(hass, "light.turn_on", LAMP)
    wanted = {"brightness": 255} if modes != {ColorMode.ONOFF} else {}
    await call(hass, "light.turn_on", LAMP, **wanted)
    names = {name for name, _, _ in lamp.said}
    assert ("switchLevel.setLevel" in names) == (SwitchLevel in extras)
    assert state(hass, LAMP) == "on"


async def test_a_switch_without_category_is_no_light(hass: HomeAssistant, lamp: Actor) -> None:
    stage(Profile(Switch))
    await enter(hass, lamp)
    assert hass.states.async_entity_ids(("light", "switch")) == ["switch.lamp"]


async def test_one_that_learns_colours_keeps_its_entity_id(
    hass: HomeAssistant, lamp: Actor
) -> None:
    stage(Profile(Switch, SwitchLevel), parts=(ColorControl,))
    entry = await enter(hass, lamp)
    er.async_get(hass).async_update_entity(LAMP, new_entity_id="light.mine")
    await hass.async_block_till_done()
    for modes, more in ((["hs"], (ColorControl,)), (["brightness"], ())):
        device_of(entry)._core.components.replace(Profile(Switch, SwitchLevel, *more))
        await becomes(hass, "light.mine", "unknown", supported_color_modes=modes)
    assert hass.states.async_entity_ids("light") == ["light.mine"]


@pytest.mark.parametrize("make_up", [(LightIntent,), ()])
async def test_no_on_or_off_is_ever_left_out(
    hass: HomeAssistant, lamp: Actor, make_up: tuple[Any, ...]
) -> None:
    stage(FULL, *make_up)
    await enter(hass, lamp)
    lamp.faults.slow = 0.01
    calls = [call(hass, f"light.turn_{word}", LAMP) for word in ("on", "off") * 5]
    await asyncio.gather(*calls)
    told = [what.get("on", name == "switch.on") for name, what, _ in lamp.said]
    assert told == [True, False] * 5


async def test_white_or_coloured(hass: HomeAssistant, lamp: Actor) -> None:
    stage(FULL)
    await enter(hass, lamp)
    lamp.show(Switch.switch, True)
    assert shown(hass)["hs_color"] is None
    lamp.show(ColorControl.saturation, 40.0)
    lamp.show(ColorControl.hue, 50.0)
    assert (shown(hass)["color_mode"], shown(hass)["hs_color"]) == ("hs", (180, 40))
    lamp.show(ColorControl.saturation, 0.0)
    lamp.show(ColorTemperature.color_temperature, 3000)
    assert (shown(hass)["color_mode"], shown(hass)["color_temp_kelvin"]) == ("color_temp", 3000)
    lamp.show(SwitchLevel.level, 0)
    assert shown(hass)["brightness"] == 0


@pytest.mark.parametrize("limits", [(2200, 5000), (5000, 2200)])
@pytest.mark.parametrize(("asked", "sent"), [(1000, 2200), (3000, 3000), (9000, 5000)])
async def test_kelvins_are_the_devices(
    hass: HomeAssistant, lamp: Actor, limits: tuple[int, int], asked: int, sent: int
) -> None:
    stage(FULL)
    await enter(hass, lamp)
    lamp.show(ColorTemperature.color_temperature_range, limits)
    lamp.show(Switch.switch, True)
    assert (shown(hass)["min_color_temp_kelvin"], shown(hass)["max_color_temp_kelvin"]) == (
        2200,
        5000,
    )
    await call(hass, "light.turn_on", LAMP, color_temp_kelvin=asked)
    assert lamp.said == [("colorTemperature.setColorTemperature", {"temperature": sent}, "main")]


# what reaches the driver


async def test_a_driver_of_intents_gets_one(hass: HomeAssistant, lamp: Actor) -> None:
    stage(FULL, LightIntent)
    await enter(hass, lamp)
    await call(hass, "light.turn_on", LAMP, brightness=255, hs_color=(180, 40), transition=2)
    await call(hass, "light.turn_on", LAMP)
    await call(hass, "light.turn_off", LAMP, transition=1)
    lamp.show(Switch.switch, True)
    await call(hass, "light.turn_on", LAMP, color_temp_kelvin=3000)
    color = {"hue": 50, "saturation": 40}
    assert [(name, what) for name, what, _ in lamp.said] == [
        ("lightIntent", {"on": True, "level": 100, **color, "transition": 2}),
        ("lightIntent", {"on": True}),
        ("lightIntent", {"on": False, "transition": 1}),
        ("lightIntent", {"on": True, "temperature": 3000}),
    ]


@pytest.mark.parametrize(
    ("on_first", "order"),
    [
        (False, ["colorControl.setColor", "switchLevel.setLevel", "switch.on"]),
        (True, ["switch.on", "colorControl.setColor", "switchLevel.setLevel"]),
    ],
)
async def test_other_drivers_get_steps_in_order(
    hass: HomeAssistant, lamp: Actor, on_first: bool, order: list[str]
) -> None:
    stage(FULL, on_first=on_first)
    await enter(hass, lamp)
    lamp.show(Switch.switch, False)
    await call(hass, "light.turn_on", LAMP, brightness=128, hs_color=(180, 40))
    said = lamp.said
    assert [name for name, _, _ in said] == order
    given = {name: what for name, what, _ in said}
    assert given["colorControl.setColor"] == {"hue": 50, "saturation": 40}
    assert given["switchLevel.setLevel"] == {"level": 50}


async def test_an_on_after_an_off_is_not_lost(
    hass: HomeAssistant, drivers: None, start_discovery: AsyncMock
) -> None:
    lab()
    async with JsonBulbEmulator(id=BULB_ID, name="Lamp") as bulb:
        await bulb.change(on=True, level=80)
        await set_up(hass, "lab", BULB_ID, bulb)
        await becomes(hass, LAMP, "on")
        for brightness in (10, 100, 200, 255) * 3:
            await asyncio.gather(
                call(hass, "light.turn_off", LAMP),
                call(hass, "light.turn_on", LAMP, brightness=brightness),
            )
            await eventually(lambda: bulb.state["on"])
            assert bulb.state["level"] == level_of(brightness)
            await becomes(hass, LAMP, "on")


# effects


LIT = Profile(Switch, *EXTRAS, Mode)
NAMED = ("Ocean", "Cozy")


async def test_the_modes_of_a_lamp_are_its_effects(hass: HomeAssistant, lamp: Actor) -> None:
    stage(LIT)
    await enter(hass, lamp)
    assert hass.states.async_entity_ids(("light", "select")) == [LAMP]
    lamp.show(Switch.switch, True)
    assert (shown(hass)["effect_list"], shown(hass)["effect"]) == ([], None)
    lamp.show(Mode.supported_modes, NAMED)
    for mode, effect in (("Ocean", "Ocean"), ("", "off"), ("1000", None), ("36", None)):
        lamp.show(Mode.mode, mode)
        assert (shown(hass)["effect_list"], shown(hass)["effect"]) == ([*NAMED], effect)


@pytest.mark.parametrize("scene", ["Ocean", "36"])
async def test_the_color_mode_is_unknown_until_its_value_is_known(
    hass: HomeAssistant, lamp: Actor, scene: str
) -> None:
    """As of a lamp that is first seen while it runs a scene, and then reports no color."""
    stage(LIT)
    await enter(hass, lamp)
    lamp.show(Mode.supported_modes, NAMED)
    lamp.show(Mode.mode, scene)
    lamp.show(Switch.switch, True)
    lamp.show(SwitchLevel.level, 50)
    values = {"color_temp_kelvin": None, "hs_color": None}
    await becomes(hass, LAMP, "on", color_mode="unknown", **values)
    lamp.show(Mode.mode, "")
    await becomes(hass, LAMP, "on", color_mode="unknown", **values)
    lamp.show(ColorTemperature.color_temperature, 3000)
    await becomes(hass, LAMP, "on", color_mode="color_temp", color_temp_kelvin=3000)
    lamp.show(ColorControl.saturation, 40.0)
    await becomes(hass, LAMP, "on", color_mode="color_temp")  # of which hue is not known yet
    lamp.show(ColorControl.hue, 50.0)
    await becomes(hass, LAMP, "on", color_mode="hs", hs_color=(180, 40))


@pytest.mark.parametrize("extra", [ColorControl, ColorTemperature])
async def test_so_is_the_only_one_while_a_scene_replaces_it(
    hass: HomeAssistant, lamp: Actor, extra: type[Capability]
) -> None:
    stage(Profile(Switch, SwitchLevel, extra, Mode))
    await enter(hass, lamp)
    lamp.show(Switch.switch, True)
    lamp.show(SwitchLevel.level, 50)
    [mode] = expected_modes((extra,))
    await becomes(hass, LAMP, "on", color_mode=mode, brightness=128)
    lamp.show(Mode.mode, "Ocean")
    await becomes(hass, LAMP, "on", color_mode="unknown")
    lamp.show(ColorTemperature.color_temperature, 3000)
    lamp.show(ColorControl.saturation, 0.0)  # white, of any hue
    await becomes(hass, LAMP, "on", color_mode=mode)


async def test_a_lamp_without_modes_has_no_effects(hass: HomeAssistant, lamp: Actor) -> None:
    stage(FULL)
    await enter(hass, lamp)
    assert not shown(hass)["supported_features"] & LightEntityFeature.EFFECT
    assert "effect_list" not in shown(hass)


async def test_an_effect_goes_before_its_brightness(hass: HomeAssistant, lamp: Actor) -> None:
    stage(LIT)
    await enter(hass, lamp)
    lamp.show(Mode.supported_modes, NAMED)
    lamp.show(SwitchLevel.level, 100)
    await call(hass, "light.turn_on", LAMP, effect="Cozy", brightness=128, hs_color=(180, 40))
    await call(hass, "light.turn_on", LAMP, effect="Ocean", transition=2)
    assert [(name, what) for name, what, _ in lamp.said] == [
        ("mode.setMode", {"mode": "Cozy"}),
        ("switchLevel.setLevel", {"level": 50}),
        ("switch.on", {}),
        ("mode.setMode", {"mode": "Ocean"}),
        ("switch.on", {}),
    ]


async def test_an_effect_is_part_of_the_intent(hass: HomeAssistant, lamp: Actor) -> None:
    stage(LIT, LightIntent)
    await enter(hass, lamp)
    lamp.show(Mode.supported_modes, NAMED)
    await call(hass, "light.turn_on", LAMP, effect="Cozy", brightness=128)
    assert lamp.said == [("lightIntent", {"on": True, "level": 50, "effect": "Cozy"}, "main")]


async def test_an_effect_that_there_is_not(hass: HomeAssistant, lamp: Actor) -> None:
    stage(LIT)
    await enter(hass, lamp)
    lamp.show(Mode.supported_modes, NAMED)
    with pytest.raises(ServiceValidationError, match=r"no effect Disco.*Ocean, Cozy"):
        await call(hass, "light.turn_on", LAMP, effect="Disco")
    assert not lamp.said
    await call(hass, "light.turn_on", LAMP, effect="off", color_temp_kelvin=3000)
    assert [name for name, _, _ in lamp.said] == [
        "colorTemperature.setColorTemperature",
        "switch.on",
    ]
    lamp.show(Mode.supported_modes, (*NAMED, "off"))  # a lamp that can be told so
    await call(hass, "light.turn_on", LAMP, effect="off")
    assert lamp.said[0][:2] == ("mode.setMode", {"mode": "off"})


@pytest.mark.parametrize(("category", "selects"), [("", 1), ("light", 0)])
async def test_a_switch_with_modes_is_a_lamp_if_it_says_so(
    hass: HomeAssistant, lamp: Actor, category: str, selects: int
) -> None:
    stage(Profile(main=Component((Switch, Mode), category=category)))
    await enter(hass, lamp)
    assert len(hass.states.async_entity_ids("select")) == selects
    assert len(hass.states.async_entity_ids("light")) == 1 - selects


@pytest.mark.parametrize("fades", [True, False])
async def test_a_transition_is_offered_only_where_it_is_taken(
    hass: HomeAssistant, lamp: Actor, fades: bool
) -> None:
    stage(Profile(Switch, SwitchLevel)).fades = fades
    await enter(hass, lamp)
    features = shown(hass)["supported_features"]
    assert bool(features & LightEntityFeature.TRANSITION) is fades
    await call(hass, "light.turn_on", LAMP, brightness=128, transition=3)
    [arguments] = [what for name, what, _ in lamp.said if name == "switchLevel.setLevel"]
    assert arguments.get("rate") == (3 if fades else None)


# numbers


@given(st.integers(0, 100))
def test_a_level_comes_back_as_it_was(level: int) -> None:
    assert level_of(brightness_of(level)) == level
    assert (brightness_of(level) == 0) == (level == 0)


@given(st.integers(1, 255))
def test_a_brightness_does_not_drift(brightness: int) -> None:
    level = level_of(brightness)
    assert LEVELS[0] <= level <= LEVELS[1]
    once = brightness_of(level)
    assert abs(once - brightness) <= 255 / 100
    assert brightness_of(level_of(once)) == once


def test_the_ends_of_the_brightness() -> None:
    assert (level_of(1), level_of(255)) == (1, 100)
    assert (brightness_of(1), brightness_of(100)) == (3, 255)  # as Home Assistant scales it


@given(st.integers(1, 254))
def test_brighter_is_never_darker(brightness: int) -> None:
    assert level_of(brightness) <= level_of(brightness + 1)


@given(st.floats(0, 360))
def test_a_hue_comes_back_as_it_was(degrees: float) -> None:
    percent = degrees / DEGREES_PER_PERCENT
    assert 0 <= percent <= 100
    assert percent * DEGREES_PER_PERCENT == pytest.approx(degrees, abs=1e-9)


# steps


@pytest.mark.parametrize(
    "profile",
    [
        Profile(StatelessSwitchLevelStep, StatelessColorTemperatureStep),
        Profile(Switch, StatelessSwitchLevelStep, StatelessColorTemperatureStep),
    ],
)
async def test_steps_without_a_lamp_are_pairs_of_buttons(
    hass: HomeAssistant, lamp: Actor, profile: Profile
) -> None:
    stage(profile)
    await enter(hass, lamp)
    names = ("level_up", "level_down", "cooler_white", "warmer_white")
    assert set(hass.states.async_entity_ids("button")) == {f"button.lamp_{n}" for n in names}
    for name in names:
        await call(hass, "button.press", f"button.lamp_{name}")
    assert [(name, what["step_size"]) for name, what, _ in lamp.said] == [
        ("statelessSwitchLevelStep.stepLevel", 10),
        ("statelessSwitchLevelStep.stepLevel", -10),
        ("statelessColorTemperatureStep.stepColorTemperatureByPercent", 10),
        ("statelessColorTemperatureStep.stepColorTemperatureByPercent", -10),
    ]


async def test_steps_of_a_named_part_have_names_of_their_own(
    hass: HomeAssistant, lamp: Actor
) -> None:
    stage(Profile(left=Component((StatelessSwitchLevelStep,), "Left")))
    await enter(hass, lamp)
    names = [hass.states.get(e) for e in hass.states.async_entity_ids("button")]
    assert sorted(n.name for n in names if n) == [
        "Lamp Left Step level +10",
        "Lamp Left Step level -10",
    ]


async def test_steps_fold_into_a_lamp(hass: HomeAssistant, lamp: Actor) -> None:
    stage(Profile(Switch, *EXTRAS, StatelessSwitchLevelStep, StatelessColorTemperatureStep))
    await enter(hass, lamp)
    assert hass.states.async_entity_ids(("button", "light")) == [LAMP]
