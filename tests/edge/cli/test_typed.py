"""Commands as they are typed."""

from typing import Any

import pytest

from lan_edge import (
    MAIN,
    ColorControl,
    Command,
    Component,
    EdgeError,
    MediaInputSource,
    Profile,
    Switch,
    SwitchLevel,
    ThermostatMode,
)
from lan_edge.cli.typed import listed, parse_line, usage
from tests.drivers.described import compiled
from tests.edge.declarative.texts import CHARGER

STRIP = Profile(
    Switch,
    SwitchLevel,
    ThermostatMode,
    MediaInputSource,
    ColorControl,
    outlet_1=Component((Switch,)),
)


@pytest.mark.parametrize(
    ("line", "component", "command", "arguments"),
    [
        ("switch.on", MAIN, Switch.on, {}),
        ("Switch.On", MAIN, Switch.on, {}),
        ("outlet_1.switch.off", "outlet_1", Switch.off, {}),
        ("switchLevel.setLevel 40", MAIN, SwitchLevel.set_level, {"level": 40}),
        ("level.set 40", MAIN, SwitchLevel.set_level, {"level": 40}),
        ("level.set 40 2.5", MAIN, SwitchLevel.set_level, {"level": 40, "rate": 2.5}),
        ("level.set rate=2 level=40", MAIN, SwitchLevel.set_level, {"level": 40, "rate": 2.0}),
        ("level.set rate=2 40", MAIN, SwitchLevel.set_level, {"level": 40, "rate": 2.0}),
        (
            'inputSource.set "HDMI 1"',
            MAIN,
            MediaInputSource.set_input_source,
            {"mode": "HDMI 1"},
        ),
    ],
)
def test_a_line(line: str, component: str, command: Command[...], arguments: Any) -> None:
    typed = parse_line(line, STRIP)
    assert (typed.component, typed.command, typed.arguments) == (component, command, arguments)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "switch.toggle",
            "the device has no command 'switch.toggle': it has switch.on, switch.off",
        ),
        (
            "outlet_1.switch.of",
            "the device has no command 'outlet_1.switch.of': it has outlet_1.switch.off, outlet_1",
        ),
        ("outlet_2.switch.on", "the device has no command 'outlet_2.switch.on'"),
        ("level.set much", "switchLevel.setLevel: 'much' cannot be its LEVEL"),
        ("level.set 1 2 3", "too many arguments: switchLevel.setLevel LEVEL [RATE]"),
        ("level.set 1 level=2", "level is given twice"),
        ('level.set "4', "cannot be read: no closing quotation"),
    ],
)
def test_a_line_that_makes_no_sense(line: str, said: str) -> None:
    with pytest.raises(EdgeError) as raised:
        parse_line(line, STRIP)
    assert said in str(raised.value)


def test_a_command_of_its_own_is_called_by_its_name() -> None:
    profile = compiled(CHARGER).profile
    assert isinstance(profile, Profile)
    assert parse_line("reboot", profile).command.id == "goECharger.main.reboot"
    lines = [usage(*each) for each in listed(profile)]
    assert {"reboot", "current.set VALUE", "switch.on"} <= set(lines)


def test_commands_are_listed_once() -> None:
    lines = [usage(*each) for each in listed(STRIP)]
    assert "level.set LEVEL [RATE]" in lines
    assert "outlet_1.switch.on" in lines
    assert len(lines) == len(set(lines)) == len(STRIP.commands()) + 2
