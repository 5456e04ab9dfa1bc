"""Numbers, selects, texts and switches of one attribute, and sensors."""

from enum import StrEnum

from homeassistant.components.number import NumberMode
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.lan_edge.entities.choices import options_of, slug
from lan_edge import (
    Attribute,
    Capability,
    Component,
    ContactSensor,
    Kind,
    MediaGroup,
    Profile,
    Refresh,
    SignalStrength,
    Switch,
    SwitchLevel,
    ThermostatOperatingState,
    Wind,
    WindMode,
    command,
)

from ..stage import Actor, enter, stage, told_by
from ..states import becomes, call, state


class Program(StrEnum):
    """What a washing machine does."""

    QUICK_WASH = "quickWash"
    SPIN_ONLY = "spin only"
    UNKNOWN = "unknown"


class Washer(Capability, id="acme.washer"):
    """A capability of a driver's own, with a setting of every sort."""

    child_lock = Attribute(bool)
    eco = Attribute(bool, daily=True)
    program = Attribute(Program)
    greeting = Attribute(str, minimum=2, maximum=1000)
    speed = Attribute(int, minimum=0, maximum=1600, step=100)
    heat = Attribute(float, minimum=20, maximum=90, unit="°C", device_class="temperature")
    softness = Attribute(int, minimum=0, maximum=100, unit="%")
    contrast = Attribute(int, minimum=1, maximum=9, kind=Kind.DIAGNOSTIC)

    @command(sets="child_lock")
    def set_child_lock(self, state: bool) -> None:
        """Lock it."""

    @command(sets="eco")
    def set_eco(self, state: bool) -> None:
        """Save."""

    @command(sets="program")
    def set_program(self, program: Program) -> None:
        """Choose a program."""

    @command(sets="greeting")
    def set_greeting(self, text: str) -> None:
        """Say hello."""

    @command(sets="speed")
    def set_speed(self, speed: int) -> None:
        """Spin."""

    @command(sets="heat")
    def set_heat(self, heat: float) -> None:
        """Heat."""

    @command(sets="softness")
    def set_softness(self, softness: int) -> None:
        """Soften."""

    @command(sets="contrast")
    def set_contrast(self, contrast: int) -> None:
        """Show."""


def category(hass: HomeAssistant, entity_id: str) -> EntityCategory | None:
    registered = er.async_get(hass).async_get(entity_id)
    assert registered is not None, entity_id
    return registered.entity_category


async def test_a_switch_of_an_attribute(hass: HomeAssistant, device: Actor) -> None:
    lock = "switch.device_child_lock"
    stage(Profile(Switch, Washer))
    await enter(hass, device)
    await becomes(hass, lock, "unknown")
    for value, shown, service in ((True, "on", "turn_on"), (False, "off", "turn_off")):
        device.show(Washer.child_lock, value)
        await becomes(hass, lock, shown)
        said = await told_by(hass, device, f"switch.{service}", lock)
        assert said == ("acme.washer.setChildLock", {"state": value}, "main")
    assert category(hass, lock) is EntityCategory.CONFIG
    assert category(hass, "switch.device") is None
    assert category(hass, "switch.device_eco") is None
    await device.down()
    await becomes(hass, lock, "unavailable")
    await device.up()


async def test_a_text(hass: HomeAssistant, device: Actor) -> None:
    text = "text.device_greeting"
    stage(Profile(Washer))
    await enter(hass, device)
    await becomes(hass, text, "unknown", min=2, max=255, mode="text")
    device.show(Washer.greeting, "hello")
    await becomes(hass, text, "hello")
    device.show(Washer.greeting, "x" * 256)  # longer than a state can be
    await becomes(hass, text, "unknown")
    said = await told_by(hass, device, "text.set_value", text, value="hi")
    assert said == ("acme.washer.setGreeting", {"text": "hi"}, "main")
    with pytest.raises(ValueError, match="too short"):
        await call(hass, "text.set_value", text, value="x")
    assert device.said == []


async def test_a_choice_of_an_enum_speaks_in_slugs(hass: HomeAssistant, device: Actor) -> None:
    select = "select.device_program"
    stage(Profile(Washer))
    await enter(hass, device)
    await becomes(hass, select, "unknown", options=["quick_wash", "spin_only"])
    device.show(Washer.program, "spin only")
    await becomes(hass, select, "spin_only")
    device.show(Washer.program, "unknown")
    await becomes(hass, select, "unknown")
    said = await told_by(hass, device, "select.select_option", select, option="quick_wash")
    assert said == ("acme.washer.setProgram", {"program": "quickWash"}, "main")
    with pytest.raises(ServiceValidationError):
        await call(hass, "select.select_option", select, option="quickWash")


