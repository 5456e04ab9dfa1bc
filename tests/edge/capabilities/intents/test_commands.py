"""The single commands into which an intent is split, and the intent of a single command."""

from dataclasses import fields
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import (
    Attribute,
    AudioMute,
    ClimateIntent,
    Intent,
    LightIntent,
    MediaPlayback,
    Mode,
    PlaybackStatus,
    PlayerIntent,
    Switch,
    SwitchLevel,
    ThermostatCoolingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
)
from lan_edge.capabilities.intents import INTENTS

HEAT = ThermostatModeValue.HEAT


def split(intent: Intent, now: dict[Attribute[Any], Any] | None = None, **how: bool) -> list[Any]:
    """Return the split as pairs of a command's id and its arguments."""
    commands = intent.commands((now or {}).get, on_first=how.get("on_first", False))
    return [(command.id, arguments) for command, arguments in commands]


def test_colour_goes_before_level_and_level_before_on() -> None:
    intent = LightIntent(on=True, level=40, hue=10, saturation=90, temperature=2700, transition=2)
    assert split(intent) == [
        ("colorControl.setColor", {"hue": 10, "saturation": 90}),
        ("colorTemperature.setColorTemperature", {"temperature": 2700}),
        ("switchLevel.setLevel", {"level": 40, "rate": 2}),
        ("switch.on", {}),
    ]


def test_on_goes_first_where_a_lamp_accepts_nothing_else_while_off() -> None:
    intent = LightIntent(on=True, level=40, hue=10, saturation=90)
    names = [name for name, _ in split(intent, on_first=True)]
    assert names == ["switch.on", "colorControl.setColor", "switchLevel.setLevel"]


@pytest.mark.parametrize(("level", "expected"), [(None, 100), (0, 100), (35, 35)])
def test_a_transition_alone_goes_to_the_last_level(level: int | None, expected: int) -> None:
    now = {SwitchLevel.level: level}
    assert split(LightIntent(on=True, transition=3), now) == [
        ("switchLevel.setLevel", {"level": expected, "rate": 3}),
        ("switch.on", {}),
    ]


def test_an_effect_goes_between_colour_and_level_and_at_its_own_speed() -> None:
    intent = LightIntent(on=True, level=40, temperature=2700, effect="Ocean")
    names = [name for name, _ in split(intent)]
    assert names == [
        "colorTemperature.setColorTemperature",
        "mode.setMode",
        "switchLevel.setLevel",
        "switch.on",
    ]
    assert split(LightIntent(on=True, effect="Ocean", transition=3)) == [
        ("mode.setMode", {"mode": "Ocean"}),
        ("switch.on", {}),
    ]


def test_off_is_sent_alone() -> None:
    assert split(LightIntent(on=False, transition=3)) == [("switch.off", {})]
    assert split(PlayerIntent(on=False)) == [("switch.off", {})]


def test_only_requested_changes_are_sent() -> None:
    assert split(LightIntent(level=0)) == [("switchLevel.setLevel", {"level": 0})]
    assert split(LightIntent()) == []


@pytest.mark.parametrize(
    ("cooling", "order"),
    [
        (24.0, ["Heating", "Cooling"]),
        (20.0, ["Cooling", "Heating"]),
        (None, ["Heating", "Cooling"]),
    ],
)
def test_heating_never_gets_above_cooling(cooling: float | None, order: list[str]) -> None:
    now = {ThermostatCoolingSetpoint.cooling_setpoint: cooling}
    names = [name for name, _ in split(ClimateIntent(mode=HEAT, heating=21, cooling=25), now)]
    assert names[0] == "thermostatMode.setThermostatMode"
    assert [name.removeprefix("thermostat").partition("Setpoint")[0] for name in names[1:]] == order


def test_the_volume_is_set_before_anything_plays() -> None:
    intent = PlayerIntent(
        on=True, volume=5, muted=False, source="tv", status=PlaybackStatus.PLAYING
    )
    assert split(intent) == [
        ("switch.on", {}),
        ("audioVolume.setVolume", {"volume": 5}),
        ("audioMute.setMute", {"state": False}),
        ("mediaInputSource.setInputSource", {"mode": "tv"}),
        ("mediaPlayback.play", {}),
    ]


@pytest.mark.parametrize(
    ("command", "arguments", "intent"),
    [
        (Switch.on, {}, LightIntent(on=True)),
        (SwitchLevel.set_level, {"level": 5, "rate": None}, LightIntent(level=5)),
        (Mode.set_mode, {"mode": "Ocean"}, LightIntent(effect="Ocean")),
        (ThermostatMode.heat, {}, ClimateIntent(mode=HEAT)),
        (AudioMute.unmute, {}, PlayerIntent(muted=False)),
        (MediaPlayback.pause, {}, PlayerIntent(status=PlaybackStatus.PAUSED)),
    ],
)
def test_a_command_is_an_intent_too(command: Any, arguments: Any, intent: Intent) -> None:
    assert type(intent).covers(command)
    assert type(intent).from_command(command, arguments) == intent


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "level": st.integers(0, 100),
    "temperature": st.integers(1, 30000),
    "effect": st.text(min_size=1, max_size=20),
}


@given(st.fixed_dictionaries({}, optional=VALUES))
def test_the_commands_of_an_intent_express_the_same(requested: dict[str, Any]) -> None:
    intent = LightIntent(**requested)
    merged: dict[str, Any] = {}
    for command, arguments in intent.commands(dict[Any, Any]().get, on_first=False):
        merged |= LightIntent.from_command(command, command.bind(arguments)).asked()
    assert LightIntent(**merged) == intent


@pytest.mark.parametrize("intent", INTENTS)
def test_the_parts_cover_all_fields(intent: type[Intent]) -> None:
    names_of_fields = {field.name for field in fields(intent)}
    for part in intent.parts:
        assert set(part.fields) <= names_of_fields
        names = [a.name for a in part.command.arguments]
        assert len(part.fields) == 1 if part.value is not None else len(part.fields) == len(names)
    assert {f for part in intent.parts for f in part.fields} == names_of_fields
