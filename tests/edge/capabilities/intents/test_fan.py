"""The single commands into which an intent of a fan is split."""

from typing import Any

import pytest

from lan_edge import Command, FanIntent, FanMode, FanModeValue, FanSpeed, PurifierMode, Switch, Wind


def split(intent: FanIntent) -> list[Any]:
    """Return the split as pairs of a command's id and its arguments."""
    return [(c.id, arguments) for c, arguments in intent.commands(lambda _: None, on_first=False)]


def test_on_goes_first_and_the_speed_last() -> None:
    intent = FanIntent(
        on=True,
        mode=FanModeValue.AUTO,
        purifier_mode=PurifierMode.SLEEP,
        wind=Wind.SLEEP_WIND,
        speed=3,
        percent=40,
    )
    assert split(intent) == [
        ("switch.on", {}),
        ("fanMode.setFanMode", {"fan_mode": FanModeValue.AUTO}),
        ("airPurifierFanMode.setAirPurifierFanMode", {"air_purifier_fan_mode": PurifierMode.SLEEP}),
        ("windMode.setWindMode", {"wind_mode": Wind.SLEEP_WIND}),
        ("fanSpeed.setFanSpeed", {"speed": 3}),
        ("fanSpeedPercent.setPercent", {"percent": 40}),
    ]


def test_off_is_sent_alone_and_speed_0_is_a_speed() -> None:
    assert split(FanIntent(on=False, speed=3)) == [("switch.off", {})]
    assert split(FanIntent(speed=0)) == [("fanSpeed.setFanSpeed", {"speed": 0})]
    assert split(FanIntent()) == []


@pytest.mark.parametrize(
    ("command", "arguments", "intent"),
    [
        (Switch.on, {}, FanIntent(on=True)),
        (FanSpeed.set_fan_speed, {"speed": 2}, FanIntent(speed=2)),
        (FanMode.set_fan_mode, {"fan_mode": FanModeValue.LOW}, FanIntent(mode=FanModeValue.LOW)),
    ],
)
def test_a_command_is_an_intent_too(
    command: Command[...], arguments: dict[str, Any], intent: FanIntent
) -> None:
    assert FanIntent.covers(command)
    assert FanIntent.from_command(command, arguments) == intent
