"""What has no way back, and unknown names in options and logins, are said when a text is loaded."""

import pytest

from lan_edge.declarative.load import read_description

from .texts import CHARGER, faults_of


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        (
            "path: bri, scale: 0.5, round: 0}",
            'path: bri, template: "value * 2"}',
            "components.main.switchLevel.level.template",
            "has no way back, so the value cannot be sent",
        ),
        (
            "car: {choice: {1: idle, 2: charging}, from: status, path: car}",
            "car: {switch: true, path: car, map: {1: true}, from: status, set: {get: '/{value}'}}",
            "components.main.own.car.map",
            "has nothing that means false",
        ),
        ('{bearer: "{token}"}', '{bearer: "{tokn}"}', "login.bearer", "has an unknown {tokn}"),
        ("{port: 80, ", '{base: "/{tokn}", ', "options.base", "has an unknown {tokn}"),
        ("{port: 80, ", '{base: "/{token", ', "options.base", "has a brace that is no"),
    ],
)
def test_it_is_said_at_its_line(old: str, new: str, place: str, reason: str) -> None:
    line = CHARGER[: CHARGER.index(old)].count("\n") + 1
    [fault] = faults_of(CHARGER.replace(old, new))
    assert (fault.line, fault.place) == (line, place)
    assert fault.reason.startswith(reason)
    assert fault.reason.startswith("has a brace") or fault.remedy


def test_what_is_sent_as_it_is_needs_no_way_back() -> None:
    text = CHARGER.replace("scale: 0.5, round: 0}", 'template: "value * 2"}')
    made = read_description(text.replace('"{level}"', '"{level.raw}"'))
    assert made.components["main"].capabilities[1].commands


def test_a_mode_that_could_not_be_sent_is_named() -> None:
    text = CHARGER.replace(
        "    switchLevel:\n",
        "    thermostatMode:\n      thermostatMode: {from: status, path: mode, map: {1: heat}}\n"
        "      supportedThermostatModes: {fixed: [heat, off]}\n"
        "      setThermostatMode: {get: '/mode/{mode}'}\n    switchLevel:\n",
    )
    [fault] = faults_of(text)
    assert fault.place == "components.main.thermostatMode.thermostatMode.map"
    assert fault.reason == "has nothing that means off"


def test_all_are_said_at_once() -> None:
    text = CHARGER.replace("scale: 0.5, round: 0}", 'template: "value * 2"}')
    text = text.replace('{bearer: "{token}"}', '{bearer: "{tokn}"}').replace(
        "path: sse", "path: '['"
    )
    assert [each.place for each in faults_of(text)] == [
        "login.bearer",
        "identity.path",
        "components.main.switchLevel.level.template",
    ]