async def test_a_choice_shows_what_the_device_supports(hass: HomeAssistant, device: Actor) -> None:
    select = "select.device_wind"
    everything = ["no_wind", "sleep_wind", "natural_wind"]
    stage(Profile(WindMode))
    await enter(hass, device)
    await becomes(hass, select, "unknown", options=everything)
    device.show(WindMode.wind_mode, Wind.SLEEP_WIND)
    device.show(WindMode.supported_wind_modes, ["naturalWind", "sleepWind"])
    await becomes(hass, select, "sleep_wind", options=["sleep_wind", "natural_wind"])
    with pytest.raises(ServiceValidationError):
        await call(hass, "select.select_option", select, option="no_wind")


@pytest.mark.parametrize(
    ("name", "low", "high", "step", "mode"),
    [
        ("speed", 0, 1600, 100, NumberMode.AUTO),
        ("heat", 20, 90, 0.1, NumberMode.BOX),
        ("softness", 0, 100, 1, NumberMode.SLIDER),
        ("contrast", 1, 9, 1, NumberMode.AUTO),
    ],
)
async def test_how_numbers_are_set(
    hass: HomeAssistant,
    device: Actor,
    *,
    name: str,
    low: float,
    high: float,
    step: float,
    mode: NumberMode,
) -> None:
    number = f"number.device_{name}"
    stage(Profile(Washer))
    await enter(hass, device)
    await becomes(hass, number, "unknown", min=low, max=high, step=step, mode=mode)
    said = await told_by(hass, device, "number.set_value", number, value=low)
    assert said == (f"acme.washer.set{name.title()}", {name: low}, "main")
    with pytest.raises(ServiceValidationError):
        await call(hass, "number.set_value", number, value=high + 1)


async def test_a_setting_alone_is_the_main_feature(hass: HomeAssistant, device: Actor) -> None:
    profile = Profile(Switch, relay=Component((SwitchLevel, Washer), "Relay"))
    stage(profile)
    await enter(hass, device)
    level = er.async_get(hass).async_get("number.device_relay_level")
    assert level is not None
    assert level.entity_category is None
    assert level.translation_key == "switch_level_level"  # for its icon; the name is ours
    assert category(hass, "switch.device_relay_child_lock") is None
    # told as diagnostic: also then it is something to set
    assert category(hass, "number.device_relay_contrast") is EntityCategory.CONFIG


@pytest.mark.parametrize("word", ["outlet", "smartPlug", "light switch", ""])
async def test_outlets(hass: HomeAssistant, device: Actor, word: str) -> None:
    stage(Profile(main=Component((Switch,), category=word)))
    await enter(hass, device)
    now = hass.states.get("switch.device")
    assert now is not None
    is_outlet = word in {"outlet", "smartPlug"}
    assert now.attributes.get("device_class") == ("outlet" if is_outlet else None)


@pytest.mark.parametrize(
    ("word", "kind"),
    [("door", "door"), ("window", "window"), ("garageDoor", "garage_door"), ("", "opening")],
)
async def test_contacts(hass: HomeAssistant, device: Actor, word: str, kind: str) -> None:
    profile = Profile(main=Component((ContactSensor,), category=word))
    stage(profile)
    await enter(hass, device)
    device.show(ContactSensor.contact, True)
    await becomes(hass, "binary_sensor.device_contact", "on", device_class=kind)


async def test_a_sensor_of_an_enum_speaks_in_slugs(hass: HomeAssistant, device: Actor) -> None:
    sensor = "sensor.device_operating_state"
    stage(Profile(ThermostatOperatingState))
    await enter(hass, device)
    device.show(ThermostatOperatingState.thermostat_operating_state, "vent economizer")
    await becomes(hass, sensor, "vent_economizer", device_class="enum")


async def test_rare_attributes_start_disabled(hass: HomeAssistant, device: Actor) -> None:
    stage(
        Profile(Switch, Refresh, SignalStrength, MediaGroup), Refresh.refresh, *MediaGroup.commands
    )
    await enter(hass, device)
    registry = er.async_get(hass)
    for entity_id in ("button.device_refresh", "sensor.device_signal_strength"):
        registered = registry.async_get(entity_id)
        assert registered is not None
        assert registered.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        assert registered.entity_category is EntityCategory.DIAGNOSTIC
    assert state(hass, "switch.device") == "unknown"


def test_slugs() -> None:
    assert slug("fast forwarding") == "fast_forwarding"
    assert slug("windFree") == "wind_free"
    assert slug("pushed_2x") == "pushed_2x"
    assert list(options_of(Program)) == ["quick_wash", "spin_only"]
    assert not options_of(str)

    class Alike(StrEnum):
        PLUS = "a+"
        MINUS = "a-"

    assert list(options_of(Alike)) == ["a+", "a-"]  # their slugs would be the same
